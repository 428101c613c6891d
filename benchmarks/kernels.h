/* The kernels that every contestant calls, from one shared library. */
#pragma once

void nothing(void);

/// ndcall: inout x[n]
void increment(double *x, long n);

/// ndcall: a[n], b[n] -> c[n]
void add(const double *a, const double *b, double *c, long n);

/// ndcall: a[n], b[n], c[n], d[n], e[n] -> f[n]
void add_five(const double *a, const double *b, const double *c, const double *d, const double *e, double *f, long n);

/// ndcall: a[m,n], b[m,n] -> c[m,n]
void add_plane(const double *a, const double *b, double *c, long m, long n);

/// ndcall: alpha, x[n], power, inout y[n]
void add_scaled(long n, double alpha, const double *x, int power, double *y);

/// ndcall: x[n:incx], inout y[n:incy]
void add_strided(long n, const double *x, long incx, double *y, long incy);

/// ndcall: a[m:,n:] -> c[m,n]; steps = byte_strides(a); dims = shape(a)
void mean_of_four_told(const double *a, double *c, const long *steps, const long *dims);

/// ndcall: a[m:,n:], inout c[m:,n:]; a0 = stride(a,0); a1 = stride(a,1); c0 = stride(c,0); c1 = stride(c,1)
void mean_of_four(const double *a, long a0, long a1, double *c, long c0, long c1, long m, long n);
