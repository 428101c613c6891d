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

}  // namespace

BlockClasses classify_argument(const FlatValue& value) {
    if (value.size > 16 || has_long_double(value)) return {};
    AbiClass classes[2] = {AbiClass::None, AbiClass::None};
    for (const FlatItem& item : value.items) {
        // Items are aligned, so that none lies in both eightbytes. One integer makes an eightbyte an integer.
        AbiClass& cls = classes[item.offset / 8];
        if (cls != AbiClass::Integer) cls = item.kind == ItemKind::Integer ? AbiClass::Integer : AbiClass::Float;
    }
    return {classes[0], classes[1]};
}

BlockClasses classify_result(const FlatValue& value) {
    if (!has_long_double(value)) return classify_argument(value);
    if (value.size == sizeof(long double)) return {AbiClass::X87, AbiClass::None};
    return value.is_complex ? BlockClasses{AbiClass::X87, AbiClass::X87} : BlockClasses{};
}

void call_for_x87(void (*function)(), const CallWords& words, const ValuePlace& place, void* result) {
    CallReturn unused;
    auto* to = static_cast<std::byte*>(result);
    if (place.second != AbiClass::X87) return store_x87(call_for_long_double(function, &words, &unused), to);
    const _Complex long double value = call_for_complex(function, &words, &unused);
    store_x87(__real__ value, to);
    store_x87(__imag__ value, to + sizeof(long double));
}

}  // namespace ndcall

#endif
