#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <wchar.h>
#include <string.h>
#include <stdlib.h>
struct P { double x, y; }; struct Q { int a; char b; }; struct W { long a,b,c,d; };
int value = 5; double table[3] = {1,2,3};
long sum_args(long a, long b, long c) { return a + 10*b + 100*c; }
double dsum(const double *x, long n) { double s=0; for (long i=0;i<n;i++) s+=x[i]; return s; }
uintptr_t addr(const void *p) { return (uintptr_t)p; }
struct P mkp(double x, double y) { struct P p={x,y}; return p; }
struct Q mkq(int a) { struct Q q={a,'z'}; return q; }
struct W mkw(long a) { struct W w={a,2,3,4}; return w; }
double psum(struct P p) { return p.x+p.y; }
long double ld(long double a) { return a*2; }
bool neg(bool a) { return !a; }
size_t wl(const wchar_t *s) { return wcslen(s); }
const wchar_t *ws(void) { return L"wide"; }
const char *cs(void) { return "text"; }
void *null(void) { return 0; }
long va(int n, ...) { va_list l; va_start(l,n); long s=0; while(n--) s+=va_arg(l,long); va_end(l); return s; }
double many(
#define A(i) double a##i,
A(1)A(2)A(3)A(4)A(5)A(6)A(7)A(8)A(9)A(10)A(11)A(12)A(13)A(14)A(15)A(16)A(17)A(18)A(19)A(20)A(21)A(22)A(23)A(24)A(25)A(26)A(27)A(28)A(29)A(30)A(31)A(32)A(33)A(34)A(35)A(36)A(37)A(38)A(39)A(40)A(41)A(42)A(43)A(44)A(45)A(46)A(47)A(48)A(49)A(50)A(51)A(52)A(53)A(54)A(55)A(56)A(57)A(58)A(59)A(60)A(61)A(62)A(63)A(64)A(65)A(66)A(67)A(68)A(69)
 long last) { return a1 + 2*a9 + 3*a69 + last; }
void *ident(void *p) { return p; }
int cmp(const void *a, const void *b) { return *(int*)a - *(int*)b; }
int apply(int (*f)(int), int x) { return f(x); }
char ch(char c) { return c + 1; }
float flt(float a) { return a/2; }
int8_t i8(int8_t a) { return a; }
wchar_t wc(wchar_t c) { return c + 1; }
