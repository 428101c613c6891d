// Everything that belongs to one call: it lives on the caller's stack and dies with the call.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "call/array_view.hpp"
#include "plan/plan.hpp"

namespace ndcall {

// The raw C value of a cell. 32 bytes hold the widest: long double complex.
struct alignas(16) RawCell {
    std::byte bytes[32] = {};
    bool known = false;
};

// A number in an expression. Unsigned values above INT64_MAX are not numbers of the language: reading one is a mismatch.
struct Number {
    enum class Form : std::uint8_t { Integer, Real, Text, Null } form = Form::Integer;
    std::int64_t integer = 0;
    double real = 0;
    const char* text = nullptr;

    static Number of(std::int64_t value) { return {Form::Integer, value, 0, nullptr}; }
    static Number of_real(double value) { return {Form::Real, 0, value, nullptr}; }
};

// The raw value of a scalar as a number of the language, and back. Both return false when the value does not fit.
bool load_number(Scalar type, const std::byte* bytes, Number& number);
bool store_number(Scalar type, std::byte* bytes, Number number);

struct Frame {
    explicit Frame(const Plan& plan)
        : plan(plan), cells(plan.cells.size()), arrays(plan.arrays.size()), texts(plan.texts.size()), structs(plan.structs.size()) {}
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    const Plan& plan;
    std::vector<RawCell> cells;
    std::vector<ArrayView> arrays;
    std::vector<const char*> texts;  // null: absent
    std::vector<std::byte*> structs; // null: absent
    std::vector<std::vector<std::ptrdiff_t>> owned_shapes;  // shapes of results before they are allocated

    // Memory for row tables, vectors and blocks, valid until the call ends; zeroed, 16-byte aligned.
    std::byte* reserve(std::size_t bytes) {
        owned_memory.push_back(std::make_unique<std::max_align_t[]>(bytes / sizeof(std::max_align_t) + 1));
        return reinterpret_cast<std::byte*>(owned_memory.back().get());
    }
    std::vector<std::unique_ptr<std::max_align_t[]>> owned_memory;
    std::vector<std::byte*> blocks;  // address of each block's memory
};

}  // namespace ndcall
