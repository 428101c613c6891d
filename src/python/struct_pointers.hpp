// Pointers in a struct object that nobody set. They are NULL, which C may follow: so they are told apart from those that are NULL by somebody's
// will. None sets one to NULL, a struct's line may say that NULL will do, and what C had and may have filled is C's affair.
#pragma once

#include "plan/mismatch.hpp"
#include "python/numbers.hpp"
#include "python/struct_object.hpp"

namespace ndcall {

// The members of a struct that are pointers, or have some inside, at any depth.
std::vector<const Field*> list_pointers(const StructDeclaration& record, const Declarations& declarations);

// None for pointers that the struct's plan does not take: NULL from now on. False: it is another member, or another value.
bool write_null(StructObject* object, const Plan& plan, const Field& field, PyObject* value);

// A member was given, by its name in Python.
void mark_set(StructObject* object, const std::string& python_name);

// C had the object and may have filled it.
void mark_all_set(PyObject* object);

// Refused: why C must not read the object, which the user calls `argument`. Done: all of its pointers are set, or may be NULL.
Conversion find_unset(PyObject* object, const std::string& argument, Mismatch& mismatch);

}  // namespace ndcall
