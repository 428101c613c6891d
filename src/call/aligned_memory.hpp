// Memory that C gets: aligned for every type, and zero in every byte.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>

namespace ndcall {

using AlignedMemory = std::unique_ptr<std::max_align_t[]>;

// Throws std::bad_alloc. Never empty, so that its address is not null.
inline AlignedMemory make_zeroed(std::size_t bytes) {
    const std::size_t count = bytes / sizeof(std::max_align_t) + 1;
    AlignedMemory memory = std::make_unique_for_overwrite<std::max_align_t[]>(count);
    std::memset(memory.get(), 0,
                count * sizeof(std::max_align_t));  // value-initialised, the padding of its long double would stay as it was
    return memory;
}

}  // namespace ndcall
