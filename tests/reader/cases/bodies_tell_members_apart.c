void *malloc(unsigned long);
struct vector { int n; double *data; double in[3]; };
void through_pointer(struct vector *v) { v->data[0] = 1; }
void inside(struct vector *v, const struct vector *w) { v->n = 3; v->in[1] = w->in[2]; }
void by_value(struct vector v) { v.data[0] = v.n; v.n = 2; }
void replaced(struct vector *v) { v->data = malloc(8); v->data[0] = 1; }
