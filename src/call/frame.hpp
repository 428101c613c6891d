// Everything that belongs to one call: it lives on the caller's stack and dies with the call.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "call/aligned_memory.hpp"
#include "call/array_view.hpp"
#include "call/inline_table.hpp"
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
    friend bool operator==(const Number&, const Number&) = default;
};

// The raw value of a scalar as a number of the language, and back. Both return false when the value does not fit.
bool load_number(Scalar type, const std::byte* bytes, Number& number);
bool store_number(Scalar type, std::byte* bytes, Number number);

// A library call in an expression, made once for the same arguments however often its value is asked for.
struct CallValue {
    Program node = no_program;
    std::vector<Number> arguments;
    Number result;
};

// The memory of a struct object, or of its members, that another argument must not overlap.
struct ForeignRange {
    std::string name;
    ArrayView view;
    bool written = false;
};

struct Frame {
    explicit Frame(const Plan& plan_of_call)
        : plan(plan_of_call),
          cells(plan.cells.size()),
          arrays(plan.arrays.size()),
          is_private(plan.arrays.size()),
          texts(plan.texts.size()),
          structs(plan.structs.size()),
          bound_by(plan.cells.size()),
          blocks(plan.blocks.size()),
          values(plan.parameters.size()),
          pointers(plan.parameters.size()) {
        for (std::uint16_t& array : bound_by) array = none;
    }
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    const Plan& plan;
    InlineTable<RawCell, 16> cells;
    InlineTable<ArrayView, 8> arrays;                         // data is null: absent
    InlineTable<bool, 8> is_private;                          // fresh memory of this call: overlaps nothing
    InlineTable<const char*, 4> texts;                        // null: absent
    InlineTable<std::byte*, 4> structs;                       // null: absent
    InlineTable<std::uint16_t, 16> bound_by;                  // for messages: the array that bound each cell
    std::vector<std::pair<std::uint16_t, Program>> defaults;  // cells that nobody gave, whose default needs what the arrays bind
    std::vector<ForeignRange> foreign;
    mutable std::vector<CallValue> call_values;  // filled by evaluate()
    std::uint32_t absent_cells = 0;              // bit i: results[i], a number, was not asked for and C gets NULL

    // What C gets: values[i] is the address of parameter i's raw value.
    InlineTable<std::byte*, 4> blocks;  // memory of each struct that the call builds
    InlineTable<const void*, 16> values;
    InlineTable<void*, 16> pointers;  // raw values that are pointers
    alignas(16) std::byte returned[32] = {};
    std::byte* returned_struct = nullptr;  // at least 32 bytes; used instead of `returned` for struct results
    int saved_errno = 0;

    // Memory for row tables, vectors and blocks, valid until the call ends; zeroed, 16-byte aligned.
    std::byte* reserve(std::size_t bytes) {
        owned_memory.push_back(make_zeroed(bytes));
        return reinterpret_cast<std::byte*>(owned_memory.back().get());
    }
    std::vector<AlignedMemory> owned_memory;

    // Shapes and steps of the views move here, from where their arrays may free them: library functions of expressions can call back to whoever
    // has the arrays. Nothing to do for a plan without such functions.
    void own_shapes() {
        if (plan.callees.empty()) return;
        for (ArrayView& view : arrays) own_shape(view);
        for (ForeignRange& range : foreign) own_shape(range.view);
    }

  private:
    void own_shape(ArrayView& view) {
        if (!view.data || view.ndim == 0) return;
        auto* numbers = reinterpret_cast<std::ptrdiff_t*>(reserve(2 * view.ndim * sizeof(std::ptrdiff_t)));
        view.shape = std::copy_n(view.shape, view.ndim, numbers) - view.ndim;
        view.byte_strides = std::copy_n(view.byte_strides, view.ndim, numbers + view.ndim) - view.ndim;
    }
};

}  // namespace ndcall
