// reader needs libclang 15
_Float16 half(const _Float16 *x);
