struct mixed { char c; double d; short s[3]; };
struct __attribute__((packed)) tight { char c; double d; };
struct bits { unsigned a : 3, b : 5; int : 0; unsigned c : 1; };
struct tail { int n; double data[]; };
union either { int i; double d; };
struct unknown;
void f(struct mixed *m, struct tight t, struct bits b, struct tail *f, union either u, struct unknown *o);
