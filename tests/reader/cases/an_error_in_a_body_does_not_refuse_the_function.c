int f(int n, double *x) { return y + n; }
