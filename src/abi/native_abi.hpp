// The ABI that ndcall_call_words implements on this CPU: its registers, one row per trampoline, and where its blocks travel. The code is in
// the .S and .cpp file of the ABI's name.
#pragma once

#include <span>

#include "abi/abi.hpp"
#include "abi/flat_value.hpp"

namespace ndcall {

struct RegisterTable {
    std::span<const char*const> integers, floats;                // in the order in which arguments take them
    std::span<const char*const> integer_results, float_results;  // and results
};

// How the two eightbytes of a struct, complex or long double travel; `first` is Memory when it goes by the stack, or by address.
struct BlockClasses {
    AbiClass first = AbiClass::Memory, second = AbiClass::None;
};

#if defined(__x86_64__) && defined(__LP64__) && defined(__ELF__)
#define NDCALL_HAS_TRAMPOLINE 1
// System V Application Binary Interface, AMD64 Architecture Processor Supplement, 3.2.3. sysv_x86_64.S, sysv_x86_64.cpp
inline constexpr const char* integer_registers[] = {"rdi", "rsi", "rdx", "rcx", "r8", "r9"};
inline constexpr const char* float_registers[] = {"xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7"};
inline constexpr const char* integer_results[] = {"rax", "rdx"};
inline constexpr const char* float_results[] = {"xmm0", "xmm1"};
inline constexpr RegisterTable native_registers = {integer_registers, float_registers, integer_results, float_results};

// The ABI's own: sysv_x86_64.cpp
BlockClasses classify_argument(const FlatValue& value);
BlockClasses classify_result(const FlatValue& value);
// Calls a function that returns a block in X87 registers.
void call_for_x87(void (*function)(), const CallWords& words, const ValuePlace& place, void* result);
#else
#define NDCALL_HAS_TRAMPOLINE 0
#endif

#if NDCALL_HAS_TRAMPOLINE
// The same for every ABI with a trampoline: native_call.cpp
CallLayout lay_out_native_call(const Declarations& declarations, const Type& function);
void invoke_native(const CallLayout& layout, void (*function)(), const void* const* values, void* result);
std::string describe_native_place(const ValuePlace& place);
std::string describe_native_result(const ValuePlace& place);
#endif

}  // namespace ndcall
