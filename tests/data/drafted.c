double mean(const double *x, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += x[i];
    return sum / n;
}

void range_of(const double *x, int n, double *low, double *high) {
    *low = x[0];
    *high = x[0];
    for (int i = 1; i < n; i++) {
        if (x[i] < *low) *low = x[i];
        if (x[i] > *high) *high = x[i];
    }
}

void transpose(int m, int n, const double *a, double *b) {
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) b[j * m + i] = a[i * n + j];
}

void cross(const double *a, const double *b, double *c) {
    c[0] = a[1] * b[2] - a[2] * b[1];
    c[1] = a[2] * b[0] - a[0] * b[2];
    c[2] = a[0] * b[1] - a[1] * b[0];
}

void double_rows(int m, int n, double **x) {
    int i, j;
    for (i = 0; i < m; i++)
        for (j = 0; j < n; j++) x[i][j] *= 2;
}

void differences(const double *x, double *y, int n) {
    for (int i = 1; i < n; i++) y[i - 1] = x[i] - x[i - 1];
}

static double twice(double x) { return 2 * x; }

double four_times(double x) { return twice(twice(x)); }
