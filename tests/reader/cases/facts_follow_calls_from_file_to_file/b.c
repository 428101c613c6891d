static int count;
void fill(double *y) { y[0] = count++; }
static void f_helper(double *y) { y[0] = 0; }
