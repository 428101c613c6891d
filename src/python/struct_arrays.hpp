// Arrays whose addresses lie in a struct object. The object keeps them, but their owner can still give them other memory, another shape or
// another dtype (a.resize(n, refcheck=False), a.shape = ...), and C would follow the old address: so they are compared before every call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plan/mismatch.hpp"
#include "python/numbers.hpp"
#include "python/owned.hpp"
#include "python/struct_object.hpp"

namespace ndcall {

// What an array is now.
ArrayFacts read_facts(PyArrayObject* array);

// Refused: an array of the struct object, which the user calls `argument`, is another than when the object got it.
Conversion find_changed(PyObject* object, const std::string& argument, Mismatch& mismatch);

}  // namespace ndcall
