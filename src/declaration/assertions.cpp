#include "declaration/assertions.hpp"

#include <algorithm>
#include <set>

#include "declaration/scanner.hpp"

namespace ndcall {

namespace {

// Numbers by __builtin_classify_type, which gcc and clang number alike.
constexpr int real_class = 8, complex_class = 9;

bool is_sayable(const Type& type) {
    switch (type.kind) {
        case Kind::Other: return !type.spelling.empty();
        case Kind::Struct:
        case Kind::Union:
        case Kind::Enum:
            if (type.tag == "__va_list_tag") return false;  // clang's own, in every text
            return !type.spelling.empty() || is_identifier(type.tag);
        case Kind::Pointer:
        case Kind::Array: return !type.spelling.empty() || is_sayable(*type.target);
        case Kind::Function:
            return !type.spelling.empty() ||
                   (is_sayable(*type.target) && std::all_of(type.parameters.begin(), type.parameters.end(),
                                                            [](const Parameter& parameter) { return is_sayable(*parameter.type); }));
        default: return true;
    }
}

bool is_number(const std::string& extent) { return !extent.empty() && extent.find_first_not_of("0123456789") == std::string::npos; }

class Asserter {
  public:
    explicit Asserter(const Declarations& declarations) : declarations_(declarations) {}

    std::vector<Assertion> make() {
        for (const FunctionDeclaration& function : declarations_.functions) add_function(function);
        for (const Type& type : declarations_.types) add_type(type);
        for (const EnumDeclaration& enumeration : declarations_.enums) add_enumerators(enumeration);
        return std::move(assertions_);
    }

  private:
    void add(const std::string& condition, const std::string& claim, const Location& location) {
        assertions_.push_back({"_Static_assert(" + condition + ", \"\");", claim, location});
    }

    // Without the names of parameters, which may be macros by now, and extents that speak of them: [*] says as much.
    const Type* strip_names(const Type& type) {
        if (!type.spelling.empty() || !type.target) return &type;
        Type& copy = copies_.emplace_back(type);
        copy.target = strip_names(*type.target);
        if (copy.kind == Kind::Array && !copy.extent.empty() && !is_number(copy.extent)) copy.extent = "*";
        for (Parameter& parameter : copy.parameters) parameter = {"", strip_parameter(*parameter.type)};
        return &copy;
    }

    // A parameter that is an array is a pointer to its items.
    const Type* strip_parameter(const Type& type) {
        const Type* stripped = strip_names(type);
        if (stripped->kind != Kind::Array || !stripped->spelling.empty()) return stripped;
        Type pointer;
        pointer.kind = Kind::Pointer;
        pointer.target = stripped->target;
        return &copies_.emplace_back(pointer);
    }

    void add_function(const FunctionDeclaration& function) {
        const Type& type = *function.type;
        if (!function.invalid.empty() || !type.has_prototype || !is_sayable(type)) return;
        const std::string said = print_c(*strip_names(type));
        add("__builtin_types_compatible_p(__typeof__((" + function.name + ")), " + said + ")", function.name + " is " + said,
            function.location);
    }

    // Of each name once.
    void add_type(const Type& type) {
        const bool is_record = type.kind == Kind::Struct || type.kind == Kind::Union;
        if ((type.spelling.empty() && !is_record) || !is_sayable(type)) return;
        Type plain = type;
        plain.is_const = plain.is_volatile = plain.is_restrict = false;
        const std::string name = print_c(plain);
        if (!said_.insert(name).second) return;
        if (is_record) return add_record(name, declarations_.find_struct(type.tag));
        const std::string bytes = std::to_string(type.size), cast = "(" + name + ")";
        std::string condition = "sizeof" + cast + " == " + bytes, kind = " bytes";
        switch (type.kind) {
            case Kind::Signed:
                condition += " && " + cast + "-1 < 0";
                kind += " and is signed";
                break;
            case Kind::Unsigned:
                condition += " && " + cast + "-1 > 0";
                kind += " and is unsigned";
                break;
            case Kind::Float:
                condition += " && __builtin_classify_type(" + cast + "0) == " + std::to_string(real_class);
                kind += " and is real";
                break;
            case Kind::Complex:
                condition += " && __builtin_classify_type(" + cast + "0) == " + std::to_string(complex_class);
                kind += " and is complex";
                break;
            case Kind::Bool:
            case Kind::Character:
            case Kind::Enum:
            case Kind::Pointer: break;
            default: return;
        }
        if (type.size != 0) add(condition, name + " has " + bytes + kind, {});
    }

    void add_record(const std::string& name, const StructDeclaration* record) {
        if (!record || !record->is_complete || !record->invalid.empty()) return;
        const std::string size = std::to_string(record->size), align = std::to_string(record->align);
        add("sizeof(" + name + ") == " + size + " && _Alignof(" + name + ") == " + align,
            name + " has " + size + " bytes and is aligned to " + align, record->location);
        for (const Field& field : record->fields) {
            if (field.name.empty() || field.bit_width >= 0) continue;
            const std::string offset = std::to_string(field.offset);
            std::string condition = "__builtin_offsetof(" + name + ", " + field.name + ") == " + offset;
            if (field.type->size != 0)
                condition += " && sizeof(((" + name + " *)0)->" + field.name + ") == " + std::to_string(field.type->size);
            add(condition, field.name + " of " + name + " lies at byte " + offset + ", with " + std::to_string(field.type->size),
                record->location);
        }
    }

    void add_enumerators(const EnumDeclaration& enumeration) {
        if (!enumeration.invalid.empty()) return;
        for (const Enumerator& member : enumeration.members) {
            // One type for all, and no literal that is too large for a signed one.
            const std::string value = std::to_string(static_cast<std::uint64_t>(member.value)) + "ULL";
            add("(unsigned long long)(" + member.name + ") == " + value, member.name + " is " + std::to_string(member.value),
                enumeration.location);
        }
    }

    const Declarations& declarations_;
    std::vector<Assertion> assertions_;
    std::deque<Type> copies_;
    std::set<std::string> said_;
};

}  // namespace

std::vector<Assertion> assert_facts(const Declarations& declarations) { return Asserter(declarations).make(); }

}  // namespace ndcall
