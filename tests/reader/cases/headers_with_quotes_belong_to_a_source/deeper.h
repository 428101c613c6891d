enum { LIMIT = 3 };
int declared_only(struct shape *s);
