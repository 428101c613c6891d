#include "abi/ffi.hpp"

#include <ffi.h>

#include <cstring>
#include <deque>
#include <type_traits>

#include "abi/flat_value.hpp"
#include "abi/short_buffer.hpp"
#include "abi/word.hpp"

namespace ndcall {

namespace {

// A struct as libffi wants it: its members in order, arrays as so many single items.
struct StructType {
    ffi_type type{};
    std::vector<ffi_type*> elements;  // ends with a null
};

}  // namespace

// Immutable after preparation. The types of libffi's own (ffi_type_double and so on) live for ever.
class FfiCall {
  public:
    ffi_cif cif{};
    std::vector<ffi_type*> arguments;  // cif points into it
    std::deque<StructType> structs;    // `arguments` points into it
};

namespace {

ffi_type* integer_of(std::uint32_t size, bool is_signed) {
    switch (size) {
        case 1: return is_signed ? &ffi_type_sint8 : &ffi_type_uint8;
        case 2: return is_signed ? &ffi_type_sint16 : &ffi_type_uint16;
        case 4: return is_signed ? &ffi_type_sint32 : &ffi_type_uint32;
        case 8: return is_signed ? &ffi_type_sint64 : &ffi_type_uint64;
        default: return nullptr;
    }
}

ffi_type* float_of(std::uint32_t size) {
    if (size == sizeof(float)) return &ffi_type_float;
    if (size == sizeof(double)) return &ffi_type_double;
    return size == sizeof(long double) ? &ffi_type_longdouble : nullptr;
}

ffi_type* complex_of([[maybe_unused]] std::uint32_t size) {
#ifdef FFI_TARGET_HAS_COMPLEX_TYPE
    if (size == 2 * sizeof(float)) return &ffi_type_complex_float;
    if (size == 2 * sizeof(double)) return &ffi_type_complex_double;
    if (size == 2 * sizeof(long double)) return &ffi_type_complex_longdouble;
#endif
    return nullptr;
}

// Null for what libffi cannot pass.
ffi_type* scalar_of(const Type& type) {
    switch (type.kind) {
        case Kind::Bool:
        case Kind::Unsigned: return integer_of(type.size, false);
        case Kind::Character: return integer_of(type.size, std::is_signed_v<char>);
        case Kind::Signed: return integer_of(type.size, true);
        case Kind::Enum: return scalar_of(*type.target);
        case Kind::Float: return float_of(type.size);
        case Kind::Complex: return complex_of(type.size);
        case Kind::Pointer:
        case Kind::Array:
        case Kind::Function: return &ffi_type_pointer;
        case Kind::Void: return &ffi_type_void;
        default: return nullptr;
    }
}

// The struct was flattened before, so that everything below is known to be complete, finite and laid out as libffi will.
ffi_type* describe_struct(FfiCall& call, const Declarations& declarations, const Type& type) {
    StructType built;
    for (const Field& field : declarations.find_struct(type.tag)->fields) {
        const Type* item = field.type;
        while (item->kind == Kind::Array) item = item->target;
        const std::size_t count = field.type->kind == Kind::Array ? field.type->size / item->size : 1;
        ffi_type* element = item->kind == Kind::Struct ? describe_struct(call, declarations, *item) : scalar_of(*item);
        if (!element) throw UncallableError("libffi, which has to make this call, cannot pass '" + print_c(*item) + "'");
        built.elements.insert(built.elements.end(), count, element);
    }
    built.elements.push_back(nullptr);
    StructType& kept = call.structs.emplace_back(std::move(built));
    kept.type.type = FFI_TYPE_STRUCT;
    kept.type.elements = kept.elements.data();
    return &kept.type;
}

ffi_type* describe_value(FfiCall& call, const Declarations& declarations, const Type& type, const std::string& subject) {
    ffi_type* described = type.kind == Kind::Struct ? describe_struct(call, declarations, type) : scalar_of(type);
    if (!described) throw UncallableError(subject + ": libffi, which has to make this call, cannot pass '" + print_c(type) + "'");
    return described;
}

ValuePlace leave_to_libffi(ValuePlace place) {
    if (place.cls != AbiClass::None) place.cls = AbiClass::Other;
    return place;
}

}  // namespace

CallLayout lay_out_ffi_call(const Declarations& declarations, const Type& function) {
    CallLayout layout;
    auto call = std::make_shared<FfiCall>();
    layout.result = leave_to_libffi(classify_word(*function.target));
    if (layout.result.is_block) layout.result.size = flatten_result(declarations, function).size;
    ffi_type* result = describe_value(*call, declarations, *function.target, "the result");
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        const Type& type = *function.parameters[i].type;
        ValuePlace place = leave_to_libffi(classify_word(type));
        if (place.is_block || type.kind == Kind::Void) place.size = flatten_parameter(declarations, function, i).size;
        bytes += place.size;
        layout.parameters.push_back(place);
        call->arguments.push_back(describe_value(*call, declarations, type, name_parameter(function, i)));
    }
    if (bytes > most_value_bytes)
        throw UncallableError("its arguments are " + std::to_string(bytes) + " bytes long, too much for one call");
    const auto count = static_cast<unsigned>(call->arguments.size());
    if (ffi_prep_cif(&call->cif, FFI_DEFAULT_ABI, count, result, call->arguments.data()) != FFI_OK)
        throw UncallableError("libffi refuses its types");
    layout.ffi = std::move(call);
    return layout;
}

void invoke_ffi(const CallLayout& layout, void (*function)(), const void* const* values, void* result) {
    const std::size_t count = layout.parameters.size();
    ShortBuffer<std::uint8_t, 16> bits(count);
    ShortBuffer<void*, 16> addresses(count);
    for (std::size_t i = 0; i < count; ++i) {
        // SAFETY: libffi reads the values and never writes them; its interface is older than const.
        addresses[i] = const_cast<void*>(values[i]);
        if (!layout.parameters[i].is_bool) continue;
        bits[i] = load_word(layout.parameters[i], values[i]) != 0;
        addresses[i] = &bits[i];
    }
    // SAFETY: ffi_call only reads the description, so that threads may share it.
    auto* cif = const_cast<ffi_cif*>(&layout.ffi->cif);
    // libffi may write more than the value: integers come as a whole ffi_arg. The padding of a long double would be garbage.
    alignas(16) std::byte returned[32] = {};
    const bool is_short = layout.result.size <= sizeof returned;
    ffi_call(cif, function, is_short ? returned : result, addresses.data());
    if (!is_short || layout.result.cls == AbiClass::None) return;
    if (cif->rtype->type < FFI_TYPE_UINT8 || cif->rtype->type > FFI_TYPE_SINT64) {
        std::memcpy(result, returned, layout.result.size);
        return;
    }
    ffi_arg word;
    std::memcpy(&word, returned, sizeof word);
    ValuePlace place = layout.result;
    place.cls = AbiClass::Integer;
    CallReturn as_returned{};
    as_returned.integers[0] = word;
    store_result(place, as_returned, result);
}

}  // namespace ndcall
