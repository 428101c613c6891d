/* What older tutorials on calling C from Python get wrong, in C that is right: the mistakes are made by the caller. */
#include <stddef.h>

/// The filter of filter.c with `int` for steps and shape, as it was written when NumPy still had ints there.
/// ndcall: a[m:,n:] -> b[m,n]; astrides = byte_strides(a); dims = shape(a)
void dfilter2d_int(double *a, double *b, int *astrides, int *dims) {
    for (int i = 1; i < dims[0] - 1; i++)
        for (int j = 1; j < dims[1] - 1; j++) {
            double sum = 0;
            for (int di = -1; di <= 1; di++)
                for (int dj = -1; dj <= 1; dj++) {
                    double weight = (di ? 0.5 : 1) * (dj ? 0.5 : 1);
                    sum += weight * *(double *)((char *)a + (ptrdiff_t)(i + di) * astrides[0] + (ptrdiff_t)(j + dj) * astrides[1]);
                }
            b[(ptrdiff_t)i * dims[1] + j] = sum;
        }
}

/// The number of elements of an array of this shape.
/// ndcall: dims[n]
long volume(const int *dims, int n) {
    long product = 1;
    for (int i = 0; i < n; i++) product *= dims[i];
    return product;
}

/// Rows swapped with columns.
/// ndcall: a[m,n] -> b[n,m]
void transpose(const double *a, double *b, int m, int n) {
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) b[j * m + i] = a[i * n + j];
}

/// Multiply in place.
/// ndcall: inout x[n], factor
void scale(double *x, size_t n, double factor) {
    for (size_t i = 0; i < n; i++) x[i] *= factor;
}

double half(double x) { return x / 2; }

/// A text that C owns: a pointer of 64 bits.
const char *greeting(void) { return "good morning"; }
