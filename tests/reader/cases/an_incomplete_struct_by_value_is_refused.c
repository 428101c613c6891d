struct unknown;
void f(struct unknown s);
struct unknown g(void);
void h(struct unknown *s);
