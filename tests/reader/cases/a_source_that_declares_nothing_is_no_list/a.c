// reader options -- -I{folder}/include
#include <other.h>
