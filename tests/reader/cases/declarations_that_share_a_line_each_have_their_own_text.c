int f(int a), g(double *b);
int h(int); int k(int);
