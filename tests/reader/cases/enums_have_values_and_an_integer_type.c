enum color { RED, GREEN = 5, BLUE };
typedef enum { LOW = -1, HIGH = 0x7fffffff } level;
enum wide { HUGE_VALUE = 0x8000000000000000u };
enum { ALONE = 7 };
enum color mix(enum color a, level b, enum wide c);
