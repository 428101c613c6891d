// reader options --probe-macros
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#define VERSION 3
#define MASK (1u << 31)
#define MOST SIZE_MAX
#define PI 3.25
#define ENDLESS (1.0 / 0)
#define LETTER 'x'
#define NAME "nd" "call"
#define BYTES sizeof(double)
#define NEGATIVE -3
#define SQUARE(x) ((x) * (x))
#define EMPTY
#define REAL double
#define STATEMENT 1; int made_by_a_macro
#define RENAMED f
#define UNKNOWN (nowhere + 1)
#define GONE 1
#undef GONE
#define VERSION_TEXT NAME " 3"
#define SMALL DBL_EPSILON
#define WIDE UINT64_MAX
#define LARGE __INT_MAX__
#define NO_NUMBER INFINITY
#define NEXT_LINE (1 << \
    3) /* it's eight */
int f(void);
