// How C passes values: which register or stack word gets what, and the call itself.
//
// Functions of integers, pointers, float and double go through a trampoline of ours (one .S file per ABI, its registers one row in
// registers.hpp). Structs by value, complex, long double, and every function on a CPU without a trampoline go through libffi.
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

// What one C value is for the calling convention.
enum class AbiClass : std::uint8_t {
    None,     // the result of a void function
    Integer,  // integers, bool, enums, pointers: up to 8 bytes
    Float,    // _Float16, float, double
    Other,    // placed by libffi, because this value or another one of the same call needs it
};

struct ValuePlace {
    AbiClass cls = AbiClass::None;
    bool is_signed = false, is_bool = false;
    bool on_stack = false;
    std::uint16_t index = 0;  // number of the register within its class, or of the stack word; meaningless for Other
    std::uint32_t size = 0;   // bytes of the C value in memory
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
    std::uint16_t integers = 0, floats = 0;  // registers used; 0 when not direct
    std::uint16_t stack_words = 0;
    bool direct = false;                 // the trampoline makes the call, and no value is Other
    std::shared_ptr<const FfiCall> ffi;  // set exactly when not direct
};

// `function` is of Kind::Function; array and function parameters count as the pointers they are. `declarations` knows the structs that are
// passed by value. Throws UncallableError.
CallLayout lay_out_call(const Declarations& declarations, const Type& function);

// Calls `function`. values[i] is the address of parameter i as its C type lies in memory (any alignment); a bool is passed as 0 or 1.
// `result` is aligned to 16 and holds max(32, result.size) bytes; the raw C value is written at its start. nullptr will do for void.
// C++ exceptions of the callee pass through.
void invoke(const CallLayout& layout, void (*function)(), const void* const* values, void* result);

// For show(): "rdi", "xmm0", "stack+8", "libffi"; results: "rax", "xmm0", "libffi", "none".
std::string describe_place(const ValuePlace& place);
std::string describe_result_place(const ValuePlace& place);

// The form of the fast path, which fills registers itself. Each word holds one value: integers sign- or zero-extended to 64 bits,
// floating values in the low bits. Registers that the layout does not use may stay uninitialised.
struct CallWords {
    std::uint64_t integers[8];  // x86-64 has 6 of them
    std::uint64_t floats[8];
    const std::uint64_t* stack;  // may be null when stack_words is 0
    std::uint32_t stack_words;
    std::uint32_t floats_used;  // CallLayout::floats; more does no harm
};

struct CallReturn {
    std::uint64_t integer;  // upper bits of a narrow result are garbage
    std::uint64_t floating;
};

// Only for layouts that are direct. C++ exceptions of the callee pass through.
extern "C" void ndcall_call_words(void (*function)(), const CallWords* words, CallReturn* returned);

// The word that passes the C value at `value`, and the C value that came back. Never for Other.
std::uint64_t load_word(const ValuePlace& place, const void* value) noexcept;
void store_result(const ValuePlace& place, const CallReturn& returned, void* result) noexcept;

}  // namespace ndcall
