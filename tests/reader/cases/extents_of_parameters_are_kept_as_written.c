#define ROWS (2 * 3)
void whole(int n, int m, double a[n][m]);
void sums(int n, double a[2*n + 1][n - 1]);
void open_end(double a[], double b[][3]);
void any_extent(int n, double a[n], double b[*]);
void promised(int n, const double a[static n], double b[restrict static n], double c[static 3]);
void from_macro(float a[ROWS][2]);
void behind_pointer(int n, double (*a)[n], double (*b)[3]);
