// Arrays whose addresses lie in a struct object. The object keeps them, but their owner can still give them other memory, another shape or
// another dtype (a.resize(n, refcheck=False), a.shape = ...), and C would follow the old address: so they are compared before every call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plan/mismatch.hpp"
#include "python/numbers.hpp"
#include "python/owned.hpp"
#include "python/struct_object.hpp"

namespace ndcall {

// What an array is now.
ArrayFacts read_facts(PyArrayObject* array);

// What the pointers of a struct object lead to: another thread may give it other arrays while C follows these.
struct HeldMemory {
    std::vector<Owned<>> arrays;
    std::vector<std::shared_ptr<std::max_align_t[]>> tables;
};
HeldMemory hold_memory(PyObject* object);

// Refused: an array of the struct object, which the user calls `argument`, is another than when the object got it.
Conversion find_changed(PyObject* object, const std::string& argument, Mismatch& mismatch);

}  // namespace ndcall
