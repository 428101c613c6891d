// The members of a struct object, read from its memory and written into it.
#pragma once

#include "python/struct_object.hpp"

namespace ndcall {

// The member that an attribute names, `in_` for `in`; null for none. Borrowed from the declarations.
const Field* find_field(const StructObject* object, PyObject* name);

// Numbers as Python's; arrays inside the struct as views of its memory; arrays that a member points to as the objects that were given. A new
// reference, or null with an AttributeError.
PyObject* read_member(PyObject* self, const Field& field);

// Copies an array into the struct, converted as an input is: no element changes its value. -1 with an exception set; nothing was written then.
int write_inline_array(PyObject* self, const Field& field, PyObject* value);

// The plan of the struct, bound when it is first needed; null with an exception set.
std::shared_ptr<const Plan> find_struct_plan(const StructLayout& layout);

}  // namespace ndcall
