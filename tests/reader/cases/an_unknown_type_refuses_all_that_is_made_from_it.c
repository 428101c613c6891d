typedef missing_t element;
typedef element *list;
void f(list a);
void g(const list *a);
typedef int (*callback)(missing_t);
void h(callback c);
int after(double *x);
