#include "plan/types.hpp"

#include <array>
#include <utility>

namespace ndcall {

namespace {

struct NamedDType {
    std::string_view name;
    char kind;
    std::uint8_t itemsize;
};

constexpr std::array named_dtypes{
    NamedDType{"bool", 'b', 1},         NamedDType{"int8", 'i', 1},      NamedDType{"int16", 'i', 2},
    NamedDType{"int32", 'i', 4},        NamedDType{"int64", 'i', 8},     NamedDType{"uint8", 'u', 1},
    NamedDType{"uint16", 'u', 2},       NamedDType{"uint32", 'u', 4},    NamedDType{"uint64", 'u', 8},
    NamedDType{"float16", 'f', 2},      NamedDType{"float32", 'f', 4},   NamedDType{"float64", 'f', 8},
    NamedDType{"longdouble", 'f', 16},  NamedDType{"complex64", 'c', 8}, NamedDType{"complex128", 'c', 16},
    NamedDType{"clongdouble", 'c', 32},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> complex_members{{{"re", "im"}, {"real", "imag"}, {"r", "i"}}};

// By the tags of the C libraries; their members are nobody's business but the library's.
struct MadeByC {
    std::string_view tag, reason;
};
constexpr std::string_view of_stream = "a stream, which only C can open: handles are not bound yet";
constexpr std::string_view of_arguments = "a list of arguments, which only C can make";
constexpr std::array made_by_c{
    MadeByC{"_IO_FILE", of_stream},         MadeByC{"__sFILE", of_stream},      MadeByC{"FILE", of_stream},
    MadeByC{"__va_list_tag", of_arguments}, MadeByC{"__va_list", of_arguments},
};

}  // namespace

std::optional<Scalar> find_scalar(const Type& type) {
    const auto size = static_cast<std::uint8_t>(type.size);
    switch (type.kind) {
        case Kind::Bool: return Scalar{ScalarKind::Bool, 1};
        case Kind::Character: return Scalar{ScalarKind::Signed, 1};
        case Kind::Signed: return Scalar{ScalarKind::Signed, size};
        case Kind::Unsigned: return Scalar{ScalarKind::Unsigned, size};
        case Kind::Float: return Scalar{ScalarKind::Float, size};
        case Kind::Complex: return Scalar{ScalarKind::Complex, size};
        case Kind::Enum: return find_scalar(*type.target);
        default: return std::nullopt;
    }
}

DType make_dtype(Scalar scalar) {
    static constexpr char kinds[] = {'b', 'i', 'u', 'f', 'c', 'u'};  // in the order of ScalarKind
    return DType{kinds[static_cast<std::size_t>(scalar.kind)], false, scalar.size};
}

Scalar make_scalar(DType dtype) {
    const auto size = static_cast<std::uint8_t>(dtype.itemsize);
    switch (dtype.kind) {
        case 'b': return {ScalarKind::Bool, size};
        case 'i': return {ScalarKind::Signed, size};
        case 'u': return {ScalarKind::Unsigned, size};
        case 'f': return {ScalarKind::Float, size};
        default: return {ScalarKind::Complex, size};
    }
}

std::string name_dtype(DType dtype) {
    for (const NamedDType& known : named_dtypes)
        if (known.kind == dtype.kind && known.itemsize == dtype.itemsize) return std::string(known.name);
    return "void" + std::to_string(dtype.itemsize * 8);
}

std::optional<DType> find_dtype(std::string_view name) {
    for (const NamedDType& known : named_dtypes)
        if (known.name == name) return DType{known.kind, false, known.itemsize};
    return std::nullopt;
}

std::vector<std::string> list_dtype_names() {
    std::vector<std::string> names;
    for (const NamedDType& known : named_dtypes) names.emplace_back(known.name);
    return names;
}

std::optional<Scalar> find_complex_struct(const StructDeclaration& record) {
    if (record.is_union || !record.is_complete || record.fields.size() != 2) return std::nullopt;
    const Field &real = record.fields[0], &imaginary = record.fields[1];
    if (real.type->kind != Kind::Float || imaginary.type->kind != Kind::Float || real.type->size != imaginary.type->size)
        return std::nullopt;
    if (real.offset != 0 || imaginary.offset != real.type->size || record.size != 2 * real.type->size) return std::nullopt;
    for (const auto& [first, second] : complex_members)
        if (real.name == first && imaginary.name == second) return Scalar{ScalarKind::Complex, static_cast<std::uint8_t>(record.size)};
    return std::nullopt;
}

std::string_view find_made_by_c(const Type& type) {
    if (type.kind != Kind::Struct) return {};
    for (const MadeByC& known : made_by_c)
        if (known.tag == type.tag) return known.reason;
    return {};
}

}  // namespace ndcall
