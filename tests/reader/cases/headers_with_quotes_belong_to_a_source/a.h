// included with quotes
#include <stddef.h>
#include "deeper.h"
#include "stdlib.h"
/// from the header
int f(size_t n);
