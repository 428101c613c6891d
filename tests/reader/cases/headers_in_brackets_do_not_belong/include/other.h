struct used { int n; };
struct unused { int n; };
int of_another_library(int a);
