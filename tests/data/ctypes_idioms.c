/* What tests/python/test_ctypes_idioms.py calls: the shapes of functions that scripts with ctypes and NumPy call. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int count;
    float* xyz;
    int* triangles;
} Mesh;

typedef struct {
    double x, y;
    int tag;
} Point;

typedef double (*function_of_one)(double);
typedef void (*on_rows)(const double* row, int n, void* data);

double sum(const double* x, int n) {
    double total = 0;
    for (int i = 0; i < n; i++) total += x[i];
    return total;
}

void scale(double* x, size_t n, double factor) {
    for (size_t i = 0; i < n; i++) x[i] *= factor;
}

void fill_bytes(void* memory, unsigned char value, size_t size) { memset(memory, value, size); }

float norm1(const float* x, int64_t n) {
    float total = 0;
    for (int64_t i = 0; i < n; i++) total += x[i] < 0 ? -x[i] : x[i];
    return total;
}

int count_true(const bool* mask, long n) {
    int count = 0;
    for (long i = 0; i < n; i++) count += mask[i];
    return count;
}

void conjugate(double* z, int n) { /* real and imaginary parts in turn */
    for (int i = 0; i < n; i++) z[2 * i + 1] = -z[2 * i + 1];
}

void add_swapped(const uint16_t* x, uint16_t* y, unsigned n) { /* big-endian on a little-endian machine */
    for (unsigned i = 0; i < n; i++) y[i] = (uint16_t)(x[i] >> 8 | x[i] << 8);
}

void min_max(const double* x, int n, double* low, double* high) {
    *low = *high = x[0];
    for (int i = 1; i < n; i++) {
        if (x[i] < *low) *low = x[i];
        if (x[i] > *high) *high = x[i];
    }
}

float mesh_area(const Mesh* mesh) {
    float total = 0;
    for (int i = 0; i < 3 * mesh->count; i++) total += mesh->xyz[3 * mesh->triangles[i]];
    return total;
}

void move_points(Point* points, int n, double dx, double dy) {
    for (int i = 0; i < n; i++) {
        points[i].x += dx;
        points[i].y += dy;
        points[i].tag = i;
    }
}

double point_norm(Point p) { return p.x * p.x + p.y * p.y; }

Point make_point(double x, double y) { return (Point){x, y, 7}; }

double integrate(function_of_one f, double from, double to, int steps) {
    double total = 0, step = (to - from) / steps;
    for (int i = 0; i < steps; i++) total += f(from + (i + 0.5) * step) * step;
    return total;
}

double half(double x) { return x / 2; }

void each_row(const double* a, int m, int n, on_rows visit, void* data) {
    for (int i = 0; i < m; i++) visit(a + (size_t)i * n, n, data);
}

double trace(double** rows, int n) {
    double total = 0;
    for (int i = 0; i < n; i++) total += rows[i][i];
    return total;
}

typedef struct {
    double last;
    int calls;
} Counter;

void* counter_new(double start) {
    Counter* made = malloc(sizeof *made);
    *made = (Counter){start, 0};
    return made;
}

int counter_add(void* counter, double value) {
    ((Counter*)counter)->last += value;
    return ++((Counter*)counter)->calls;
}

double counter_value(void* counter) { return ((Counter*)counter)->last; }

void counter_delete(void* counter) { free(counter); }

const char* greet(const char* name) {
    static char text[64];
    snprintf(text, sizeof text, "hello %s", name);
    return text;
}

int version(char* buffer, size_t size) { return snprintf(buffer, size, "%d.%d", 3, 14); }

size_t longest(const char** words, int n) {
    size_t most = 0;
    for (int i = 0; i < n; i++)
        if (strlen(words[i]) > most) most = strlen(words[i]);
    return most;
}

int checked(int value) {
    if (value < 0) errno = EINVAL;
    return value < 0 ? -1 : value;
}

static double window[4] = {1, 2, 3, 4};
double* get_window(void) { return window; }

void saxpy_(const int* n, const float* a, const float* x, float* y) { /* as a Fortran compiler names and calls it */
    for (int i = 0; i < *n; i++) y[i] += *a * x[i];
}

double optional_sum(const double* x, const double* weights, int n) {
    double total = 0;
    for (int i = 0; i < n; i++) total += weights ? x[i] * weights[i] : x[i];
    return total;
}

int verbosity = 2;
