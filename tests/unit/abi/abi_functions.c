/* Compiled by the C compiler of the build: what abi_test.cpp calls. Weights differ from value to value, so that none can stand for another. */
#include "abi_functions.h"

double sum_mixed(int8_t a, double b, uint16_t c, float d, int64_t e, float f, int g, double h, unsigned i, bool j, char k,
                 const double* l) {
    return a + 2 * b + 3 * c + 4 * d + 5 * (double)e + 6 * f + 7 * g + 8 * h + 9 * (double)i + 10 * j + 11 * k + 12 * *l;
}

double sum_thirty(const double* x, int n, double a, double b, double c, double d, double e, double f, double g, double h, double i,
                  double j, int k, short l, signed char m, unsigned char o, long p, bool q, float r, float s) {
    double sum = 0;
    for (int at = 0; at < n; ++at) sum += x[at];
    return sum + a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12 * l + 13 * m + 14 * o +
           15 * (double)p + 16 * q + 17 * r + 18 * s;
}

int8_t negate_int8(int8_t x) { return (int8_t)-x; }
uint8_t add_uint8(uint8_t x, uint8_t y) { return (uint8_t)(x + y); }
int16_t negate_int16(int16_t x) { return (int16_t)-x; }
int negate_int(int x) { return -x; }
bool is_odd(unsigned x) { return x & 1; }
float halve(float x) { return x / 2; }
void set_double(double* to, double value) { *to = value; }
int64_t widen_int8(int8_t x) { return x; }
uint64_t widen_uint16(uint16_t x) { return x; }

struct point turn_point(struct point p, double by) {
    return (struct point){p.x * by - p.y, p.x + p.y * by};
}
struct small move_small(struct small s, int by) {
    return (struct small){(char)(s.c + by), (short)(s.s - by), s.f * (float)by};
}
struct big scale_big(int n, struct big b, double by) {
    for (int i = 0; i < n; ++i) b.a[i] *= by;
    b.n += n;
    return b;
}
struct nested swap_nested(struct nested n, struct point p) {
    struct nested swapped = n;
    swapped.p = p;
    swapped.s[0] = n.s[1];
    swapped.s[1] = n.s[0];
    return swapped;
}
double sum_triple(struct triple t, int n) { return t.a[0] + 2 * t.a[1] + 3 * t.a[2] + n; }
struct triple make_triple(float a, float b, float c) {
    return (struct triple){{a, b, c}};
}

float _Complex conjugate_float(float _Complex z) { return __builtin_conjf(z); }
double _Complex multiply_complex(double _Complex a, int n, double _Complex b) { return a * b + n; }
long double _Complex multiply_long(long double _Complex a, long double _Complex b) { return a * b; }
long double add_long(long double a, int n, long double b) { return a + n + b; }
struct wide widen_struct(struct wide w, double by) {
    return (struct wide){w.v * by, w.n + 1, w.z * by};
}

#ifdef __FLT16_MAX__
_Float16 double_half(double before, _Float16 x) { return (_Float16)((float)x * 2 + (float)before); }
const int has_half = 1;
#else
float double_half(double before, float x) { return (float)before + x; }
const int has_half = 0;
#endif
