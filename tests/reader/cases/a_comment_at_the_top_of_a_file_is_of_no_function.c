/* Copyright of the file. */



#include <stddef.h>
int f(size_t n);
