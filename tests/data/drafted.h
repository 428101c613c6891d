#include <stddef.h>
typedef struct meter meter;
typedef struct {
    double low, high;
} range;
enum meter_status { METER_OK = 0, METER_BROKEN = 1 };
meter *meter_new(int channels);
void meter_free(meter *m);
const char *meter_strerror(int code);
enum meter_status meter_read(const range *r, double *out, size_t n);
double peak(const double *x, size_t n);
double mean(const double *x, size_t x_len, const double *w, size_t w_len);
void axpy(int n, double a, const double *x, int incx, double *y, int incy);
void limits(range *r, const double *x, int n);
void lookup(const double *table, double *value);
void matrix(int rows, int cols, double **a);
void convolve(int n, int m, const double *a, double *out);
void on_sample(double (*f)(double x, void *user), void *user);
void text(char *buf, int len, const char *format, ...);
void copy_words(const double *copy, double *rows, int n);
static inline int twice(int x) { return 2 * x; }
double half(double x);
int sum(int n, const int x[n]);
