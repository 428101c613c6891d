void fill(double *y);
void f(double *x) { fill(x); }
