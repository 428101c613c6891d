int renamed(void) __asm__("real_name");
extern int counter __asm__("real_counter");
