/* Integers of a fixed width, and integers whose width the platform chooses. NumPy's names: int16, int64, uint8; intc, long, uintp. */
#include <stddef.h>
#include <stdint.h>

/// ndcall: x[n] -> y[n]
void negate_int16(const int16_t *x, int16_t *y, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = (int16_t)-x[i];
}

/// ndcall: x[n] -> y[n]
void negate_int(const int *x, int *y, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = -x[i];
}

/// ndcall: x[n] -> y[n]
void negate_long(const long *x, long *y, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = -x[i];
}

/// ndcall: x[n] -> y[n]
void double_size(const size_t *x, size_t *y, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = 2 * x[i];
}

/// Count up in place, modulo 65536.
/// ndcall: inout x[n]
void count_up(uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i++) x[i]++;
}

/// ndcall: x[n]
int64_t sum_int64(const int64_t *x, size_t n) {
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return sum;
}

/// A number of pixels that fits C's `int`, or an error.
int area(int width, int height) { return width * height; }
