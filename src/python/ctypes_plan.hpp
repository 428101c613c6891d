// How one function of a ctypes library is called: converters and restype, known; where their values travel; or why ctypes makes the call.
#pragma once

#include <string>
#include <vector>

#include "python/ctypes_argument.hpp"
#include "python/ctypes_result.hpp"

namespace ndcall {

// Immutable once made. Counted under the GIL: a call holds it from when it looks at its arguments, because code of their classes may change the
// function, and another thread while C runs.
struct CtypesPlan {
    std::string obstacle;  // not empty: ctypes makes every call, because of this
    std::string name;      // of the function, for messages
    std::vector<CtypesArgument> arguments;
    CtypesResult result;
    FastRoute route;
    bool holds_gil = false;  // of a PyDLL: C is called with it, and may have set a Python exception
    long holders = 1;

    void release() {
        if (--holders == 0) delete this;
    }
};

class HeldPlan {
  public:
    explicit HeldPlan(CtypesPlan& plan) : plan_(plan) { ++plan.holders; }
    ~HeldPlan() { plan_.release(); }
    HeldPlan(const HeldPlan&) = delete;
    HeldPlan& operator=(const HeldPlan&) = delete;

  private:
    CtypesPlan& plan_;
};

// What ctypes was told of the function.
struct CtypesSettings {
    void (*address)() = nullptr;
    std::string name;
    PyObject* converters = nullptr;  // a tuple
    PyObject* restype = nullptr;
    bool holds_gil = false;
};

// Never null. Throws std::bad_alloc.
CtypesPlan* make_ctypes_plan(const CtypesSettings& settings);
CtypesPlan* make_ctypes_obstacle(const std::string& obstacle);

// A new reference, or null with an exception set. The words of C's integer registers must all be initialised.
PyObject* invoke_ctypes_plan(CtypesPlan& plan, const std::uint64_t* words);

}  // namespace ndcall
