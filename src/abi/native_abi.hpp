// The ABI that ndcall_call_words implements on this CPU: one row per trampoline, and where its blocks travel. The code is in the .S and
// .cpp file of the ABI's name.
#pragma once

#include <cstddef>
#include <span>

#include "abi/abi.hpp"
#include "abi/flat_value.hpp"

namespace ndcall {

struct NativeAbi {
    std::span<const char*const> integers, floats;                             // in the order in which arguments take them
    std::span<const char*const> integer_results, float_results, x87_results;  // and results
    std::uint16_t result_address = 0;   // in CallWords::integers, of the address of a result in memory; an argument's register is taken
    bool stack_ends_registers = false;  // once a value went to the stack, no later one takes a register of the class that it lacked
};

#if defined(__x86_64__) && defined(__LP64__) && defined(__ELF__)
#define NDCALL_HAS_TRAMPOLINE 1
// System V Application Binary Interface, AMD64 Architecture Processor Supplement, 3.2.3. sysv_x86_64.S, sysv_x86_64.cpp
inline constexpr const char* integer_registers[] = {"rdi", "rsi", "rdx", "rcx", "r8", "r9"};
inline constexpr const char* float_registers[] = {"xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7"};
inline constexpr const char* integer_results[] = {"rax", "rdx"};
inline constexpr const char* float_results[] = {"xmm0", "xmm1"};
inline constexpr const char* x87_results[] = {"st0", "st1"};
inline constexpr NativeAbi native_abi = {integer_registers, float_registers, integer_results, float_results, x87_results, 0, false};
#elif defined(__AARCH64EL__) && defined(__LP64__) && defined(__ELF__)
#define NDCALL_HAS_TRAMPOLINE 1
// Procedure Call Standard for the Arm 64-bit Architecture, 6.8.2. aapcs64.S, aapcs64.cpp. Not Apple's, which is no ELF: it packs the
// arguments on the stack.
inline constexpr const char* integer_registers[] = {"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7"};
inline constexpr const char* float_registers[] = {"v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7"};
inline constexpr const char* integer_results[] = {"x0", "x1"};
inline constexpr const char* float_results[] = {"v0", "v1", "v2", "v3"};
inline constexpr NativeAbi native_abi = {integer_registers, float_registers, integer_results, float_results, {}, 8, true};
#else
#define NDCALL_HAS_TRAMPOLINE 0
inline constexpr NativeAbi native_abi;
#endif

// How a block travels: Address, Memory, or Parts in registers of these classes, `part_size` bytes in each.
struct BlockClasses {
    AbiClass cls = AbiClass::Memory;
    AbiClass parts[most_parts] = {};  // None ends them
    std::uint8_t part_size = 8;
};

#if NDCALL_HAS_TRAMPOLINE
// The ABI's own: sysv_x86_64.cpp, aapcs64.cpp
BlockClasses classify_argument(const FlatValue& value);
BlockClasses classify_result(const FlatValue& value);
// Makes the call and stores its result with store_returned, unless the result travels in a way that ndcall_call_words does not know.
void call_native(void (*function)(), const CallWords& words, const ValuePlace& place, void* result);

// The same for every ABI with a trampoline: native_call.cpp
CallLayout lay_out_native_call(const Declarations& declarations, const Type& function);
void invoke_native(const CallLayout& layout, void (*function)(), const void* const* values, void* result);
void store_returned(const ValuePlace& place, const CallReturn& returned, void* result) noexcept;
std::string describe_native_place(const ValuePlace& place);
std::string describe_native_result(const ValuePlace& place);
#endif

}  // namespace ndcall
