#include <string.h>
static void fill(double *y, const double *x) { y[0] = x[1]; }
void known(double *a, const double *b, int n) { memcpy(a, b, n * sizeof *a); }
void own(double *a, double *b) { fill(a, b + 3); }
struct v { double *data; };
static void put(struct v *v) { v->data[0] = 1; }
void members(struct v *w) { put(w); }
void itself(double *a, int n) { if (n) { a[n] = 1; itself(a + 1, n - 1); } }
double foreign_const(const double *x);
void foreign(double *x);
void elsewhere(double *a, double *b) { foreign_const(a); foreign(b); }
