enum choice { FIRST = UNKNOWN_VALUE, SECOND };
void f(enum choice c);
enum declared_only;
void g(enum declared_only c);
