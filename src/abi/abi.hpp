// How C passes values: which registers or stack words get what, and the call itself.
//
// Where there is a trampoline of ours (one .S file per ABI, its registers one row in native_abi.hpp) it makes every call: libffi 3.4
// loses some structs by value on x86-64 (tests/unit/abi/ffi_test.cpp shows which). On other CPUs libffi makes every call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "declaration/declaration.hpp"

namespace ndcall {

class FfiCall;

// Where a C value, or a part of one, travels.
enum class AbiClass : std::uint8_t {
    None,     // nowhere: the result of a void function
    Integer,  // integers, bool, enums, pointers
    Float,    // _Float16, float, double
    X87,      // parts of x86-64's results only: long double, on top of the floating-point stack
    Parts,    // a block in registers: each part is Integer, Float or X87
    Memory,   // a block: as a parameter on the stack, as a result at an address that the caller passes
    Address,  // a block of which C gets the address of a copy; that address travels as an integer
    Other,    // placed by libffi, because there is no trampoline for this CPU
};

// A register that holds a part of a block. `index` counts within the class.
struct RegisterPart {
    AbiClass cls = AbiClass::None;
    std::uint8_t index = 0;
};
inline constexpr int most_parts = 4;  // AArch64: a struct of four floating numbers

struct ValuePlace {
    AbiClass cls = AbiClass::None;
    bool is_signed = false, is_bool = false;
    bool is_block = false;           // structs, complex, long double: bytes that are passed as they are, not one number in one word
    bool on_stack = false;           // whatever the class: registers of the class are used up, or the value takes none
    std::uint8_t part_size = 0;      // Parts: bytes of the value in each register; the last may hold fewer
    RegisterPart parts[most_parts];  // Parts: in the order of the bytes; None ends them
    std::uint16_t index = 0;         // number of the register within its class, or of the first stack word
    std::uint16_t copy = 0;          // Address: first word of the copy among the call's copies
    std::uint32_t size = 0;          // bytes of the C value in memory
};

// Why a function cannot be called, in words for the user: "parameter 2 ('p'): ...", "the result: ...", "it is variadic: ...".
class UncallableError : public std::invalid_argument {
  public:
    using std::invalid_argument::invalid_argument;
};

// Immutable once made; copies share the libffi description.
struct CallLayout {
    std::vector<ValuePlace> parameters;
    ValuePlace result;
    std::uint16_t integers = 0, floats = 0;  // registers used
    std::uint16_t stack_words = 0;
    std::uint16_t copy_words = 0;  // of blocks that travel by address
    bool direct = false;           // the trampoline makes the call, and no value is a block: whoever fills CallWords may do so word by word
    std::shared_ptr<const FfiCall> ffi;  // set exactly where libffi makes the call; every value is Other then
};

// `function` is of Kind::Function; array and function parameters count as the pointers they are. `declarations` knows the structs that are
// passed by value. Throws UncallableError.
CallLayout lay_out_call(const Declarations& declarations, const Type& function);

// Calls `function`. values[i] is the address of parameter i as its C type lies in memory (any alignment); a bool is passed as 0 or 1.
// `result` holds result.size bytes, aligned as its C type, and receives the raw C value; nullptr will do for void.
// C++ exceptions of the callee pass through.
void invoke(const CallLayout& layout, void (*function)(), const void* const* values, void* result);

// For show(): "rdi", "xmm0", "rdi + xmm0", "stack+8", "x0 (address)", "libffi"; results: "rax", "xmm0", "st0", "memory", "libffi", "none".
std::string describe_place(const ValuePlace& place);
std::string describe_result_place(const ValuePlace& place);

// A vector register, as far as calls use it. Numbers of at most 8 bytes lie in `low`; `high` may stay uninitialised then.
struct FloatRegister {
    std::uint64_t low, high;
};

// The form of the fast path, which fills registers itself. Each word holds one value: integers sign- or zero-extended to 64 bits (more
// than AArch64 asks for), floating values in the low bits. Registers that the layout does not use may stay uninitialised.
// The trampolines know both structs: call_words.h.
struct CallWords {
    FloatRegister floats[8];
    std::uint64_t integers[9];   // x86-64 has 6 of them, AArch64 8 and the one for the address of a result
    const std::uint64_t* stack;  // may be null when stack_words is 0
    std::uint32_t stack_words;
    std::uint32_t floats_used;  // CallLayout::floats; more does no harm
};

struct CallReturn {
    FloatRegister floats[4];    // x86-64 returns in 2 of them and no high words
    std::uint64_t integers[2];  // upper bits of a narrow result are garbage
};

// Not for layouts with `ffi`. C++ exceptions of the callee pass through.
extern "C" void ndcall_call_words(void (*function)(), const CallWords* words, CallReturn* returned);

// The word that passes the C value at `value`, and the C value that came back. Only for direct layouts.
std::uint64_t load_word(const ValuePlace& place, const void* value) noexcept;
void store_result(const ValuePlace& place, const CallReturn& returned, void* result) noexcept;

}  // namespace ndcall
