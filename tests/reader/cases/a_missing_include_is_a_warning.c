#include "missing.h"
int f(int a);
