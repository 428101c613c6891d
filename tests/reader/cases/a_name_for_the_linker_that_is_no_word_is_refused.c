int f(void) __asm__("two words");
int after(double *x);
