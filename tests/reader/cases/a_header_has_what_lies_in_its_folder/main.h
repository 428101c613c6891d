// reader options -- -I{folder}/..
#include <a_header_has_what_lies_in_its_folder/parts/vector.h>
#include <a_header_in_a_searched_folder_has_the_folder_of_its_name/other.h>
int blas(struct vector *v);
