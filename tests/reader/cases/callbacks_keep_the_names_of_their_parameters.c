typedef double (*integrand)(double x, void *user);
double by_name(integrand f);
double written_out(double (*f)(double x, void *user), int (*compare)(const void *, const void *));
double nested(void (*run)(int n, double (*inner)(double t)));
void (*choose(int which))(double);
struct solver { int (*step)(double *state, int n); };
double solve(const struct solver *s);
