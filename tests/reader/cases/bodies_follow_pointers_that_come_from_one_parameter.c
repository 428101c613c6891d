void alias(double *a, double *b) { double *p = a; double *q; q = b + 1; p[0] = *q; }
void chain(double *a) { double *p, *q; q = a; p = q; for (; p < q + 3; p++) *p = 0; }
void null_or(double *a) { double *p = a ? a : 0; *p = 1; }
void one_of_two(double *a, double *b, int c) { double *p = a; if (c) p = b; p[0] = 1; }
void another(double *a, double *b) { a = b; a[0] = 1; }
void by_address(double *a, double *b) { double **p = &a; *p = b; a[0] = 1; }
