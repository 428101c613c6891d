/* The ways in which C programs pass arrays of one, two and three dimensions, and a struct that holds all of them. */
#include <stddef.h>

/// Each element doubled, in one dimension.
/// ndcall: x[s] -> y[s]
void np_array_1dim(int s, const double *x, double *y) {
    for (int i = 0; i < s; i++) y[i] = 2 * x[i];
}

/// Each element plus its row's number, through tables of row pointers.
/// ndcall: rows x[m,n] -> rows y[m,n]
void np_array_2dim(int m, int n, double **x, double **y) {
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) y[i][j] = x[i][j] + i;
}

/// The block turned inside out: element i, j, k moves to the mirrored place. One flat piece of memory, indexed by hand.
/// ndcall: x[m,n,o] -> y[m,n,o]
void np_array_3dim(int m, int n, int o, const double *x, double *y) {
    ptrdiff_t size = (ptrdiff_t)m * n * o;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            for (int k = 0; k < o; k++) {
                ptrdiff_t at = ((ptrdiff_t)i * n + j) * o + k;
                y[size - 1 - at] = x[at];
            }
}

/// Each element plus 100 i + 10 j + k, through tables of tables of rows.
/// ndcall: rows x[m,n,o] -> rows y[m,n,o]
void np_array_3ptr(int m, int n, int o, double ***x, double ***y) {
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            for (int k = 0; k < o; k++) y[i][j][k] = x[i][j][k] + 100 * i + 10 * j + k;
}

/// Samples of a field along a line, on a plane and in a box.
struct Fields {
    int n, m, o;
    double *one;
    double **two;
    double ***three;
};

/// Fill all three parts with numbers that tell their place.
/// ndcall: inout f
void fill_fields(struct Fields *f) {
    for (int i = 0; i < f->n; i++) {
        f->one[i] = i;
        for (int j = 0; j < f->m; j++) {
            f->two[i][j] = 10 * i + j;
            for (int k = 0; k < f->o; k++) f->three[i][j][k] = 100 * i + 10 * j + k;
        }
    }
}

/// Sum over everything that the fields hold.
/// ndcall: f -> total
void use_fields(const struct Fields *f, double *total) {
    *total = 0;
    for (int i = 0; i < f->n; i++) {
        *total += f->one[i];
        for (int j = 0; j < f->m; j++) {
            *total += f->two[i][j];
            for (int k = 0; k < f->o; k++) *total += f->three[i][j][k];
        }
    }
}
