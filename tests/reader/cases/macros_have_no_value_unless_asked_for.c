#define VERSION 3
int f(void);
