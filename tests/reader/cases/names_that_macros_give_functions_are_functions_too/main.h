// reader options --probe-macros
int create2(int n);
#define create create2
#define create_anew create
#define create_at(n) create2(n)
#define nowhere missing
#define number int
int create3(int n);
#define twice(n) create3(n)
/* A macro in front renames what is declared. */
#define plain prefixed_plain
int plain(void);
