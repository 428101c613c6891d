EXPORT int f(int a);
int after(double *x);
