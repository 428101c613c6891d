int of_another_library(int a);
