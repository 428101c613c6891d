int f(int a);
double f(int a);
int after(double *x);
