// What C says of a type, as read: facts only, sizes in bytes on the target that the library was built for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ndcall {

enum class Kind : std::uint8_t {
    Void,
    Bool,
    Character,  // plain `char`: text in C's eyes. `signed char` and `unsigned char` are numbers
    Signed,
    Unsigned,
    Float,    // 2, 4, 8 bytes; 16 is x86's long double
    Complex,  // C99 complex: 8, 16, 32 bytes
    Pointer,
    Array,
    Struct,
    Union,
    Enum,
    Function,
    Other,  // known to C, not to us (vectors, 128-bit integers, _Float128): `spelling` says what
};

struct Type;

// A parameter of a function or of a function type. `name` is empty when C gives none.
struct Parameter {
    std::string name;
    const Type* type = nullptr;  // as written: an array stays an array here, with its extents
    bool operator==(const Parameter&) const = default;
};

struct Type {
    Kind kind = Kind::Void;
    bool is_const = false, is_volatile = false, is_restrict = false;  // Array: as in `a[const n]`; const items are a const `target`
    std::uint32_t size = 0, align = 0;                                // bytes; 0: unknown, incomplete, or an extent that only a call knows
    std::string spelling;               // the typedef's name as written (`size_t`); C's own words where kind and size do not tell them
                                        // (`long long` beside `long`, `__int128` of Other); else empty
    std::string tag;                    // Struct, Union, Enum: the name to look up in Declarations
    const Type* target = nullptr;       // Pointer: pointee. Array: item. Function: result. Enum: the integer below. Never null for these
    std::string extent;                 // Array: the outermost extent as C text ("n", "2 * n + 1", "3"); "" is `[]`, "*" is `[*]`
    bool extent_is_static = false;      // Array: written `[static n]`
    std::vector<Parameter> parameters;  // Function
    bool is_variadic = false;           // Function: `...`
    bool has_prototype = true;          // Function: false for `int f();`, which tells nothing of its parameters

    bool operator==(const Type&) const = default;  // of one Declarations: targets are compared by address
};

// The type as C writes it around a name: print_c(pointer to double, "a") is "double *a".
std::string print_c(const Type& type, const std::string& name = {});

}  // namespace ndcall
