// The GIL, released for as long as an object lives.
#pragma once

#include <unistd.h>

#include "python/numpy_api.hpp"

namespace ndcall {

// Before 3.14 a thread that comes back while the interpreter ends is not let in: Python calls pthread_exit, which unwinds as an exception
// does. Going on would run destructors that need the GIL, and leaving a destructor that way is std::terminate. So it waits for the end of
// the process here, as Python itself has it do from 3.14 on.
inline void take_gil_again(PyThreadState* thread) noexcept {
    try {
        PyEval_RestoreThread(thread);
    } catch (...) {  // nothing else comes out of a function of C
        for (;;) pause();
    }
}

class GilRelease {
  public:
    explicit GilRelease(bool release) : thread_(release ? PyEval_SaveThread() : nullptr) {}
    ~GilRelease() {
        if (thread_) take_gil_again(thread_);
    }
    GilRelease(const GilRelease&) = delete;
    GilRelease& operator=(const GilRelease&) = delete;

  private:
    PyThreadState* thread_;
};

}  // namespace ndcall
