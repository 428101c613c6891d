// How many elements a body touches through each of its parameters, told by the bounds of its loops.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "readers/clang/expressions.hpp"
#include "readers/clang/unit.hpp"

namespace ndcall::clang {

// Only what is sure counts: a use of a pointer that is not understood (handed on, moved, an index that no loop bounds) makes its parameter
// unknown. A loop is understood as `for (i = 0; i < n; i++)`, where the body changes neither i nor n elsewhere.
class Spans {
  public:
    using Extents = std::vector<std::string>;

    Spans(Unit& unit, Cursor function, Cursor body);

    // Of the parameters that are understood: outermost first; none for the single value at `*x`.
    std::map<std::string, Extents> list() const;
    // Parameters whose single value the body itself sets before it reads it.
    const std::set<std::string>& list_set_first() const { return set_first_; }

  private:
    struct Loop {
        const void* variable = nullptr;
        std::string bound;  // a parameter's name or a number
        long long start = 0;
    };
    struct Access {
        Extents extents;
        bool is_weak = false;  // lies inside what others touch: x[0], x[i - 1]
    };
    struct Known {
        std::optional<Extents> extents;  // none yet
        long long fixed = -1;            // the largest number that is an index
        bool is_unknown = false;
    };

    void find_set_first(Cursor body);
    std::string find_set(Cursor statement, const std::vector<Cursor>& sides);
    void list_mentioned(Cursor cursor, std::set<std::string>& names, unsigned depth) const;
    void count_changes(Cursor cursor, unsigned depth);
    void walk(Cursor cursor, unsigned depth);
    void walk_condition(Cursor expression, unsigned depth);
    void walk_for(const std::vector<Cursor>& children, unsigned depth);
    bool walk_element(Cursor expression, unsigned depth);
    void add(const std::string& parameter, const Access& access);

    std::optional<Loop> read_loop(const std::vector<Cursor>& children);
    std::optional<Loop> read_start(Cursor init);
    bool counts_up(Cursor step, const void* variable);
    std::string read_bound(Cursor expression);
    std::optional<Access> read_index(Cursor expression);
    std::optional<Access> read_flat(Cursor sum);
    const Loop* find_loop(Cursor expression) const;
    std::optional<long long> find_number(Cursor expression);
    const void* find_variable(Cursor expression) const;
    std::string find_parameter(Cursor expression) const;
    bool is_null(Cursor expression) const;

    Unit& unit_;
    std::map<const void*, std::string> parameters_;
    std::map<const void*, int> changes_, header_changes_;  // of a variable: everywhere, and in the heads of loops that are understood
    std::vector<Loop> loops_;                              // around the place where the walk is
    std::map<std::string, Known> known_;
    std::set<std::string> set_first_;
};

}  // namespace ndcall::clang
