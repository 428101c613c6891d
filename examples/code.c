/* Sums of two vectors in four precisions. The contract is the same for all of them; code.contract joins them to one function `add`. */

typedef struct {
    double real, imag;
} cdouble;

typedef struct {
    float real, imag;
} cfloat;

/// Sum of two vectors of complex numbers.
/// ndcall: a[n], b[n] -> c[n]
void zadd(cdouble *a, cdouble *b, cdouble *c, long n) {
    for (long i = 0; i < n; i++) {
        c[i].real = a[i].real + b[i].real;
        c[i].imag = a[i].imag + b[i].imag;
    }
}

/// Sum of two vectors of complex numbers in single precision.
/// ndcall: a[n], b[n] -> c[n]
void cadd(cfloat *a, cfloat *b, cfloat *c, long n) {
    for (long i = 0; i < n; i++) {
        c[i].real = a[i].real + b[i].real;
        c[i].imag = a[i].imag + b[i].imag;
    }
}

/// Sum of two vectors.
/// ndcall: a[n], b[n] -> c[n]
void dadd(double *a, double *b, double *c, long n) {
    for (long i = 0; i < n; i++) c[i] = a[i] + b[i];
}

/// Sum of two vectors in single precision.
/// ndcall: a[n], b[n] -> c[n]
void sadd(float *a, float *b, float *c, long n) {
    for (long i = 0; i < n; i++) c[i] = a[i] + b[i];
}
