#include "abi/word.hpp"

#include <bit>
#include <climits>
#include <cstring>

namespace ndcall {

namespace {

ValuePlace make_place(AbiClass cls, std::uint32_t size, bool is_signed = false, bool is_bool = false) {
    ValuePlace place;
    place.cls = cls;
    place.size = size;
    place.is_signed = is_signed;
    place.is_bool = is_bool;
    return place;
}

}  // namespace

ValuePlace classify_word(const Type& type) {
    const bool fits_word = type.size == 1 || type.size == 2 || type.size == 4 || type.size == 8;
    ValuePlace block = make_place(AbiClass::Memory, type.size);
    block.is_block = true;
    switch (type.kind) {
        case Kind::Void: return make_place(AbiClass::None, 0);
        case Kind::Pointer:
        case Kind::Array:
        case Kind::Function: return make_place(AbiClass::Integer, sizeof(void*));
        case Kind::Enum: return classify_word(*type.target);
        case Kind::Bool: return type.size == 1 ? make_place(AbiClass::Integer, 1, false, true) : block;
        case Kind::Character: return fits_word ? make_place(AbiClass::Integer, type.size, CHAR_MIN < 0) : block;
        case Kind::Signed: return fits_word ? make_place(AbiClass::Integer, type.size, true) : block;
        case Kind::Unsigned: return fits_word ? make_place(AbiClass::Integer, type.size) : block;
        case Kind::Float: return fits_word && type.size > 1 ? make_place(AbiClass::Float, type.size) : block;
        default: return block;
    }
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
    const std::uint64_t word = place.cls == AbiClass::Float ? returned.floats[0].low : returned.integers[0];
    const std::uint64_t value = place.is_bool ? (word & 0xff) != 0 : word;
    const std::size_t low = std::endian::native == std::endian::little ? 0 : sizeof value - place.size;
    std::memcpy(result, reinterpret_cast<const std::byte*>(&value) + low, place.size);
}

}  // namespace ndcall
