int before(double *x);
int f(int a
int swallowed(int b);
int after(double *x);
