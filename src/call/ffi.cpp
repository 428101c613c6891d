#include "call/ffi.hpp"

#include <ffi.h>

#include <cstring>
#include <deque>
#include <type_traits>

#include "call/registers.hpp"
#include "call/short_buffer.hpp"

namespace ndcall {

namespace {

// By-value arguments are copied to the stack of the calling thread, and every array item of a struct becomes an object of libffi's.
constexpr std::size_t most_bytes = 1 << 16;
constexpr int deepest_struct = 32;

[[noreturn]] void refuse(const Type& type, const std::string& reason) { throw UncallableError("'" + print_c(type) + "' " + reason); }

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

// Null for what is no scalar, or none that libffi knows.
ffi_type* scalar_of(const Type& type) {
    switch (type.kind) {
        case Kind::Bool:
        case Kind::Unsigned: return integer_of(type.size, false);
        case Kind::Character: return integer_of(type.size, std::is_signed_v<char>);
        case Kind::Signed: return integer_of(type.size, true);
        case Kind::Enum: return scalar_of(*type.target);
        case Kind::Float: return float_of(type.size);
        case Kind::Complex: return complex_of(type.size);
        case Kind::Pointer: return &ffi_type_pointer;
        default: return nullptr;
    }
}

bool is_integer(const ffi_type& type) { return type.type >= FFI_TYPE_UINT8 && type.type <= FFI_TYPE_SINT64; }

// A struct as libffi wants it: its members in order, arrays as so many single items.
struct StructType {
    ffi_type type{};
    std::vector<ffi_type*> elements;         // ends with a null
    std::vector<std::size_t> first_element;  // of each field
};

// Describes the types of one call; owns the structs among them.
class TypeTable {
  public:
    explicit TypeTable(const Declarations& declarations) : declarations_(declarations) {}

    ffi_type* add_value(const Type& type, int depth = 0) {
        if (ffi_type* scalar = scalar_of(type)) return scalar;
        switch (type.kind) {
            case Kind::Struct: return add_struct(type, depth);
            case Kind::Union: refuse(type, "is a union, and unions cannot be passed by value");
            case Kind::Float:
            case Kind::Complex: refuse(type, "cannot be passed by libffi, which has to make this call");
            default: refuse(type, "cannot be passed by value");
        }
    }

    std::deque<StructType> take_structs() { return std::move(structs_); }

  private:
    ffi_type* add_struct(const Type& type, int depth) {
        const StructDeclaration* found = declarations_.find_struct(type.tag);
        if (!found || !found->is_complete) refuse(type, "is incomplete: what was read does not say what it holds");
        if (!found->invalid.empty()) refuse(type, "cannot be trusted: " + found->invalid);
        if (found->fields.empty()) refuse(type, "has no members, and empty structs cannot be passed by value");
        if (found->size > most_bytes) refuse(type, "is " + std::to_string(found->size) + " bytes long, too much to pass by value");
        if (depth == deepest_struct) refuse(type, "is nested too deeply to be passed by value");
        StructType built;
        for (const Field& field : found->fields) {
            if (field.bit_width >= 0) refuse(type, "has a bit-field ('" + field.name + "'), and such structs cannot be passed by value");
            built.first_element.push_back(built.elements.size());
            append_member(*field.type, type, field, depth, built.elements);
        }
        return keep_struct(type, *found, std::move(built));
    }

    void append_member(const Type& member, const Type& owner, const Field& field, int depth, std::vector<ffi_type*>& elements) {
        const Type* item = &member;
        while (item->kind == Kind::Array) item = item->target;
        std::size_t count = 1;
        if (member.kind == Kind::Array) {
            if (member.size == 0 || item->size == 0) refuse(owner, "has an array of unknown length ('" + field.name + "')");
            count = member.size / item->size;
        }
        if (count > elements_left_) refuse(owner, "holds too many items to be passed by value");
        elements_left_ -= count;
        elements.insert(elements.end(), count, add_value(*item, depth + 1));
    }

    // libffi lays the members out by C's plain rules; where the compiler did otherwise, the struct would arrive garbled.
    ffi_type* keep_struct(const Type& type, const StructDeclaration& declared, StructType&& built) {
        StructType& kept = structs_.emplace_back(std::move(built));
        kept.type.type = FFI_TYPE_STRUCT;
        std::vector<std::size_t> offsets(kept.elements.size());
        kept.elements.push_back(nullptr);
        kept.type.elements = kept.elements.data();
        if (ffi_get_struct_offsets(FFI_DEFAULT_ABI, &kept.type, offsets.data()) != FFI_OK) refuse(type, "cannot be passed by libffi");
        for (std::size_t i = 0; i < declared.fields.size(); ++i) {
            const std::size_t plain = offsets[kept.first_element[i]];
            if (declared.fields[i].offset != plain)
                refuse(type, "is packed or aligned by hand: its member '" + declared.fields[i].name + "' lies at byte " +
                                 std::to_string(declared.fields[i].offset) + " instead of " + std::to_string(plain) +
                                 ", and such structs cannot be passed by value");
        }
        if (kept.type.size != declared.size || kept.type.alignment != declared.align)
            refuse(type, "is packed or aligned by hand: it has " + std::to_string(declared.size) + " bytes, aligned to " +
                             std::to_string(declared.align) + ", instead of " + std::to_string(kept.type.size) + ", aligned to " +
                             std::to_string(kept.type.alignment) + ", and such structs cannot be passed by value");
        return &kept.type;
    }

    const Declarations& declarations_;
    std::deque<StructType> structs_;  // stable addresses: libffi keeps pointers
    std::size_t elements_left_ = most_bytes;
};

}  // namespace

// Immutable after preparation. The types of libffi's own (ffi_type_double and so on) live for ever.
class FfiCall {
  public:
    ffi_cif cif{};
    std::vector<ffi_type*> arguments;  // cif points into it
    std::vector<bool> extended;        // this argument is passed as a whole word, which the caller fills
    std::deque<StructType> structs;    // arguments points into it
};

namespace {

ffi_type* describe_result(TypeTable& types, const Type& type) {
    if (type.kind == Kind::Void) return &ffi_type_void;
    try {
        return types.add_value(type);
    } catch (const UncallableError& error) {
        throw UncallableError(std::string("the result: ") + error.what());
    }
}

ffi_type* describe_parameter(TypeTable& types, const Type& function, std::size_t i) {
    const Parameter& parameter = function.parameters[i];
    if (parameter.type->kind == Kind::Array || parameter.type->kind == Kind::Function) return &ffi_type_pointer;
    try {
        return types.add_value(*parameter.type);
    } catch (const UncallableError& error) {
        const std::string name = parameter.name.empty() ? "" : " ('" + parameter.name + "')";
        throw UncallableError("parameter " + std::to_string(i + 1) + name + ": " + error.what());
    }
}

}  // namespace

std::shared_ptr<const FfiCall> prepare_ffi_call(const Declarations& declarations, const Type& function) {
    auto call = std::make_shared<FfiCall>();
    TypeTable types(declarations);
    ffi_type* result = describe_result(types, *function.target);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        ffi_type* type = describe_parameter(types, function, i);
        // libffi leaves garbage above narrow integers on the stack. Where a word is the argument's own, it gets an extended one.
        call->extended.push_back(native_registers.words_are_whole && is_integer(*type));
        if (call->extended.back()) type = &ffi_type_uint64;
        call->arguments.push_back(type);
        bytes += type->size;
    }
    if (bytes > most_bytes)
        throw UncallableError("its arguments by value are " + std::to_string(bytes) + " bytes long, too much for one call");
    call->structs = types.take_structs();
    const auto count = static_cast<unsigned>(call->arguments.size());
    if (ffi_prep_cif(&call->cif, FFI_DEFAULT_ABI, count, result, call->arguments.data()) != FFI_OK)
        throw UncallableError("libffi refuses its types");
    return call;
}

void invoke_ffi(const CallLayout& layout, void (*function)(), const void* const* values, void* result) {
    const FfiCall& call = *layout.ffi;
    const std::size_t count = call.arguments.size();
    ShortBuffer<std::uint64_t, 16> words(count);
    ShortBuffer<void*, 16> addresses(count);
    for (std::size_t i = 0; i < count; ++i) {
        const ValuePlace& place = layout.parameters[i];
        // SAFETY: libffi reads the values and never writes them; its interface is older than const.
        addresses[i] = const_cast<void*>(values[i]);
        if (call.extended[i]) {
            words[i] = load_word(place, values[i]);
            addresses[i] = &words[i];
        } else if (place.is_bool) {
            const std::uint8_t bit = load_word(place, values[i]) != 0;
            std::memcpy(addresses[i] = &words[i], &bit, sizeof bit);
        }
    }
    // SAFETY: ffi_call only reads the description, so that threads may share it.
    auto* cif = const_cast<ffi_cif*>(&call.cif);
    if (is_integer(*call.cif.rtype)) {
        // libffi returns integers narrower than a register as a whole ffi_arg.
        ffi_arg word = 0;
        static_assert(sizeof word == sizeof(std::uint64_t));
        ffi_call(cif, function, &word, addresses.data());
        ValuePlace place = layout.result;
        place.cls = AbiClass::Integer;
        store_result(place, {.integer = word, .floating = 0}, result);
        return;
    }
    if (layout.result.size > 0) std::memset(result, 0, layout.result.size);  // the padding of a long double would stay garbage
    ffi_call(cif, function, result, addresses.data());
}

}  // namespace ndcall
