#include "abi/abi.hpp"

#include <exception>

#include "abi/ffi.hpp"
#include "abi/native_abi.hpp"

namespace ndcall {

CallLayout lay_out_call(const Declarations& declarations, const Type& function) {
    if (function.is_variadic) throw UncallableError("it is variadic (...): its further arguments have no types to check");
#if NDCALL_HAS_TRAMPOLINE
    return lay_out_native_call(declarations, function);
#else
    return lay_out_ffi_call(declarations, function);
#endif
}

void invoke(const CallLayout& layout, void (*function)(), const void* const* values, void* result) {
    if (layout.ffi) return invoke_ffi(layout, function, values, result);
#if NDCALL_HAS_TRAMPOLINE
    invoke_native(layout, function, values, result);
#endif
}

std::string describe_place(const ValuePlace& place) {
#if NDCALL_HAS_TRAMPOLINE
    if (place.cls != AbiClass::Other) return describe_native_place(place);
#endif
    return place.cls == AbiClass::None ? "none" : "libffi";
}

std::string describe_result_place(const ValuePlace& place) {
#if NDCALL_HAS_TRAMPOLINE
    if (place.cls != AbiClass::Other) return describe_native_result(place);
#endif
    return place.cls == AbiClass::None ? "none" : "libffi";
}

#if !NDCALL_HAS_TRAMPOLINE
// Every layout has `ffi` then, and this is never reached; the fast path still needs the symbol.
extern "C" void ndcall_call_words(void (*)(), const CallWords*, CallReturn*) { std::terminate(); }
#endif

}  // namespace ndcall
