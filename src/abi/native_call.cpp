// Calls made by the trampoline.
#include "abi/native_abi.hpp"

#if NDCALL_HAS_TRAMPOLINE

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>

#include "abi/call_words.h"
#include "abi/short_buffer.hpp"
#include "abi/word.hpp"

namespace ndcall {

static_assert(offsetof(CallWords, floats) == WORDS_FLOATS && offsetof(CallWords, integers) == WORDS_INTEGERS);
static_assert(offsetof(CallWords, stack) == WORDS_STACK && offsetof(CallWords, stack_words) == WORDS_STACK_WORDS);
static_assert(offsetof(CallWords, floats_used) == WORDS_FLOATS_USED);
static_assert(offsetof(CallReturn, floats) == RETURN_FLOATS && offsetof(CallReturn, integers) == RETURN_INTEGERS);
static_assert(native_abi.integers.size() <= std::size(CallWords{}.integers));
static_assert(native_abi.floats.size() <= std::size(CallWords{}.floats));

namespace {

constexpr std::uint32_t word_bytes = 8;

// Hands out the registers and stack words of one call.
class Placing {
  public:
    CallLayout layout;

    void place_parameter(const Declarations& declarations, const Type& function, std::size_t i) {
        ValuePlace place = classify_word(*function.parameters[i].type);
        std::uint32_t align = word_bytes;
        if (place.is_block || place.cls == AbiClass::None) {
            const FlatValue value = flatten_parameter(declarations, function, i);
            set_classes(place, value, classify_argument(value));
            align = value.align;
        }
        if (place.cls == AbiClass::Address) place.copy = take_words(layout.copy_words, place.size, align);
        if (!take_registers(place)) take_stack(place, align);
        layout.parameters.push_back(place);
    }

    void place_result(const Declarations& declarations, const Type& function) {
        ValuePlace& place = layout.result;
        place = classify_word(*function.target);
        if (!place.is_block) return;
        const FlatValue value = flatten_result(declarations, function);
        set_classes(place, value, classify_result(value));
        std::uint8_t floats = 0, others = 0;
        for (RegisterPart& part : place.parts) part.index = (part.cls == AbiClass::Float ? floats : others)++;
        if (place.cls == AbiClass::Memory && native_abi.result_address < native_abi.integers.size()) ++layout.integers;
    }

  private:
    void set_classes(ValuePlace& place, const FlatValue& value, const BlockClasses& classes) {
        place.cls = classes.cls;
        place.size = value.size;
        place.part_size = classes.part_size;
        for (int i = 0; i < most_parts; ++i) place.parts[i].cls = classes.parts[i];
        layout.direct = false;
    }

    // A value takes registers as a whole or not at all.
    bool take_registers(ValuePlace& place) {
        if (place.cls == AbiClass::Memory) return false;
        const bool has_integers = reserve(layout.integers, native_abi.integers.size(), count_registers(place, AbiClass::Integer));
        const bool has_floats = reserve(layout.floats, native_abi.floats.size(), count_registers(place, AbiClass::Float));
        if (!has_integers || !has_floats) return false;
        if (place.cls != AbiClass::Parts) place.index = next_of(place.cls)++;
        for (RegisterPart& part : place.parts)
            if (part.cls != AbiClass::None) part.index = static_cast<std::uint8_t>(next_of(part.cls)++);
        return true;
    }

    static bool reserve(std::uint16_t& used, std::size_t available, std::size_t needed) {
        if (used + needed <= available) return true;
        if (native_abi.stack_ends_registers) used = static_cast<std::uint16_t>(available);
        return false;
    }

    static std::size_t count_registers(const ValuePlace& place, AbiClass cls) {
        if (place.cls != AbiClass::Parts) return (place.cls == AbiClass::Float) == (cls == AbiClass::Float);
        return static_cast<std::size_t>(std::ranges::count(place.parts, cls, &RegisterPart::cls));
    }

    std::uint16_t& next_of(AbiClass cls) { return cls == AbiClass::Float ? layout.floats : layout.integers; }

    void take_stack(ValuePlace& place, std::uint32_t align) {
        place.on_stack = true;
        if (place.cls == AbiClass::Parts) place.cls = AbiClass::Memory;
        place.index = place.cls == AbiClass::Memory ? take_words(layout.stack_words, place.size, align)
                                                    : take_words(layout.stack_words, word_bytes, word_bytes);
    }

    static std::uint16_t take_words(std::uint16_t& used, std::uint32_t bytes, std::uint32_t align) {
        const std::uint32_t index = align > word_bytes ? (used + 1U) / 2 * 2 : used;
        const std::uint32_t end = index + (bytes + word_bytes - 1) / word_bytes;
        constexpr std::uint32_t most_words = std::numeric_limits<std::uint16_t>::max();
        if (end > most_words)
            throw UncallableError("its arguments take more than " + std::to_string(most_words * word_bytes) + " bytes of stack");
        used = static_cast<std::uint16_t>(end);
        return static_cast<std::uint16_t>(index);
    }
};

}  // namespace

CallLayout lay_out_native_call(const Declarations& declarations, const Type& function) {
    Placing placing;
    placing.layout.direct = true;
    placing.place_result(declarations, function);
    placing.layout.parameters.reserve(function.parameters.size());
    for (std::size_t i = 0; i < function.parameters.size(); ++i) placing.place_parameter(declarations, function, i);
    return std::move(placing.layout);
}

namespace {

// Calls visit(part, its offset in the value, its bytes).
template <class Visit>
void walk_parts(const ValuePlace& place, const Visit& visit) {
    std::uint32_t offset = 0;
    for (const RegisterPart& part : place.parts) {
        if (part.cls == AbiClass::None) return;
        visit(part, offset, std::min<std::uint32_t>(place.part_size, place.size - offset));
        offset += place.part_size;
    }
}

void load_parts(const ValuePlace& place, const std::byte* value, CallWords& words) noexcept {
    walk_parts(place, [&](const RegisterPart& part, std::uint32_t offset, std::uint32_t bytes) {
        FloatRegister loaded{};
        std::memcpy(&loaded, value + offset, bytes);
        if (part.cls == AbiClass::Float)
            words.floats[part.index] = loaded;
        else
            words.integers[part.index] = loaded.low;
    });
}

void store_parts(const ValuePlace& place, const CallReturn& returned, std::byte* result) noexcept {
    walk_parts(place, [&](const RegisterPart& part, std::uint32_t offset, std::uint32_t bytes) {
        const void* from = &returned.integers[part.index];
        if (part.cls == AbiClass::Float) from = &returned.floats[part.index];
        std::memcpy(result + offset, from, bytes);
    });
}

// The memory that C sees: the words of the stack, and behind them the copies of what travels by address.
class CallMemory {
  public:
    explicit CallMemory(const CallLayout& layout)
        : first_copy_((layout.stack_words + 1U) / 2 * 2), words_(first_copy_ + layout.copy_words) {}
    std::uint64_t* stack() { return words_.data(); }
    std::uint64_t* copies() { return words_.data() + first_copy_; }

  private:
    std::size_t first_copy_;  // even: copies are aligned to 16 bytes, as ShortBuffer is
    ShortBuffer<std::uint64_t, 32> words_;
};

void load_value(const ValuePlace& place, const void* value, CallWords& words, CallMemory& memory) noexcept {
    std::uint64_t* home = place.on_stack                 ? memory.stack() + place.index
                          : place.cls == AbiClass::Float ? &words.floats[place.index].low
                                                         : words.integers + place.index;
    switch (place.cls) {
        case AbiClass::Parts: return load_parts(place, static_cast<const std::byte*>(value), words);
        case AbiClass::Memory: std::memcpy(home, value, place.size); return;
        case AbiClass::Address:
            std::memcpy(memory.copies() + place.copy, value, place.size);
            *home = reinterpret_cast<std::uintptr_t>(memory.copies() + place.copy);
            return;
        default: *home = load_word(place, value);
    }
}

}  // namespace

void store_returned(const ValuePlace& place, const CallReturn& returned, void* result) noexcept {
    if (place.cls == AbiClass::Parts)
        store_parts(place, returned, static_cast<std::byte*>(result));
    else if (place.cls != AbiClass::Memory)
        store_result(place, returned, result);
}

void invoke_native(const CallLayout& layout, void (*function)(), const void* const* values, void* result) {
    CallMemory memory(layout);
    CallWords words;
    words.stack = memory.stack();
    words.stack_words = layout.stack_words;
    words.floats_used = layout.floats;
    if (layout.result.cls == AbiClass::Memory) words.integers[native_abi.result_address] = reinterpret_cast<std::uintptr_t>(result);
    for (std::size_t i = 0; i < layout.parameters.size(); ++i) load_value(layout.parameters[i], values[i], words, memory);
    call_native(function, words, layout.result, result);
}

namespace {

using Names = std::span<const char* const>;

std::string join_parts(const ValuePlace& place, Names integers, Names floats) {
    std::string text;
    walk_parts(place, [&](const RegisterPart& part, std::uint32_t offset, std::uint32_t) {
        const Names names = part.cls == AbiClass::X87 ? native_abi.x87_results : part.cls == AbiClass::Float ? floats : integers;
        text += std::string(offset > 0 ? " + " : "") + names[part.index];
    });
    return text;
}

}  // namespace

std::string describe_native_place(const ValuePlace& place) {
    if (place.cls == AbiClass::Parts) return join_parts(place, native_abi.integers, native_abi.floats);
    const Names names = place.cls == AbiClass::Float ? native_abi.floats : native_abi.integers;
    const std::string text = place.on_stack ? "stack+" + std::to_string(place.index * word_bytes) : names[place.index];
    return place.cls == AbiClass::Address ? text + " (address)" : text;
}

std::string describe_native_result(const ValuePlace& place) {
    switch (place.cls) {
        case AbiClass::None: return "none";
        case AbiClass::Memory: return "memory";
        case AbiClass::Parts: return join_parts(place, native_abi.integer_results, native_abi.float_results);
        default: return (place.cls == AbiClass::Float ? native_abi.float_results : native_abi.integer_results)[0];
    }
}

}  // namespace ndcall

#endif
