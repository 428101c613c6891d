// A table whose size is known when it is made: on the stack up to N entries, on the heap above.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace ndcall {

template <class T, std::size_t N>
class InlineTable {
  public:
    explicit InlineTable(std::size_t size) : size_(size) {
        if (size_ > N) heap_ = std::make_unique<std::byte[]>(size_ * sizeof(T) + alignof(T));
        void* memory = local_;
        if (size_ > N) {
            memory = heap_.get();
            std::size_t space = size_ * sizeof(T) + alignof(T);
            memory = std::align(alignof(T), size_ * sizeof(T), memory, space);
        }
        items_ = static_cast<T*>(memory);
        std::uninitialized_value_construct_n(items_, size_);
    }
    ~InlineTable() { std::destroy_n(items_, size_); }
    InlineTable(const InlineTable&) = delete;
    InlineTable& operator=(const InlineTable&) = delete;

    T& operator[](std::size_t i) { return items_[i]; }
    const T& operator[](std::size_t i) const { return items_[i]; }
    T* data() { return items_; }
    const T* data() const { return items_; }
    T* begin() { return items_; }
    T* end() { return items_ + size_; }
    const T* begin() const { return items_; }
    const T* end() const { return items_ + size_; }
    std::size_t size() const { return size_; }

  private:
    alignas(T) std::byte local_[N * sizeof(T)];
    std::unique_ptr<std::byte[]> heap_;
    T* items_;
    std::size_t size_;
};

}  // namespace ndcall
