// Room for `count` values, aligned to 16 bytes: on the stack when they are few, so that an ordinary call never allocates (and errno stays
// C's).
#pragma once

#include <cstddef>
#include <memory>

namespace ndcall {

template <class T, std::size_t few>
class ShortBuffer {
    static_assert(__STDCPP_DEFAULT_NEW_ALIGNMENT__ >= 16);

  public:
    explicit ShortBuffer(std::size_t count) : many_(count > few ? new T[count] : nullptr), data_(many_ ? many_.get() : few_) {}
    ShortBuffer(const ShortBuffer&) = delete;
    ShortBuffer& operator=(const ShortBuffer&) = delete;
    T* data() { return data_; }
    T& operator[](std::size_t i) { return data_[i]; }

  private:
    alignas(16) T few_[few];  // uninitialised, as is `many_`
    std::unique_ptr<T[]> many_;
    T* data_;
};

}  // namespace ndcall
