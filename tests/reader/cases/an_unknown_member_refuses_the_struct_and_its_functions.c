struct s { int a; missing_t b; double c; };
struct holder { struct s inside; int n; };
struct pointer { struct s *outside; int n; };
void f(struct s *p);
void g(struct s p[3]);
void h(struct holder *p);
void k(struct pointer *p);
