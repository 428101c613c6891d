// Objects of C structs: `lib.Fields(one=x, two=y)`. Their memory is what C gets a pointer to; arrays in members are kept alive and shown.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "call/frame.hpp"
#include "python/library.hpp"
#include "python/owned.hpp"

namespace ndcall {

// What the class of a struct knows. Owned by the class, which keeps the library open; the library names its classes weakly.
struct StructLayout {
    std::shared_ptr<Library> library;
    std::shared_ptr<const Declarations> declarations;
    const StructDeclaration* record = nullptr;
    std::vector<const Field*> pointers;  // of the record: what a new object has not set
};

// Of an array: what must be as it was while C may follow its address.
struct ArrayFacts {
    Owned<> descr;
    std::vector<std::intptr_t> numbers;  // address, flags, shape, strides
};

struct StructObject {
    PyObject_HEAD const StructLayout* layout;                  // the capsule's
    PyObject* capsule;                                         // of the class when the object was made: a class can get another one
    AlignedMemory* memory;                                     // zeroed at first; where C reads and writes
    std::vector<Owned<>>* arrays;                              // by array of the struct's plan: kept alive while C may follow the pointers
    std::vector<ArrayFacts>* facts;                            // of these arrays, when they were given
    std::vector<std::shared_ptr<std::max_align_t[]>>* tables;  // row pointers of the arrays; shared with copies
    std::vector<const Field*>* unset;                          // pointers that nobody set, and that C must not read
    PyObject* weak_references;

    std::byte* bytes() const { return reinterpret_cast<std::byte*>(memory->get()); }
};

// Makes the base type of all struct classes; once, at import. False with an exception set.
bool make_struct_type();

// The class of a struct of a library, always the same one while anybody holds it. Null with an exception set.
Owned<> find_struct_class(Library& library, const StructDeclaration& record);

// A zeroed object of a class, for results. A new reference.
PyObject* make_struct_object(PyObject* struct_class);

// Makes `to` an object with the members of `from`, of the same class: numbers are copied, arrays are shared.
void copy_struct(PyObject* from, PyObject* to);

// The memory of `object` when it is an object of this struct of this library; else null.
std::byte* find_struct_memory(PyObject* object, const Library& library, const std::string& tag);

// The arrays in the members of a struct object, which other arguments must not overlap when C may write either.
void list_member_ranges(PyObject* object, const std::string& argument, bool written, std::vector<ForeignRange>& ranges);

// Whether an argument of this struct takes an array itself: its only visible member.
bool wraps_array(Library& library, const std::string& tag);

// Fills the members from arguments as the struct's plan says. False: a Python exception is set, and the object is as it was.
bool fill_struct(StructObject* object, const Plan& plan, PyObject* const* values, Py_ssize_t count, PyObject* keywords);

}  // namespace ndcall
