#include "a.h"
#include <stddef.h>
int f(size_t n) { return LIMIT > (int)n; }
