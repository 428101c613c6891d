#include <complex.h>
#include <stdbool.h>
void reals(float a, double b, long double c);
void complexes(double complex *a, float _Complex b, long double complex c);
void booleans(bool a, _Bool *b);
