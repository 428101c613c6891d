// reader options -- -I{folder}
#include <main/part.h>
#include <other.h>
int whole(int a);
