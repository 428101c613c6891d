static inline double square(double x) { return x * x; }
inline double cube(double x) { return x * x * x; }
static int hidden(int a) { return a; }
int shown(int a) { return hidden(a); }
static int later(int a);
int later(int a) { return a; }
