struct vector { double *data; };
struct vector *vector_alloc(void);
