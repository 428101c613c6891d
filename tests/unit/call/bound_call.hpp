// A call of a bound function with arrays and numbers by name, phase by phase, without a host. For tests.
#pragma once

#include <deque>

#include "call/evaluate.hpp"
#include "call/walk.hpp"
#include "plan/binding.hpp"

namespace ndcall::test {

class BoundCall {
  public:
    explicit BoundCall(std::shared_ptr<Plan> bound) : plan(std::move(bound)), frame(*plan) {}

    // C order over the elements 0, 1, 2, ...; of the plan's own dtype.
    ArrayView& give(const std::string& name, std::vector<std::ptrdiff_t> shape) {
        ArrayView& view = frame.arrays[find(plan->arrays, name)];
        const std::size_t itemsize = plan->arrays[find(plan->arrays, name)].dtype.itemsize;
        std::vector<std::ptrdiff_t>& steps = numbers_.emplace_back(shape.size());
        std::size_t count = 1;
        for (std::size_t axis = shape.size(); axis-- > 0; count *= static_cast<std::size_t>(shape[axis]))
            steps[axis] = static_cast<std::ptrdiff_t>(count * itemsize);
        std::vector<std::byte>& memory = memory_.emplace_back(std::max<std::size_t>(count * itemsize, 1));
        view = {memory.data(),
                numbers_.emplace_back(std::move(shape)).data(),
                steps.data(),
                nullptr,
                static_cast<std::uint16_t>(steps.size()),
                0,
                plan->arrays[find(plan->arrays, name)].dtype};
        view.flags = aligned | writeable;
        return view;
    }
    // The same with other steps, in bytes.
    ArrayView& give(const std::string& name, std::vector<std::ptrdiff_t> shape, std::vector<std::ptrdiff_t> byte_strides) {
        ArrayView& view = give(name, std::move(shape));
        view.byte_strides = numbers_.emplace_back(std::move(byte_strides)).data();
        return view;
    }
    void set(const std::string& name, std::int64_t value) {
        const std::size_t cell = find(plan->cells, name);
        frame.cells[cell].known = store_number(plan->cells[cell].type, frame.cells[cell].bytes, Number::of(value));
    }

    // "argument problem; ...", empty when all is well.
    std::string bind(Stage stage) {
        Mismatches mismatches;
        bind_symbols(frame, stage, mismatches);
        return show(mismatches);
    }
    std::string check(Stage stage = Stage::Inputs) {
        Mismatches mismatches;
        run_checks(frame, stage, mismatches);
        return show(mismatches);
    }
    std::string overlaps() {
        Mismatches mismatches;
        find_overlaps(frame, mismatches);
        return show(mismatches);
    }
    std::string place_all() {
        Mismatches mismatches;
        place(frame, mismatches);
        return show(mismatches);
    }
    std::string size(const std::string& result) {
        Mismatches mismatches;
        std::vector<std::ptrdiff_t> shape;
        if (!size_result(frame, static_cast<std::uint16_t>(find(plan->arrays, result)), shape, mismatches)) return show(mismatches);
        std::string text;
        for (const std::ptrdiff_t extent : shape) text += (text.empty() ? "" : ", ") + std::to_string(extent);
        return "(" + text + ")";
    }

    // "n = 3, lda = ?"
    std::string cells() const {
        std::string text;
        for (std::size_t i = 0; i < plan->cells.size(); ++i) {
            Number number;
            const bool known = frame.cells[i].known && load_number(plan->cells[i].type, frame.cells[i].bytes, number);
            text += (i ? ", " : "") + plan->cells[i].name + " = " + (known ? print_number(number) : "?");
        }
        return text;
    }

    // What C would read at parameter i.
    template <class T>
    T value(std::size_t parameter) const {
        T read;
        std::memcpy(&read, frame.values[parameter], sizeof read);
        return read;
    }

    static std::string show(const Mismatches& mismatches) {
        std::string text;
        for (const Mismatch& mismatch : mismatches)
            text += (text.empty() ? "" : "; ") + (mismatch.argument.empty() ? "" : mismatch.argument + " ") + mismatch.problem;
        return text;
    }

    std::shared_ptr<Plan> plan;
    Frame frame;

  private:
    template <class Table>
    static std::size_t find(const Table& table, const std::string& name) {
        for (std::size_t i = 0; i < table.size(); ++i)
            if (table[i].name == name) return i;
        throw std::logic_error("the plan has no '" + name + "'");
    }

    std::deque<std::vector<std::ptrdiff_t>> numbers_;
    std::deque<std::vector<std::byte>> memory_;
};

}  // namespace ndcall::test
