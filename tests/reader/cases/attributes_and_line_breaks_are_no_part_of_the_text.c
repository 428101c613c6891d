__attribute__((nonnull(1), pure)) double
f(const double *x,   /* the data */
  int n)             // how many
    __attribute__((deprecated("use g")));
extern int g ( int  a ,int b );
