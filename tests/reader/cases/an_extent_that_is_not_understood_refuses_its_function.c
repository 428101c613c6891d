int f(int n, double a[m]);
int g(int a[-1]);
int after(double *x);
