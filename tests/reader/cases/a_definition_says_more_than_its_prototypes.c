/// adds
double sum(const double *, int);
double sum(const double *x, int n) { return n > 0 ? x[0] : 0; }
double sum(const double *other, int name);
