// Where structs, complex and long double travel on x86-64 System V: each eightbyte of a value of at most 16 bytes has a class.
#include "abi/native_abi.hpp"

#if NDCALL_HAS_TRAMPOLINE && defined(__x86_64__)

#include <cstring>

namespace ndcall {

namespace {

constexpr std::uint32_t x87_bytes = 10;  // of the 16 of a long double; the rest is padding

bool has_long_double(const FlatValue& value) {
    for (const FlatItem& item : value.items)
        if (item.kind == ItemKind::LongDouble) return true;
    return false;
}

// The trampoline leaves the floating-point stack as the callee left it: declared with these results, it returns what the callee returned.
extern "C" long double call_for_long_double(void (*function)(), const CallWords*, CallReturn*) __asm__("ndcall_call_words");
extern "C" _Complex long double call_for_complex(void (*function)(), const CallWords*, CallReturn*) __asm__("ndcall_call_words");

void store_x87(long double value, std::byte* to) {
    std::memset(to, 0, sizeof value);  // the padding would be garbage
    std::memcpy(to, &value, x87_bytes);
}

void call_for_x87(void (*function)(), const CallWords& words, const ValuePlace& place, std::byte* result) {
    CallReturn unused;
    if (place.parts[1].cls == AbiClass::None) return store_x87(call_for_long_double(function, &words, &unused), result);
    const _Complex long double value = call_for_complex(function, &words, &unused);
    store_x87(__real__ value, result);
    store_x87(__imag__ value, result + sizeof(long double));
}

}  // namespace

BlockClasses classify_argument(const FlatValue& value) {
    BlockClasses classes;
    if (value.size > 16 || has_long_double(value)) return classes;
    classes.cls = AbiClass::Parts;
    for (const FlatItem& item : value.items) {
        // Items are aligned, so that none lies in both eightbytes. One integer makes an eightbyte an integer.
        AbiClass& cls = classes.parts[item.offset / 8];
        if (cls != AbiClass::Integer) cls = item.kind == ItemKind::Integer ? AbiClass::Integer : AbiClass::Float;
    }
    return classes;
}

BlockClasses classify_result(const FlatValue& value) {
    if (!has_long_double(value)) return classify_argument(value);
    if (value.size == sizeof(long double)) return {AbiClass::Parts, {AbiClass::X87}, sizeof(long double)};
    if (value.is_complex) return {AbiClass::Parts, {AbiClass::X87, AbiClass::X87}, sizeof(long double)};
    return {};
}

void call_native(void (*function)(), const CallWords& words, const ValuePlace& place, void* result) {
    if (place.parts[0].cls == AbiClass::X87) return call_for_x87(function, words, place, static_cast<std::byte*>(result));
    CallReturn returned;
    ndcall_call_words(function, &words, &returned);
    store_returned(place, returned, result);
}

}  // namespace ndcall

#endif
