"""The functions of tests/model in C."""

from __future__ import annotations

# C's type of an item, by dtype. float16 has none in C: it lies in uint16_t. int64 is `long`, longlong another type of the same bits.
ITEMS = {
    "bool": "_Bool",
    "int8": "int8_t",
    "int16": "int16_t",
    "int32": "int32_t",
    "int64": "int64_t",
    "longlong": "long long",
    "uint8": "uint8_t",
    "uint16": "uint16_t",
    "uint32": "uint32_t",
    "uint64": "uint64_t",
    "float16": "uint16_t",
    "float32": "float",
    "float64": "double",
    "longdouble": "long double",
    "complex64": "float _Complex",
    "complex128": "double _Complex",
    "clongdouble": "long double _Complex",
}

TYPED = """
void copy_{d}(const {t} *x, {t} *y, ptrdiff_t n) {{ for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i]; }}
void reverse_{d}({t} *x, ptrdiff_t n) {{ for (ptrdiff_t i = 0; i < n / 2; i++) {{ {t} z = x[i]; x[i] = x[n-1-i]; x[n-1-i] = z; }} }}
void transpose_{d}(const {t} *a, {t} *b, ptrdiff_t m, ptrdiff_t n) {{
    for (ptrdiff_t i = 0; i < m; i++) for (ptrdiff_t j = 0; j < n; j++) b[j*m + i] = a[i*n + j]; }}
void strided_{d}(ptrdiff_t n, const {t} *x, ptrdiff_t incx, {t} *y, ptrdiff_t incy) {{
    for (ptrdiff_t i = 0; i < n; i++) y[i*incy] = x[i*incx]; }}
void strided_blas_{d}(int n, const {t} *x, int incx, {t} *y, int incy) {{
    const {t} *p = incx < 0 ? x - (n - 1) * incx : x; {t} *q = incy < 0 ? y - (n - 1) * incy : y;
    for (int i = 0; i < n; i++) q[i*incy] = p[i*incx]; }}
void blocks_{d}(ptrdiff_t m, ptrdiff_t n, const {t} *a, ptrdiff_t lda, {t} *b, ptrdiff_t ldb) {{
    for (ptrdiff_t i = 0; i < m; i++) for (ptrdiff_t j = 0; j < n; j++) b[i*ldb + j] = a[i*lda + j]; }}
void bytes_{d}(ptrdiff_t m, ptrdiff_t n, const {t} *a, ptrdiff_t sa, {t} *b, ptrdiff_t sb) {{
    for (ptrdiff_t i = 0; i < m; i++) for (ptrdiff_t j = 0; j < n; j++)
        (({t} *)((char *)b + i*sb))[j] = ((const {t} *)((const char *)a + i*sa))[j]; }}
void free_{d}(const {t} *a, {t} *b, ptrdiff_t m, ptrdiff_t n, const ptrdiff_t *sa, const ptrdiff_t *sb) {{
    for (ptrdiff_t i = 0; i < m; i++) for (ptrdiff_t j = 0; j < n; j++)
        *({t} *)((char *)b + i*sb[0] + j*sb[1]) = *(const {t} *)((const char *)a + i*sa[0] + j*sa[1]); }}
void choose_{d}(const {t} *x, const {t} *w, {t} *y, ptrdiff_t n) {{ for (ptrdiff_t i = 0; i < n; i++) y[i] = w ? w[i] : x[i]; }}
void both_{d}(const {t} *x, {t} *y, {t} *z, ptrdiff_t n) {{
    for (ptrdiff_t i = 0; i < n; i++) {{ y[i] = x[i]; if (z) z[i] = x[n-1-i]; }} }}
void join_{d}(const {t} *x, const {t} *y, {t} *z, ptrdiff_t m, ptrdiff_t n) {{
    for (ptrdiff_t i = 0; i < m; i++) z[i] = x[i]; for (ptrdiff_t i = 0; i < n; i++) z[m+i] = y[i]; }}
void middle_{d}(const {t} *x, {t} *y, ptrdiff_t n) {{ for (ptrdiff_t i = 1; i < n - 1; i++) y[i] = x[i]; }}
void drain_{d}({t} *x, {t} *y, ptrdiff_t n) {{ for (ptrdiff_t i = 0; i < n; i++) {{ y[i] = x[i]; x[i] = 0; }} }}
void rows_{d}({t} **a, {t} **b, int m, int n) {{ for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) b[i][j] = a[i][j]; }}
"""
SAME = "{t} same_{d}({t} k) {{ return k; }}\n"
SINGLE = """
typedef struct { double a; int b; } pair;
void reverse_pair(pair *x, ptrdiff_t n) { for (ptrdiff_t i = 0; i < n / 2; i++) { pair z = x[i]; x[i] = x[n-1-i]; x[n-1-i] = z; } }
void narrow(const double *x, double *y, signed char n) { for (int i = 0; i < n; i++) y[i] = x[i]; }
void narrow_step(const double *x, double *y, signed char n, signed char incx) { for (int i = 0; i < n; i++) y[i] = x[i*incx]; }
void narrow_shape(const double *x, double *y, const int8_t *dims) { for (int i = 0; i < dims[0] * dims[1]; i++) y[i] = x[i]; }
double choose_one(const double *x, ptrdiff_t n, int k) { (void)n; return x[k]; }
double last(const double *x, ptrdiff_t n) { return x[n-1]; }
void numbers(const double *x, double a, float b, int32_t k, long long j, double *y, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) y[i] = i % 5 == 0 ? x[i] : i % 5 == 1 ? a : i % 5 == 2 ? b : i % 5 == 3 ? k : (double)j; }
void product(const uint64_t *a, const uint64_t *b, uint64_t *c, ptrdiff_t m, ptrdiff_t k, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < m; i++) for (ptrdiff_t j = 0; j < n; j++) {
        uint64_t sum = 0; for (ptrdiff_t l = 0; l < k; l++) sum += a[i*k + l] * b[l*n + j]; c[i*n + j] = sum; } }
void copy_any(const void *x, void *y, size_t n, size_t size) { memmove(y, x, n * size); }
void shift(const int32_t *x, int32_t *y, ptrdiff_t n) { for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i]; }
"""


def source() -> str:
    typed = "".join(TYPED.format(d=dtype, t=ctype) for dtype, ctype in ITEMS.items())
    same = "".join(SAME.format(d=dtype, t=ctype) for dtype, ctype in ITEMS.items() if dtype != "float16")
    return "#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n" + typed + same + SINGLE
