// reader options --probe-macros
#include <stddef.h>
enum color { RED = 3, GREEN };
struct point { double x, y; };
typedef short number;
int f(int a);
#define DEFAULT_COLOR GREEN
#define LARGEST ((number)-1)
#define POINT_BYTES sizeof(struct point)
#define INDEX size_t
#define OTHER_NAME f
#define CALL f(3)
#define ITSELF ITSELF
#define PASTE(a) a##u
#define PASTED PASTE(7)
#define TWICE 1
#undef TWICE
#define TWICE 2
#define DOUBLED (TWICE * 2)
