// The GIL, released for as long as an object lives.
#pragma once

#include "python/numpy_api.hpp"

namespace ndcall {

class GilRelease {
  public:
    explicit GilRelease(bool release) : thread_(release ? PyEval_SaveThread() : nullptr) {}
    ~GilRelease() {
        if (thread_) PyEval_RestoreThread(thread_);
    }
    GilRelease(const GilRelease&) = delete;
    GilRelease& operator=(const GilRelease&) = delete;

  private:
    PyThreadState* thread_;
};

}  // namespace ndcall
