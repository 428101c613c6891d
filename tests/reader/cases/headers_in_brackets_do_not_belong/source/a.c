// reader options -- -I{folder}/include
#include <other.h>
int f(struct used *u) { return u->n; }
