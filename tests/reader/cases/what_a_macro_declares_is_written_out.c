#define UNARY(NAME) double NAME(double x)
#define EXPORT
UNARY(gamma_of);
EXPORT int exported(int a);
