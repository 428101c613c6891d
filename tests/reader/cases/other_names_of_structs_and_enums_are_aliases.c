typedef struct _vector { double *data; } vector;
typedef vector also_vector, *vector_pointer;
typedef enum { ROW = 101, COLUMN } order;
typedef order layout;
void f(const vector *v, also_vector w, vector_pointer p, layout l);
