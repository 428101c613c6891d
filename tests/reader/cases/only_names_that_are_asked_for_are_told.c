// reader options --only blas_* --only *_version
int blas_add(int a);
int other(int a);
int my_version(void);
static int shared;
int blas_count(void) { return shared++; }
