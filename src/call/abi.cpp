#include "call/abi.hpp"

#include <bit>
#include <climits>
#include <cstring>
#include <exception>
#include <limits>

#include "call/ffi.hpp"
#include "call/registers.hpp"
#include "call/short_buffer.hpp"

namespace ndcall {

static_assert(offsetof(CallWords, floats) == 64 && offsetof(CallWords, stack) == 128);
static_assert(offsetof(CallWords, stack_words) == 136 && offsetof(CallWords, floats_used) == 140);
static_assert(offsetof(CallReturn, integer) == 0 && offsetof(CallReturn, floating) == 8);
static_assert(native_registers.integers.size() <= std::size(CallWords{}.integers) &&
              native_registers.floats.size() <= std::size(CallWords{}.floats));

#if !NDCALL_HAS_TRAMPOLINE
// Without a trampoline no layout is direct, so this is never reached; the fast path still needs the symbol.
extern "C" void ndcall_call_words(void (*)(), const CallWords*, CallReturn*) { std::terminate(); }
#endif

namespace {

ValuePlace make_place(AbiClass cls, std::uint32_t size, bool is_signed = false, bool is_bool = false) {
    ValuePlace place;
    place.cls = cls;
    place.size = size;
    place.is_signed = is_signed;
    place.is_bool = is_bool;
    return place;
}

// A register or stack word holds it; Other when the trampoline cannot pass it.
ValuePlace classify_value(const Type& type) {
    const bool fits_word = type.size == 1 || type.size == 2 || type.size == 4 || type.size == 8;
    switch (type.kind) {
        case Kind::Void: return make_place(AbiClass::None, 0);
        case Kind::Pointer:
        case Kind::Array:
        case Kind::Function: return make_place(AbiClass::Integer, sizeof(void*));
        case Kind::Enum: return classify_value(*type.target);
        case Kind::Bool: return make_place(type.size == 1 ? AbiClass::Integer : AbiClass::Other, type.size, false, true);
        case Kind::Character: return make_place(fits_word ? AbiClass::Integer : AbiClass::Other, type.size, CHAR_MIN < 0);
        case Kind::Signed: return make_place(fits_word ? AbiClass::Integer : AbiClass::Other, type.size, true);
        case Kind::Unsigned: return make_place(fits_word ? AbiClass::Integer : AbiClass::Other, type.size);
        case Kind::Float: return make_place(fits_word && type.size > 1 ? AbiClass::Float : AbiClass::Other, type.size);
        default: return make_place(AbiClass::Other, type.size);
    }
}

// Gives `place` the next register of its class, or the next stack word. False when the words are used up.
bool place_value(ValuePlace& place, CallLayout& layout) {
    const bool is_float = place.cls == AbiClass::Float;
    std::uint16_t& used = is_float ? layout.floats : layout.integers;
    if (used < (is_float ? native_registers.floats : native_registers.integers).size()) {
        place.index = used++;
        return true;
    }
    if (layout.stack_words == std::numeric_limits<std::uint16_t>::max()) return false;
    place.on_stack = true;
    place.index = layout.stack_words++;
    return true;
}

void leave_to_ffi(CallLayout& layout) {
    layout.direct = false;
    layout.integers = layout.floats = layout.stack_words = 0;
    for (ValuePlace& place : layout.parameters) place = make_place(AbiClass::Other, place.size, place.is_signed, place.is_bool);
    if (layout.result.cls != AbiClass::None) layout.result.cls = AbiClass::Other;
}

const char* register_name(const ValuePlace& place) {
    return (place.cls == AbiClass::Float ? native_registers.floats : native_registers.integers)[place.index];
}

}  // namespace

CallLayout lay_out_call(const Declarations& declarations, const Type& function) {
    if (function.is_variadic) throw UncallableError("it is variadic (...): its further arguments have no types to check");
    CallLayout layout;
    layout.result = classify_value(*function.target);
    layout.direct = NDCALL_HAS_TRAMPOLINE && layout.result.cls != AbiClass::Other;
    layout.parameters.reserve(function.parameters.size());
    for (const Parameter& parameter : function.parameters) {
        ValuePlace place = classify_value(*parameter.type);
        const bool is_word = place.cls == AbiClass::Integer || place.cls == AbiClass::Float;
        layout.direct = layout.direct && is_word && place_value(place, layout);
        layout.parameters.push_back(place);
    }
    if (layout.direct) return layout;
    leave_to_ffi(layout);
    layout.ffi = prepare_ffi_call(declarations, function);
    return layout;
}

namespace {

template <class T>
T read_as(const void* value) noexcept {
    T read;
    std::memcpy(&read, value, sizeof read);
    return read;
}

template <class T>
std::uint64_t extend(const void* value) noexcept {
    return static_cast<std::uint64_t>(read_as<T>(value));  // a signed T extends its sign
}

}  // namespace

std::uint64_t load_word(const ValuePlace& place, const void* value) noexcept {
    if (place.is_bool) return read_as<std::uint8_t>(value) != 0;
    switch (place.size) {
        case 1: return place.is_signed ? extend<std::int8_t>(value) : extend<std::uint8_t>(value);
        case 2: return place.is_signed ? extend<std::int16_t>(value) : extend<std::uint16_t>(value);
        case 4: return place.is_signed ? extend<std::int32_t>(value) : extend<std::uint32_t>(value);
        default: return extend<std::uint64_t>(value);
    }
}

void store_result(const ValuePlace& place, const CallReturn& returned, void* result) noexcept {
    if (place.cls == AbiClass::None) return;
    const std::uint64_t word = place.cls == AbiClass::Float ? returned.floating : returned.integer;
    const std::uint64_t value = place.is_bool ? (word & 0xff) != 0 : word;
    const std::size_t low = std::endian::native == std::endian::little ? 0 : sizeof value - place.size;
    std::memcpy(result, reinterpret_cast<const std::byte*>(&value) + low, place.size);
}

void invoke(const CallLayout& layout, void (*function)(), const void* const* values, void* result) {
    if (!layout.direct) return invoke_ffi(layout, function, values, result);
    ShortBuffer<std::uint64_t, 32> stack(layout.stack_words);
    CallWords words;
    words.stack = stack.data();
    words.stack_words = layout.stack_words;
    words.floats_used = layout.floats;
    for (std::size_t i = 0; i < layout.parameters.size(); ++i) {
        const ValuePlace& place = layout.parameters[i];
        std::uint64_t* home = place.on_stack ? stack.data() : place.cls == AbiClass::Float ? words.floats : words.integers;
        home[place.index] = load_word(place, values[i]);
    }
    CallReturn returned;
    ndcall_call_words(function, &words, &returned);
    store_result(layout.result, returned, result);
}

std::string describe_place(const ValuePlace& place) {
    if (place.cls == AbiClass::Other) return "libffi";
    if (place.on_stack) return "stack+" + std::to_string(place.index * 8);
    return register_name(place);
}

std::string describe_result_place(const ValuePlace& place) {
    switch (place.cls) {
        case AbiClass::None: return "none";
        case AbiClass::Other: return "libffi";
        case AbiClass::Float: return native_registers.float_result;
        default: return native_registers.integer_result;
    }
}

}  // namespace ndcall
