/* The function of one array: the first that everybody calls. */
#include <stddef.h>

/// The mean of all values.
/// ndcall: x[n]
double somefunc(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return n ? sum / (double)n : 0;
}
