int before(int a);
int f(const real_t *a, my_t b);
unknown_t g(int a);
int after(double *x);
