// reader needs libclang 17
#define PUT(P, V) ((P)[0] = (V))
void f(double *a, double *b) { PUT(a, b[0]); }
