typedef float four __attribute__((vector_size(16)));
four turn(four a);
__int128 big(unsigned __int128 a);
void wait(_Atomic(int) *flag);
