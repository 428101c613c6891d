// Calls made by libffi: structs by value, complex, long double, and everything where there is no trampoline.
#pragma once

#include <memory>

#include "call/abi.hpp"

namespace ndcall {

// Throws UncallableError for what libffi cannot pass either.
std::shared_ptr<const FfiCall> prepare_ffi_call(const Declarations& declarations, const Type& function);

// As invoke() of abi.hpp; `layout.ffi` is set.
void invoke_ffi(const CallLayout& layout, void (*function)(), const void* const* values, void* result);

}  // namespace ndcall
