// A callee that writes down exactly what it was given, and a caller that looks after its registers: record_call_*.S, one per ABI.
#pragma once

#include <cstdint>

#include "abi/abi.hpp"

extern "C" {

struct NdcallTestRecord {
    // What the callee found.
    std::uint64_t integers[8];  // x86-64 has 6 of them
    std::uint64_t floats[8];
    std::uint64_t rax;            // x86-64, al: at least the number of vector registers used
    std::uint64_t stack_pointer;  // at entry
    // What it is told beforehand.
    std::uint64_t stack_words;
    std::uint64_t* stack;  // receives the words
    std::uint64_t integer_result, float_result;
};

extern NdcallTestRecord ndcall_test_record;

// Records, fills every register that a callee may change with garbage, returns the results it was told.
void ndcall_test_record_call();

// Calls ndcall_call_words with known values in the registers that belong to the caller; 0 when all came back unchanged.
std::uint64_t ndcall_test_guard_call(void (*function)(), const ndcall::CallWords* words, ndcall::CallReturn* returned);
}

namespace ndcall {

// A register of the caller as DWARF numbers it, and what ndcall_test_guard_call puts there.
struct GuardedRegister {
    int number;
    std::uint64_t value;
};

#if defined(__aarch64__)
inline constexpr GuardedRegister guarded_registers[] = {{19, 0x1113}, {28, 0x111c}, {29, 0x111d}};
inline constexpr std::uint64_t entry_misalignment = 0;
#else
inline constexpr GuardedRegister guarded_registers[] = {{3, 0x1111}, {6, 0x2222}, {12, 0x3333}};  // rbx, rbp, r12
inline constexpr std::uint64_t entry_misalignment = 8;                                            // the return address is on top
#endif

}  // namespace ndcall
