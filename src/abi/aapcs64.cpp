// Where structs, complex and long double travel on AArch64: one floating number to a vector register, anything else of at most 16 bytes in
// integer registers, and more than that by address.
//
// The ABI's rule for values aligned to 16 bytes (the first register of two is an even one) has no case here: of the types that pass
// flat_value.cpp, only long double is so aligned, and a value of 16 bytes that holds one travels in vector registers.
#include "abi/native_abi.hpp"

#if NDCALL_HAS_TRAMPOLINE && defined(__aarch64__)

#include <algorithm>

namespace ndcall {

namespace {

// The ABI's homogeneous floating-point aggregate: one to four numbers of one format. A complex number is two, a long double is one.
bool is_homogeneous(const FlatValue& value) {
    const FlatItem& first = value.items.front();
    return first.kind != ItemKind::Integer && value.items.size() <= most_parts &&
           std::ranges::all_of(value.items, [&](const FlatItem& item) { return item.kind == first.kind && item.size == first.size; });
}

BlockClasses classify(const FlatValue& value, AbiClass large) {
    BlockClasses classes;
    classes.cls = AbiClass::Parts;
    if (is_homogeneous(value)) {
        classes.part_size = static_cast<std::uint8_t>(value.items.front().size);
        std::fill_n(classes.parts, value.items.size(), AbiClass::Float);
    } else if (value.size <= 16) {
        std::fill_n(classes.parts, (value.size + 7) / 8, AbiClass::Integer);
    } else {
        classes.cls = large;
    }
    return classes;
}

}  // namespace

BlockClasses classify_argument(const FlatValue& value) { return classify(value, AbiClass::Address); }
BlockClasses classify_result(const FlatValue& value) { return classify(value, AbiClass::Memory); }

void call_native(void (*function)(), const CallWords& words, const ValuePlace& place, void* result) {
    CallReturn returned;
    ndcall_call_words(function, &words, &returned);
    store_returned(place, returned, result);
}

}  // namespace ndcall

#endif
