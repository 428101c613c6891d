#include "call/bounded_sum.hpp"

#include <algorithm>

namespace ndcall {

namespace {

__extension__ using UnsignedWide = unsigned __int128;

// gcd of a and b, and x with a * x = gcd (mod b), 0 <= x < b.
struct Euclid {
    Wide gcd, inverse;
};

Euclid find_inverse(Wide a, Wide b) noexcept {
    Wide r = b, next_r = a % b, x = 0, next_x = 1;
    while (next_r != 0) {
        const Wide quotient = r / next_r;
        const Wide new_r = r - quotient * next_r, new_x = x - quotient * next_x;
        r = next_r, next_r = new_r;
        x = next_x, next_x = new_x;
    }
    return {r, x < 0 ? x + b : x};
}

// Fuses terms whose values together have no gaps: c * (0..n) and kc * (0..m) with k <= n + 1 are c * (0..n + km). Contiguous dimensions
// vanish so, and equal strides of two arrays become one term. Leaves the terms in ascending order; returns how many.
std::size_t fuse_terms(std::span<Term> terms) noexcept {
    std::sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.coefficient < b.coefficient; });
    std::size_t kept = 0;
    for (const Term term : terms) {
        if (term.bound == 0) continue;
        const auto end = terms.begin() + static_cast<std::ptrdiff_t>(kept);
        const auto fits = std::find_if(terms.begin(), end, [&](const Term& smaller) {
            return term.coefficient % smaller.coefficient == 0 && term.coefficient / smaller.coefficient <= smaller.bound + 1;
        });
        if (fits == end)
            terms[kept++] = term;
        else
            fits->bound += term.coefficient / fits->coefficient * term.bound;
    }
    return kept;
}

// The search goes from the largest coefficient to the smallest: the rest must then lie in a short range, and in one residue class.
class Search {
  public:
    Search(std::span<const Term> terms, std::size_t& work_left) noexcept : count_(terms.size()), work_left_(work_left) {
        Wide gcd = 0, reach = 0;
        for (std::size_t k = 0; k < count_; ++k) {
            Level& level = levels_[k];
            level.coefficient = terms[k].coefficient;
            level.bound = terms[k].bound;
            level.reach_below = reach;
            prepare_residues(level, gcd);
            gcd = level.gcd;
            reach += level.coefficient * level.bound;
        }
        gcd_ = gcd;
        reach_ = reach;
    }

    Solvable run(Wide target) noexcept {
        if (target < 0 || target > reach_) return Solvable::No;
        if (count_ == 0) return Solvable::Yes;
        if (target % gcd_ != 0) return Solvable::No;
        return visit(count_ - 1, target);
    }

  private:
    struct Level {
        Wide coefficient, bound;
        Wide reach_below;  // largest sum of the terms below
        Wide gcd;          // of this coefficient and all below
        // x leaves a rest that the terms below can divide exactly when x = rest / gcd * inverse (mod modulus).
        Wide modulus, inverse;
    };

    static void prepare_residues(Level& level, Wide gcd_below) noexcept {
        if (gcd_below == 0) {  // the smallest term: x is rest / coefficient
            level.gcd = level.coefficient;
            level.modulus = 0;
            level.inverse = 0;
            return;
        }
        level.gcd = find_inverse(level.coefficient, gcd_below).gcd;
        level.modulus = gcd_below / level.gcd;
        level.inverse = find_inverse(level.coefficient / level.gcd, level.modulus).inverse;
    }

    // `rest` is a multiple of the level's gcd, and within reach of it and the levels below.
    Solvable visit(std::size_t k, Wide rest) noexcept {
        if (k == 0) return Solvable::Yes;
        const Level& level = levels_[k];
        const Wide most = std::min(level.bound, rest / level.coefficient);
        const Wide excess = rest - level.reach_below;
        const Wide least = excess > 0 ? (excess + level.coefficient - 1) / level.coefficient : 0;
        Wide x = first_candidate(level, rest, least);
        if (k == 1) return x <= most ? Solvable::Yes : Solvable::No;
        for (; x <= most; x += level.modulus) {
            if (work_left_ == 0) return Solvable::Unknown;
            --work_left_;
            const Solvable found = visit(k - 1, rest - x * level.coefficient);
            if (found != Solvable::No) return found;
        }
        return Solvable::No;
    }

    // The smallest x >= least in the residue class of the level.
    static Wide first_candidate(const Level& level, Wide rest, Wide least) noexcept {
        // Both factors are below 2^64; only their unsigned product is sure to fit.
        const auto residue = static_cast<UnsignedWide>(rest / level.gcd % level.modulus);
        const auto product = residue * static_cast<UnsignedWide>(level.inverse);
        const auto x = static_cast<Wide>(product % static_cast<UnsignedWide>(level.modulus));
        const Wide gap = (x - least) % level.modulus;
        return least + (gap < 0 ? gap + level.modulus : gap);
    }

    std::size_t count_;
    std::size_t& work_left_;
    Wide gcd_, reach_;
    Level levels_[most_terms];
};

}  // namespace

Solvable solve_bounded_sum(std::span<Term> terms, Wide target, std::size_t& work_left) noexcept {
    if (target < 0) return Solvable::No;
    if (terms.size() > most_terms) return Solvable::Unknown;
    return Search(terms.first(fuse_terms(terms)), work_left).run(target);
}

}  // namespace ndcall
