#include <stddef.h>
#include <stdint.h>
typedef double real;
typedef real *vector;
typedef const char *text;
void f(size_t n, ptrdiff_t step, int64_t i, uint8_t b, real x, const real *y, vector v, text t);
