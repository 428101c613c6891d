typedef struct { double re, im; } complex_pair;
struct outer {
    struct { int a; } in;
    union { float f; int i; };
    enum { OFF, ON } mode;
};
void f(complex_pair *z, struct outer *o);
