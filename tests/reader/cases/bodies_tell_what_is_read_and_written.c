typedef struct { double re, im; } pair;
void copy(int n, const double *x, double *y) { for (int i = 0; i < n; i++) y[i] = 2 * x[i]; }
void in_place(double *a, double *b) { a[0] += 1; (*b)++; }
void strings(const char *from, char *to) { while (*from) *to++ = *from++; *to = 0; }
void exchange(double *a, double *b) { double t = *a; *a = *b; *b = t; }
void pairs(pair *c, const pair *a) { c->re = a->re; (c + 1)->im = a[1].im; }
void whole_structs(pair *c, pair *a) { c[0] = *a; }
void matrices(int n, double a[n][n], double b[n][n]) { a[1][2] = b[2][1]; }
void row_tables(double **x, double ***y) { x[1][2] = y[2][3][4]; }
void index_of(const int *a, double *x) { x[a[0]] = 1; }
void only_size(double *a, double *b) { a[0] = sizeof(b[0]); }
