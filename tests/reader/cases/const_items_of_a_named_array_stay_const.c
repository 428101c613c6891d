typedef double matrix[3][3];
void rotate(const matrix by, matrix what);
