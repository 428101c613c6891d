// The general walk of a plan's tables, phase by phase. Knows no Python: src/python fills cells, views, texts and structs of the frame in
// between, and allocates what size_result asks for.
//
//     fill inputs -> bind_symbols(inputs) -> run_checks -> size_result, allocate, fill -> bind_symbols(results) -> find_overlaps -> place
//     -> invoke_frame -> read_back -> run_tests
//
// A phase that finds mismatches leaves them in the list; the host stops before C is called.
#pragma once

#include <string>
#include <vector>

#include "abi/abi.hpp"
#include "call/frame.hpp"
#include "plan/mismatch.hpp"

namespace ndcall {

enum class Stage : std::uint8_t { Inputs, Results };

// An input that nobody gave gets the contract's default, or stays as it is without one. One that asks arrays or other arguments waits for
// bind_symbols. False: a mismatch says why the default is no value.
bool take_default(Frame& frame, const Input& input, Mismatches& mismatches);

// Fixed values, then extents and steps of the arrays that are there: binds what nobody gave, compares what is known. Stage Results looks at
// the steps and extents of arrays that C writes, and demands that nothing is left unknown.
void bind_symbols(Frame& frame, Stage stage, Mismatches& mismatches);

// The `check`s that can be decided now; those that need results run in Stage::Results.
void run_checks(Frame& frame, Stage stage, Mismatches& mismatches);

// The shape of a result that is to be allocated. False: a mismatch says why (a negative extent, more bytes than memory can hold).
bool size_result(const Frame& frame, std::uint16_t array, std::vector<std::ptrdiff_t>& shape, Mismatches& mismatches);

// A written array must share no memory with any other, nor with itself.
void find_overlaps(const Frame& frame, Mismatches& mismatches);

// Builds row tables, vectors and structs, and fills frame.values. The block of a struct's plan is written to blocks[0] when it is set.
void place(Frame& frame, Mismatches& mismatches);

// Calls C. Knows no lock: the host releases the GIL around it. C++ exceptions pass through.
void invoke_frame(Frame& frame, const CallLayout& layout);

// Scalars that C left in structs, and C's return value, become cells and texts.
void read_back(Frame& frame);

// A test of the contract that failed after C returned.
struct Failure {
    TestKind kind = TestKind::Ok;
    std::string text;  // "singular matrix (return = 3)"
};
// All `warn`s that hold up to the first `ok` that fails, in the contract's order.
std::vector<Failure> run_tests(Frame& frame);

}  // namespace ndcall
