// A callee that writes down exactly what it was given, and a caller that looks after its registers: record_call.S.
#pragma once

#include <cstdint>

#include "abi/abi.hpp"

extern "C" {

struct NdcallTestRecord {
    // What the callee found.
    std::uint64_t integers[6];
    std::uint64_t floats[8];
    std::uint64_t rax;            // al: at least the number of vector registers used
    std::uint64_t stack_pointer;  // at entry, the return address on top
    // What it is told beforehand.
    std::uint64_t stack_words;
    std::uint64_t* stack;  // receives the words
    std::uint64_t integer_result, float_result;
};

extern NdcallTestRecord ndcall_test_record;

// Records, fills every register that a callee may change with garbage, returns the results it was told.
void ndcall_test_record_call();

// Calls ndcall_call_words with known values in the six registers that belong to the caller; 0 when all came back unchanged.
std::uint64_t ndcall_test_guard_call(void (*function)(), const ndcall::CallWords* words, ndcall::CallReturn* returned);
}
