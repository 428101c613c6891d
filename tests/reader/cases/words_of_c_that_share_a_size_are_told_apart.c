#include <stddef.h>
void integers(long a, long long b, unsigned long long c, short d, unsigned e);
void characters(char a, signed char b, unsigned char c, wchar_t d);
