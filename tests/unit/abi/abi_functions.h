/* Fixed signatures of every kind that ndcall calls; abi_functions.c is C, and this is read by C++ too. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct point {
    double x, y;
};
struct small {
    char c;
    short s;
    float f;
};
struct big {
    double a[5];
    int n;
};
struct nested {
    struct small s[2];
    struct point p;
};
struct triple {
    float a[3];
};
struct wide {
    long double v;
    int n;
    double _Complex z;
};

double sum_mixed(int8_t a, double b, uint16_t c, float d, int64_t e, float f, int g, double h, unsigned i, bool j, char k, const double* l);
double sum_thirty(const double* x, int n, double a, double b, double c, double d, double e, double f, double g, double h, double i,
                  double j, int k, short l, signed char m, unsigned char o, long p, bool q, float r, float s);
int8_t negate_int8(int8_t x);
uint8_t add_uint8(uint8_t x, uint8_t y);
int16_t negate_int16(int16_t x);
int negate_int(int x);
bool is_odd(unsigned x);
float halve(float x);
void set_double(double* to, double value);
int64_t widen_int8(int8_t x);
uint64_t widen_uint16(uint16_t x);

struct point turn_point(struct point p, double by);
struct small move_small(struct small s, int by);
struct big scale_big(int n, struct big b, double by);
struct nested swap_nested(struct nested n, struct point p);
double sum_triple(struct triple t, int n);
struct triple make_triple(float a, float b, float c);

float _Complex conjugate_float(float _Complex z);
double _Complex multiply_complex(double _Complex a, int n, double _Complex b);
long double _Complex multiply_long(long double _Complex a, long double _Complex b);
long double add_long(long double a, int n, long double b);
struct wide widen_struct(struct wide w, double by);

extern const int has_half; /* 0: this compiler has no _Float16 */

#ifdef __cplusplus
}
#endif
