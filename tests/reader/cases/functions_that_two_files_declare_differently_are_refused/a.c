double f(double x);
int g(int a) { return a; }
