// Library functions of a contract may call back to whoever has the arrays. So after each look at arguments that called one, there is another: what
// the function returned is known then.
#pragma once

#include <cstddef>
#include <string>

#include "call/frame.hpp"
#include "plan/mismatch.hpp"

namespace ndcall {

class LookAgain {
  public:
    explicit LookAgain(const Frame& frame) : frame_(frame), calls_(frame.call_values.size()) {}

    // To be asked after each look. A function that changes what it is asked about gets new questions for ever: then a mismatch says so.
    bool is_needed(Mismatches& mismatches) {
        const std::size_t before = calls_;
        calls_ = frame_.call_values.size();
        if (!mismatches.empty() || calls_ == before) return false;
        if (++looks_ < most_looks) return true;
        const Node& asked = frame_.plan.programs.nodes[frame_.call_values.back().node];
        const std::string& name = frame_.plan.callees[asked.index].plan->c_name;
        mismatches.emplace_back().problem = "the contract asks " + name + "(), which changes what it is asked about each time";
        return false;
    }

  private:
    static constexpr int most_looks = 16;  // two are enough for a function that changes something once

    const Frame& frame_;
    std::size_t calls_;
    int looks_ = 0;
};

}  // namespace ndcall
