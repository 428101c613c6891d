// The registers of the ABI that ndcall_call_words implements on this CPU: one row per trampoline, its code in the .S file of the same name.
#pragma once

#include <span>

namespace ndcall {

struct RegisterTable {
    std::span<const char*const> integers, floats;  // in the order in which arguments take them; empty: there is no trampoline
    const char* integer_result;
    const char* float_result;
    bool words_are_whole;  // an integer argument owns its register or stack word, so that it may be passed extended to 64 bits
};

#if defined(__x86_64__) && defined(__LP64__) && defined(__ELF__)
#define NDCALL_HAS_TRAMPOLINE 1
// System V Application Binary Interface, AMD64 Architecture Processor Supplement, 3.2.3. sysv_x86_64.S
inline constexpr const char* integer_registers[] = {"rdi", "rsi", "rdx", "rcx", "r8", "r9"};
inline constexpr const char* float_registers[] = {"xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7"};
inline constexpr RegisterTable native_registers = {integer_registers, float_registers, "rax", "xmm0", true};
#else
#define NDCALL_HAS_TRAMPOLINE 0
inline constexpr RegisterTable native_registers = {{}, {}, "", "", false};
#endif

}  // namespace ndcall
