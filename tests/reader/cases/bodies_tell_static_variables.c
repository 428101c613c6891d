#include <stdio.h>
static int counter;
double shared;
const int limit = 3;
static const double table[2] = {1, 2};
static double *const fixed = &shared;
_Thread_local int own;
int inside(void) { static int n; return n++ + limit; }
double outside(double x) { shared = x; return table[0] + own; }
double behind_constant(void) { return fixed[0]; }
void print(void) { fprintf(stdout, "%d", counter); }
static int helper(void) { return counter; }
int caller(void) { return helper(); }
int (*taken(void))(void) { return helper; }
