#include "kernels.h"

void nothing(void) {}

void increment(double *x, long n) {
    for (long i = 0; i < n; i++) x[i] += 1;
}

void add(const double *a, const double *b, double *c, long n) {
    for (long i = 0; i < n; i++) c[i] = a[i] + b[i];
}

void add_five(const double *a, const double *b, const double *c, const double *d, const double *e, double *f, long n) {
    for (long i = 0; i < n; i++) f[i] = a[i] + b[i] + c[i] + d[i] + e[i];
}

void add_plane(const double *a, const double *b, double *c, long m, long n) { add(a, b, c, m * n); }

void add_scaled(long n, double alpha, const double *x, int power, double *y) {
    for (int k = 0; k < power; k++) alpha *= alpha;
    for (long i = 0; i < n; i++) y[i] += alpha * x[i];
}

void add_strided(long n, const double *x, long incx, double *y, long incy) {
    for (long i = 0; i < n; i++) y[i * incy] += x[i * incx];
}

/* The mean of the four neighbours of every inner point; steps in elements. */
void mean_of_four(const double *a, long a0, long a1, double *c, long c0, long c1, long m, long n) {
    for (long i = 1; i < m - 1; i++)
        for (long j = 1; j < n - 1; j++)
            c[i * c0 + j * c1] = 0.25 * (a[(i - 1) * a0 + j * a1] + a[(i + 1) * a0 + j * a1] + a[i * a0 + (j - 1) * a1] + a[i * a0 + (j + 1) * a1]);
}

/* The same into a contiguous array; the steps, in bytes, and the extents come as vectors. */
void mean_of_four_told(const double *a, double *c, const long *steps, const long *dims) {
    mean_of_four(a, steps[0] / 8, steps[1] / 8, c, dims[1], 1, dims[0], dims[1]);
}
