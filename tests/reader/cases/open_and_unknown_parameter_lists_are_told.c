int print(const char *format, ...);
int unknown();
int nothing(void);
