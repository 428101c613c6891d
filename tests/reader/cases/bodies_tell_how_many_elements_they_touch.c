#include <stddef.h>
void one(const double *x, double *y) { *y = *x + 1; }
void set_first(const double *x, int n, double *sum) { *sum = 0; for (int i = 0; i < n; i++) *sum += x[i]; }
void in_a_branch(int n, double *sum) { if (n) *sum = 0; *sum += 1; }
void loop(double *x, size_t n) { for (size_t i = 0; i < n; ++i) x[i] *= 2; }
void by_reference(const int *n, double *x) { int i; for (i = 0; i < *n; i += 1) x[i] = 0; }
void flat(int m, int n, const double *a, double *b) { for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) b[m * j + i] = a[i * n + j]; }
void table(int m, int n, double **x) { int i, j; for (i = 0; i < m; i++) for (j = 0; j < n; j++) x[i][j] = 0; }
void cube(int l, int m, int n, double *x) { for (int i = 0; i < l; i++) for (int j = 0; j < m; j++) for (int k = 0; k < n; k++) x[(i * m + j) * n + k] = 0; }
void numbers(double *x) { x[0] = x[1] = x[2] = 0; }
void maximum(const double *x, int n, double *most) { *most = x[0]; for (int i = 1; i < n; i++) if (x[i] > *most) *most = x[i]; }
void differences(double *x, int n) { for (int i = 1; i < n; i++) x[i] -= x[i - 1]; }
void optional(double *x, int *info) { if (info) *info = 0; if (x != NULL && !info) *x = 1; }
void unknown_before(double *x, int n) { for (int i = 0; i < n; i++) x[i - 1] = 0; }
void unknown_after(double *x, int n) { for (int i = 0; i < n; i++) x[i + 1] = 0; }
void unknown_end(double *x, int n) { for (int i = 0; i <= n; i++) x[i] = 0; }
void unknown_bound(double *x, int n) { n *= 2; for (int i = 0; i < n; i++) x[i] = 0; }
void unknown_index(double *x, int n) { for (int i = 0; i < n; i++) { x[i] = 0; i += n; } }
void unknown_step(double *x, int n, int k) { for (int i = 0; i < n; i += k) x[i] = 0; }
void unknown_way(double *x, int n) { for (int i = 0; i < n; i--) x[i] = 0; }
void unknown_pointer(double *x, int n) { for (int i = 0; i < n; i++) *x++ = 0; }
void unknown_alias(double *x, int n) { double *y = x; for (int i = 0; i < n; i++) y[i] = x[i]; }
void unknown_callee(double *x, int n) { for (int i = 0; i < n; i++) x[i] = 0; loop(x, 2 * (size_t)n); }
void unknown_row(int m, int n, double *a) { for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) a[i * m + j] = 0; }
void unknown_count(int *n, double *x) { for (int i = 0; i < *n; i++) { x[i] = 0; *n = 3; } }
void after_the_loop(double *x, int n) { int i; for (i = 0; i < n; i++) x[i] = 0; x[i] = 1; }
void loop_in_itself(double *x, int n) { int i; for (i = 0; i < n; i++) for (i = 0; i < n; i++) x[i] = 0; }
void loop_in_a_loop_of_another_bound(double *x, int m, int n) { int i; for (i = 0; i < n; i++) { for (i = 0; i < m; i++) x[i] = 0; } }
struct pair { double a, b; };
void a_member_is_not_the_whole(struct pair *x) { x->a = 1; x->b += x->a; }
