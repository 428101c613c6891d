// Calls made by the trampoline.
#include "abi/native_abi.hpp"

#if NDCALL_HAS_TRAMPOLINE

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>

#include "abi/short_buffer.hpp"
#include "abi/word.hpp"

namespace ndcall {

static_assert(offsetof(CallWords, floats) == 64 && offsetof(CallWords, stack) == 128);
static_assert(offsetof(CallWords, stack_words) == 136 && offsetof(CallWords, floats_used) == 140);
static_assert(offsetof(CallReturn, integer) == 0 && offsetof(CallReturn, floating) == 8);
static_assert(offsetof(CallReturn, second_integer) == 16 && offsetof(CallReturn, second_floating) == 24);
static_assert(native_registers.integers.size() <= std::size(CallWords{}.integers));
static_assert(native_registers.floats.size() <= std::size(CallWords{}.floats));

namespace {

std::uint16_t take_stack(CallLayout& layout, std::uint32_t bytes, std::uint32_t align) {
    const std::uint32_t index = align > 8 ? (layout.stack_words + 1U) / 2 * 2 : layout.stack_words;
    const std::uint32_t end = index + (bytes + 7) / 8;
    if (end > std::numeric_limits<std::uint16_t>::max())
        throw UncallableError("its arguments take more than " + std::to_string(std::numeric_limits<std::uint16_t>::max() * 8) +
                              " bytes of stack");
    layout.stack_words = static_cast<std::uint16_t>(end);
    return static_cast<std::uint16_t>(index);
}

std::uint16_t& count_used(CallLayout& layout, AbiClass cls) { return cls == AbiClass::Float ? layout.floats : layout.integers; }

// A value travels in registers as a whole or not at all.
bool fits_registers(const CallLayout& layout, const ValuePlace& place) {
    const int integers = (place.cls == AbiClass::Integer) + (place.second == AbiClass::Integer);
    const int floats = (place.cls == AbiClass::Float) + (place.second == AbiClass::Float);
    return place.cls != AbiClass::Memory && layout.integers + static_cast<std::size_t>(integers) <= native_registers.integers.size() &&
           layout.floats + static_cast<std::size_t>(floats) <= native_registers.floats.size();
}

void place_parameter(CallLayout& layout, ValuePlace& place, std::uint32_t align) {
    if (fits_registers(layout, place)) {
        place.index = count_used(layout, place.cls)++;
        if (place.second != AbiClass::None) place.second_index = count_used(layout, place.second)++;
        return;
    }
    place.second = AbiClass::None;
    place.on_stack = true;
    place.index = take_stack(layout, place.size, align);
}

void add_parameter(const Declarations& declarations, const Type& function, std::size_t i, CallLayout& layout) {
    ValuePlace place = classify_word(*function.parameters[i].type);
    std::uint32_t align = 8;
    if (place.is_block || place.cls == AbiClass::None) {
        const FlatValue value = flatten_parameter(declarations, function, i);
        const BlockClasses classes = classify_argument(value);
        place.cls = classes.first;
        place.second = classes.second;
        place.size = value.size;
        align = value.align;
        layout.direct = false;
    }
    place_parameter(layout, place, align);
    layout.parameters.push_back(place);
}

void add_result(const Declarations& declarations, const Type& function, CallLayout& layout) {
    layout.result = classify_word(*function.target);
    if (!layout.result.is_block) return;
    const FlatValue value = flatten_result(declarations, function);
    const BlockClasses classes = classify_result(value);
    layout.result.cls = classes.first;
    layout.result.second = classes.second;
    layout.result.second_index = classes.first == classes.second ? 1 : 0;
    layout.result.size = value.size;
    layout.direct = false;
    if (classes.first == AbiClass::Memory) layout.integers = 1;  // its address
}

}  // namespace

CallLayout lay_out_native_call(const Declarations& declarations, const Type& function) {
    CallLayout layout;
    layout.direct = true;
    add_result(declarations, function, layout);
    layout.parameters.reserve(function.parameters.size());
    for (std::size_t i = 0; i < function.parameters.size(); ++i) add_parameter(declarations, function, i, layout);
    return layout;
}

namespace {

std::uint64_t load_part(const void* value, std::uint32_t offset, std::uint32_t size) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, static_cast<const std::byte*>(value) + offset, std::min<std::uint32_t>(size - offset, 8));
    return word;
}

void load_block(const ValuePlace& place, const void* value, CallWords& words, std::uint64_t* stack) noexcept {
    if (place.on_stack) {
        std::memcpy(stack + place.index, value, place.size);
        return;
    }
    (place.cls == AbiClass::Float ? words.floats : words.integers)[place.index] = load_part(value, 0, place.size);
    if (place.second == AbiClass::None) return;
    (place.second == AbiClass::Float ? words.floats : words.integers)[place.second_index] = load_part(value, 8, place.size);
}

void store_block(const ValuePlace& place, const CallReturn& returned, void* result) noexcept {
    const std::uint64_t integers[] = {returned.integer, returned.second_integer}, floats[] = {returned.floating, returned.second_floating};
    const std::uint64_t parts[] = {(place.cls == AbiClass::Float ? floats : integers)[0],
                                   (place.second == AbiClass::Float ? floats : integers)[place.second_index]};
    std::memcpy(result, parts, place.size);
}

}  // namespace

void invoke_native(const CallLayout& layout, void (*function)(), const void* const* values, void* result) {
    ShortBuffer<std::uint64_t, 32> stack(layout.stack_words);
    CallWords words;
    words.stack = stack.data();
    words.stack_words = layout.stack_words;
    words.floats_used = layout.floats;
    if (layout.result.cls == AbiClass::Memory) words.integers[0] = reinterpret_cast<std::uintptr_t>(result);
    for (std::size_t i = 0; i < layout.parameters.size(); ++i) {
        const ValuePlace& place = layout.parameters[i];
        if (place.is_block) {
            load_block(place, values[i], words, stack.data());
            continue;
        }
        std::uint64_t* home = place.on_stack ? stack.data() : place.cls == AbiClass::Float ? words.floats : words.integers;
        home[place.index] = load_word(place, values[i]);
    }
    if (layout.result.cls == AbiClass::X87) return call_for_x87(function, words, layout.result, result);
    CallReturn returned;
    ndcall_call_words(function, &words, &returned);
    if (!layout.result.is_block) return store_result(layout.result, returned, result);
    if (layout.result.cls != AbiClass::Memory) store_block(layout.result, returned, result);
}

namespace {

// `index` counts in the class's own registers; x87 results are on top of each other.
std::string name_register(AbiClass cls, std::size_t index, std::span<const char* const> integers, std::span<const char* const> floats) {
    if (cls == AbiClass::X87) return "st" + std::to_string(index);
    return (cls == AbiClass::Float ? floats : integers)[index];
}

}  // namespace

std::string describe_native_place(const ValuePlace& place) {
    if (place.on_stack) return "stack+" + std::to_string(place.index * 8);
    const RegisterTable& names = native_registers;
    std::string text = name_register(place.cls, place.index, names.integers, names.floats);
    if (place.second != AbiClass::None) text += " + " + name_register(place.second, place.second_index, names.integers, names.floats);
    return text;
}

std::string describe_native_result(const ValuePlace& place) {
    if (place.cls == AbiClass::None) return "none";
    if (place.cls == AbiClass::Memory) return "memory";
    const RegisterTable& names = native_registers;
    std::string text = name_register(place.cls, 0, names.integer_results, names.float_results);
    if (place.second != AbiClass::None)
        text += " + " + name_register(place.second, place.second_index, names.integer_results, names.float_results);
    return text;
}

}  // namespace ndcall

#endif
