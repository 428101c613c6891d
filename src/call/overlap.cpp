#include "call/overlap.hpp"

#include <algorithm>
#include <limits>

#include "call/bounded_sum.hpp"

namespace ndcall {

namespace {

constexpr Wide address_end = std::numeric_limits<std::uintptr_t>::max();

enum class Span : std::uint8_t { Empty, Ordinary, Impossible };

// The bytes [lo, hi) that the array spans. Impossible when that leaves the address space; lo and hi then say nothing.
Span find_span(const StridedRange& a, Wide& lo, Wide& hi) noexcept {
    if (a.itemsize == 0) return Span::Empty;
    for (int d = 0; d < a.ndim; ++d)
        if (a.shape[d] <= 0) return Span::Empty;
    lo = static_cast<Wide>(a.data);
    hi = lo + static_cast<Wide>(a.itemsize);
    for (int d = 0; d < a.ndim; ++d) {
        // Below 2^126; and lo and hi are within the address space here, so that neither sum overflows.
        const Wide step = static_cast<Wide>(a.shape[d] - 1) * a.byte_strides[d];
        (step < 0 ? lo : hi) += step;
        if (lo < 0 || hi > address_end) return Span::Impossible;
    }
    return hi > address_end ? Span::Impossible : Span::Ordinary;
}

// The equation of an overlap, term by term. Strides count by their absolute value: an array is the same set of items from either end.
class Equation {
  public:
    void add(Wide coefficient, Wide bound) noexcept {
        if (bound <= 0 || coefficient == 0) return;
        if (count_ == most_terms)
            is_full_ = true;
        else
            terms_[count_++] = {coefficient, bound};
    }

    void add_dimensions(const StridedRange& a) noexcept {
        for (int d = 0; d < a.ndim; ++d) add(stride(a, d), static_cast<Wide>(a.shape[d]) - 1);
    }

    static Wide stride(const StridedRange& a, int d) noexcept {
        const Wide stride = a.byte_strides[d];
        return stride < 0 ? -stride : stride;
    }

    std::span<Term> terms() noexcept { return {terms_, count_}; }

    bool is_full() const noexcept { return is_full_; }

    Overlap solve(Wide target, std::size_t& work_left) noexcept {
        if (is_full_) return Overlap::Unknown;
        switch (solve_bounded_sum(terms(), target, work_left)) {
            case Solvable::No: return Overlap::None;
            case Solvable::Yes: return Overlap::Shared;
            default: return Overlap::Unknown;
        }
    }

  private:
    Term terms_[most_terms];
    std::size_t count_ = 0;
    bool is_full_ = false;
};

// `dimensions` in ascending order. Two items that share a byte differ in some dimensions, and k is the one among them with the largest
// stride; it may be taken as the one that grows. Then, with distances d[j] of either sign and d[k] >= 1,
//   stride[k] * d[k] + sum(stride[j] * d[j] for j < k) + byte - byte'  ==  0.
Overlap find_equal_items(std::span<const Term> dimensions, Wide itemsize, std::size_t work_left) noexcept {
    Wide reach = itemsize - 1;  // of the dimensions below k, with the item
    bool is_proved = true;
    for (std::size_t k = 0; k < dimensions.size(); ++k) {
        const Term& grows = dimensions[k];
        if (reach >= grows.coefficient) {
            Equation equation;
            equation.add(grows.coefficient, grows.bound - 1);
            for (const Term& below : dimensions.first(k)) equation.add(below.coefficient, 2 * below.bound);
            equation.add(1, 2 * (itemsize - 1));
            const Overlap found = equation.solve(reach - grows.coefficient, work_left);
            if (found == Overlap::Shared) return found;
            is_proved = is_proved && found == Overlap::None;
        }
        reach += grows.coefficient * grows.bound;
    }
    return is_proved ? Overlap::None : Overlap::Unknown;
}

}  // namespace

bool byte_bounds(const StridedRange& a, std::uintptr_t& lo, std::uintptr_t& hi) noexcept {
    Wide wide_lo = 0, wide_hi = 0;
    const Span span = find_span(a, wide_lo, wide_hi);
    if (span == Span::Empty) return false;
    lo = span == Span::Ordinary ? static_cast<std::uintptr_t>(wide_lo) : 0;
    hi = span == Span::Ordinary ? static_cast<std::uintptr_t>(wide_hi) : std::numeric_limits<std::uintptr_t>::max();
    return true;
}

Overlap find_overlap(const StridedRange& a, const StridedRange& b, std::size_t work_limit) noexcept {
    Wide a_lo = 0, a_hi = 0, b_lo = 0, b_hi = 0;
    const Span a_span = find_span(a, a_lo, a_hi), b_span = find_span(b, b_lo, b_hi);
    if (a_span == Span::Empty || b_span == Span::Empty) return Overlap::None;
    if (a_span == Span::Impossible || b_span == Span::Impossible) return Overlap::Unknown;
    if (a_hi <= b_lo || b_hi <= a_lo) return Overlap::None;
    // A byte of a, counted up from a's lowest, is a byte of b, counted down from b's highest:
    //   a_lo + sum(|stride| * i) + byte  ==  b_hi - 1 - sum(|stride| * j) - byte'
    Equation equation;
    equation.add_dimensions(a);
    equation.add_dimensions(b);
    equation.add(1, static_cast<Wide>(a.itemsize) - 1 + static_cast<Wide>(b.itemsize) - 1);
    return equation.solve(b_hi - 1 - a_lo, work_limit);
}

Overlap find_self_overlap(const StridedRange& a, std::size_t work_limit) noexcept {
    Wide lo = 0, hi = 0;
    const Span span = find_span(a, lo, hi);
    if (span == Span::Empty) return Overlap::None;
    for (int d = 0; d < a.ndim; ++d)
        if (a.byte_strides[d] == 0 && a.shape[d] > 1) return Overlap::Shared;
    if (span == Span::Impossible) return Overlap::Unknown;
    Equation dimensions;
    dimensions.add_dimensions(a);
    if (dimensions.is_full()) return Overlap::Unknown;
    std::sort(dimensions.terms().begin(), dimensions.terms().end(),
              [](const Term& x, const Term& y) { return x.coefficient < y.coefficient; });
    return find_equal_items(dimensions.terms(), static_cast<Wide>(a.itemsize), work_limit);
}

}  // namespace ndcall
