// Calls made by libffi: all of them where there is no trampoline.
#pragma once

#include "abi/abi.hpp"

namespace ndcall {

// As lay_out_call and invoke of abi.hpp.
CallLayout lay_out_ffi_call(const Declarations& declarations, const Type& function);
void invoke_ffi(const CallLayout& layout, void (*function)(), const void* const* values, void* result);

}  // namespace ndcall
