// ndcall.Function: a function of a library as a Python object, with its own vectorcall slot. Its plan is bound at first use.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "python/library.hpp"
#include "python/owned.hpp"

namespace ndcall {

// A named tuple: of each member, and of each set of results that was asked for.
struct ResultType {
    const Plan* plan;
    std::uint64_t asked;
    Owned<> type;
};

// What a function knows; shared by a deferred function and the one it stands for.
struct FunctionState {
    std::shared_ptr<Library> library;
    Offer offer;
    std::vector<std::shared_ptr<const BoundFunction>> members;  // filled by the first use, one per member of the offer
    std::string problem;                                        // why it cannot be called; empty when it can or was not tried
    std::set<std::pair<std::string, std::string>> warned;       // (member, argument): a CopyWarning is issued once
    std::vector<ResultType> result_types;
};

// What a function keeps until somebody asks it for anything: most functions of a large header are never used.
struct UnusedFunction {
    std::shared_ptr<Library> library;
    Offer offer;
};

struct FunctionObject {
    PyObject_HEAD vectorcallfunc vectorcall;
    const FastPlan* fast;                   // of the only member, once bound; null: the general walk. Points into state
    UnusedFunction* unused;                 // null once there is a state, and for a deferred function
    std::shared_ptr<FunctionState>* state;  // null until the first use
    PyObject* name;                         // str
    PyObject* owner;                        // the ndcall.Library it belongs to; null for a function that is not resolved
    PyObject* loader;                       // deferred: makes the real function; else null
    PyObject* weak_references;
};

// Makes the type; to be called once, when the module is imported. False with an exception set.
bool make_function_type();
PyTypeObject* get_function_type();

// Null with a TypeError set: the object is no function of ndcall's.
FunctionObject* need_function(PyObject* object);

// A new reference. `owner` is an ndcall.Library.
PyObject* make_function(std::shared_ptr<Library> library, Offer offer, PyObject* owner);
PyObject* get_function_name(PyObject* function);  // borrowed
PyObject* make_deferred_function(PyObject* name, PyObject* loader);

// The state with its members bound. Null with an exception set: the loader failed, BindError, or what `function` is null for.
FunctionState* resolve_function(FunctionObject* function);

// The slot of every function until its plan is bound, and of those that the fast path does not know.
PyObject* call_function(PyObject* callable, PyObject* const* arguments, std::size_t flags, PyObject* keywords);

}  // namespace ndcall
