/// the dot product
/// of two vectors
double dot(int n, const double *x, const double *y);

/* any
 * style */
int any_style(int);
// ndcall: x[n]

int after_one_blank_line(double *x, int n);

/** too far above */


int alone(int);
int behind(int); ///< not above
/* of both */
int first(int), second(int);
