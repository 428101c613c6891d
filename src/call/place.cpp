// The raw value of every C parameter and struct member.
#include <algorithm>
#include <cstring>
#include <new>

#include "call/evaluate.hpp"
#include "call/examine.hpp"
#include "call/walk.hpp"

namespace ndcall {

namespace {

// Tables of row pointers for T ** and T ***: the rows stay where they are.
std::byte* build_rows(Frame& frame, const ArrayView& view) {
    if (view.ndim < 2) return view.data;
    const auto outer = static_cast<std::size_t>(view.shape[0]);
    const auto inner = view.ndim == 3 ? static_cast<std::size_t>(view.shape[1]) : 0;
    // SAFETY: both factors are extents of an array that exists, whose product of extents fits ptrdiff_t; a zero inner extent is the exception
    // that NumPy allows beside a huge outer one, and then `outer` alone is bounded by the caller's array header, checked here.
    if (outer > (PTRDIFF_MAX / sizeof(void*)) / (inner + 1)) throw std::bad_alloc();
    std::byte* memory = frame.reserve((outer + outer * inner) * sizeof(void*));
    auto** table = reinterpret_cast<std::byte**>(memory);
    std::byte** rows = table + outer;
    for (std::size_t i = 0; i < outer; ++i) {
        std::byte* plane = view.data + static_cast<std::ptrdiff_t>(i) * view.byte_strides[0];
        if (view.ndim == 2) {
            table[i] = plane;
            continue;
        }
        table[i] = reinterpret_cast<std::byte*>(rows + i * inner);
        for (std::size_t j = 0; j < inner; ++j) rows[i * inner + j] = plane + static_cast<std::ptrdiff_t>(j) * view.byte_strides[1];
    }
    return memory;
}

class Placer {
  public:
    Placer(Frame& frame, Mismatches& mismatches) : frame_(frame), plan_(frame.plan), mismatches_(mismatches) {}

    void place_all() {
        for (std::size_t b = 0; b < plan_.blocks.size(); ++b) {
            if (!frame_.blocks[b]) frame_.blocks[b] = frame_.reserve(std::max<std::size_t>(plan_.blocks[b].size, 1));
            for (const Member& member : plan_.blocks[b].members) write_member(frame_.blocks[b] + member.offset, member.place);
        }
        for (std::size_t i = 0; i < plan_.parameters.size(); ++i) {
            const Placement& place = plan_.parameters[i];
            if (const std::byte* value = find_value(place)) {
                frame_.values[i] = value;
            } else {
                frame_.pointers[i] = find_pointer(place);
                frame_.values[i] = &frame_.pointers[i];
            }
        }
    }

  private:
    // What is passed by value lies in the frame already; null for what is a pointer.
    const std::byte* find_value(const Placement& place) const {
        switch (place.source) {
            case PlaceSource::CellValue: return frame_.cells[place.index].bytes;
            case PlaceSource::StructValue: return frame_.structs[place.index];
            case PlaceSource::BlockValue: return frame_.blocks[place.index];
            default: return nullptr;
        }
    }

    void* find_pointer(const Placement& place) {
        switch (place.source) {
            case PlaceSource::CellAddress:
                return place.null_when_absent && is_absent(place.index) ? nullptr : frame_.cells[place.index].bytes;
            case PlaceSource::ArrayData: {
                const ArrayView& view = frame_.arrays[place.index];
                return view.data ? first_address(plan_.arrays[place.index], view) : nullptr;
            }
            case PlaceSource::ArrayRows: return frame_.arrays[place.index].data ? build_rows(frame_, frame_.arrays[place.index]) : nullptr;
            case PlaceSource::Vector: return build_vector(plan_.vectors[place.index]);
            // SAFETY: C may declare a text without const; the contract's `const char *` was checked when the plan was bound.
            case PlaceSource::Text: return const_cast<char*>(frame_.texts[place.index]);
            case PlaceSource::StructAddress: return frame_.structs[place.index];
            case PlaceSource::BlockAddress: return frame_.blocks[place.index];
            default: return nullptr;
        }
    }

    bool is_absent(std::uint16_t cell) const {
        if (frame_.cells[cell].known) return false;
        for (std::size_t i = 0; i < plan_.results.size(); ++i)
            if (plan_.results[i].form == Form::Number && plan_.results[i].index == cell) return (frame_.absent_cells >> i) & 1;
        return true;
    }

    void write_member(std::byte* target, const Placement& place) {
        if (place.source == PlaceSource::CellValue) {
            std::memcpy(target, frame_.cells[place.index].bytes, plan_.cells[place.index].type.size);
        } else if (place.source == PlaceSource::StructValue) {
            if (frame_.structs[place.index]) std::memcpy(target, frame_.structs[place.index], plan_.structs[place.index].size);
        } else {
            void* pointer = find_pointer(place);
            std::memcpy(target, &pointer, sizeof pointer);
        }
    }

    void* build_vector(const Vector& vector) {
        std::vector<std::int64_t> numbers;
        std::string failure;
        if (vector.shape_group != none) {
            for (std::uint16_t i = 0; i < plan_.arrays.size(); ++i)
                if (plan_.arrays[i].shape_group == vector.shape_group && frame_.arrays[i].data)
                    numbers.assign(frame_.arrays[i].shape, frame_.arrays[i].shape + frame_.arrays[i].ndim);
        } else if (evaluate_list(frame_, vector.list, numbers, failure) != EvalStatus::Done) {
            fail(vector.name + " = " + plan_.programs.texts[vector.list] + ": " + (failure.empty() ? "not known in this call" : failure));
            return nullptr;
        }
        std::byte* memory = frame_.reserve(std::max<std::size_t>(numbers.size(), 1) * vector.type.size);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            if (!store_number(vector.type, memory + i * vector.type.size, Number::of(numbers[i])))
                fail(vector.name + "[" + std::to_string(i) + "] = " + std::to_string(numbers[i]) + " does not fit C's " + vector.ctype);
        return memory;
    }

    void fail(std::string problem) {
        Mismatch mismatch;
        mismatch.kind = MismatchKind::Range;
        mismatch.problem = std::move(problem);
        mismatches_.push_back(std::move(mismatch));
    }

    Frame& frame_;
    const Plan& plan_;
    Mismatches& mismatches_;
};

}  // namespace

void place(Frame& frame, Mismatches& mismatches) { Placer(frame, mismatches).place_all(); }

}  // namespace ndcall
