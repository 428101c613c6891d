#include "python/function_object.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "plan/describe.hpp"
#include "python/choose_member.hpp"
#include "python/fast_call.hpp"
#include "python/make_text.hpp"
#include "python/raise.hpp"

namespace ndcall {

namespace {

FunctionObject* as_function(PyObject* object) { return reinterpret_cast<FunctionObject*>(object); }

std::string read_name(const FunctionObject* function) {
    const char* text = PyUnicode_AsUTF8(function->name);
    return text ? text : "";
}

// "zadd cannot be called: REASON", then what C says and the line that would help.
std::string explain_failure(const Offer& offer, const Offer::Member& member, const BindFailure& failure) {
    std::string text = offer.name + " cannot be called: " + failure.what();
    text += "\n  declared  " + member.function->text;
    if (member.line.entry && !member.line.entry->source.empty())
        text += "\n  contract  " + member.line.entry->source + "   (" + member.line.origin + ")";
    // A line that stands there already is no cure.
    const bool is_tried = member.line.entry && failure.cure() == member.function->name + ": " + member.line.entry->source;
    if (!failure.cure().empty() && !is_tried) text += "\n  try       " + failure.cure();
    return text;
}

void set_fast(FunctionObject* function, const FastPlan& fast) {
    function->fast = &fast;
    function->vectorcall = find_positional_call(fast);
}

// Code of the caller's may run meanwhile, and bind the same function: who came first is kept, since calls may walk through his members.
// False: there is a problem, or an exception is set that says nothing of the function.
bool bind_members(FunctionObject* function, FunctionState& state) {
    std::vector<std::shared_ptr<const BoundFunction>> members;
    for (const Offer::Member& member : state.offer.members) {
        try {
            members.push_back(state.library->bind_member(member, state.offer.name));
        } catch (const BindFailure& failure) {
            state.problem = explain_failure(state.offer, member, failure);
        } catch (const TextError& error) {
            state.problem = state.offer.name + " cannot be called: " + error.what();
        } catch (...) {
            raise_own();
            return false;
        }
        if (!state.problem.empty()) return false;
    }
    if (state.members.empty()) state.members = std::move(members);
    if (state.members.size() == 1 && state.members[0]->fast) set_fast(function, *state.members[0]->fast);
    return true;
}

// The state, not bound yet. Null with an exception set: the loader failed.
FunctionState* open_state(FunctionObject* function) {
    if (function->state) return function->state->get();
    if (function->unused) {
        auto state = std::make_unique<std::shared_ptr<FunctionState>>(std::make_shared<FunctionState>());
        (*state)->library = std::move(function->unused->library);  // from here nothing fails
        (*state)->offer = std::move(function->unused->offer);
        function->state = state.release();
        delete std::exchange(function->unused, nullptr);
        return function->state->get();
    }
    // Without a loader the collector has emptied it, and shows it all the same.
    Owned<> real =
        Owned<>::steal(function->loader ? PyObject_CallNoArgs(function->loader) : PyErr_Format(PyExc_RuntimeError, "the function is gone"));
    if (!real) return nullptr;
    if (!Py_IS_TYPE(real.get(), get_function_type()) || !as_function(real.get())->owner) {
        PyErr_SetString(PyExc_TypeError, "the loader of a deferred function did not return a function");
        return nullptr;
    }
    open_state(as_function(real.get()));
    if (!function->state) function->state = new std::shared_ptr<FunctionState>(*as_function(real.get())->state);
    Py_XSETREF(function->owner, Py_XNewRef(as_function(real.get())->owner));
    return function->state->get();
}

PyObject* call_slow(FunctionObject* function, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
    return guarded([&]() -> PyObject* {
        FunctionState* state = resolve_function(function);
        return state ? call_members(*state, arguments, count, keywords) : nullptr;
    });
}

FunctionObject* allocate(PyObject* name) {
    auto* function = PyObject_GC_New(FunctionObject, get_function_type());
    if (!function) return nullptr;
    function->vectorcall = call_function;
    function->fast = nullptr;
    function->unused = nullptr;
    function->state = nullptr;
    function->name = Py_NewRef(name);
    function->owner = function->loader = function->weak_references = nullptr;
    return function;
}

int traverse(PyObject* object, visitproc visit, void* arg) {
    Py_VISIT(as_function(object)->owner);
    Py_VISIT(as_function(object)->loader);
    return 0;
}

int clear(PyObject* object) {
    Py_CLEAR(as_function(object)->owner);
    Py_CLEAR(as_function(object)->loader);
    return 0;
}

void destroy(PyObject* object) {
    PyObject_GC_UnTrack(object);
    FunctionObject* function = as_function(object);
    if (function->weak_references) PyObject_ClearWeakRefs(object);
    clear(object);
    delete function->unused;
    delete function->state;
    Py_XDECREF(function->name);
    PyObject_GC_Del(object);
}

// A function that cannot be called says so.
PyObject* show_unguarded(PyObject* object) {
    FunctionObject* function = as_function(object);
    const std::string name = read_name(function);
    if (FunctionState* state = resolve_function(function)) {
        std::string text = "<ndcall function ";
        for (std::size_t i = 0; i < state->members.size(); ++i) text += (i ? " | " : "") + describe_signature(*state->members[i]->plan);
        return make_text(text + ">");
    }
    PyErr_Clear();
    std::string problem = function->state ? (*function->state)->problem : "its library cannot be loaded";
    problem.resize(std::min(problem.size(), problem.find('\n')));
    const std::string prefix = name + " cannot be called: ";
    if (problem.compare(0, prefix.size(), prefix) == 0) problem = problem.substr(prefix.size());
    return make_text("<ndcall function " + name + ", cannot be called: " + problem + ">");
}

PyObject* show(PyObject* object) {
    return guarded([&] { return show_unguarded(object); });
}

PyObject* call_python(const char* module_name, const char* function_name, PyObject* argument) {
    Owned<> module = Owned<>::steal(PyImport_ImportModule(module_name));
    if (!module) return nullptr;
    Owned<> function = Owned<>::steal(PyObject_GetAttrString(module.get(), function_name));
    return function ? PyObject_CallOneArg(function.get(), argument) : nullptr;
}

PyObject* reduce(PyObject* object, PyObject*) { return call_python("ndcall._pickling", "reduce_function", object); }
PyObject* show_html(PyObject* object, PyObject*) { return call_python("ndcall._html", "show_function", object); }
PyObject* copy_itself(PyObject* object, PyObject*) { return Py_NewRef(object); }

PyObject* compare(PyObject* a, PyObject* b, int op) {
    if ((op != Py_EQ && op != Py_NE) || !Py_IS_TYPE(b, get_function_type())) Py_RETURN_NOTIMPLEMENTED;
    bool equal = a == b;
    if (!equal && PyUnicode_Compare(as_function(a)->name, as_function(b)->name) == 0) {
        equal = as_function(a)->owner && as_function(a)->owner == as_function(b)->owner;
        if (!equal) {  // another process, or loaded twice: equal when they would pickle to the same
            Owned<> first = Owned<>::steal(reduce(a, nullptr)), second = Owned<>::steal(first ? reduce(b, nullptr) : nullptr);
            if (!second) return nullptr;
            const int same = PyObject_RichCompareBool(first.get(), second.get(), Py_EQ);
            if (same < 0) return nullptr;
            equal = same == 1;
        }
    }
    return PyBool_FromLong(equal == (op == Py_EQ));
}

Py_hash_t hash(PyObject* object) { return PyObject_Hash(as_function(object)->name); }

PyObject* get_name(PyObject* object, void*) { return Py_NewRef(as_function(object)->name); }
PyObject* get_module(PyObject*, void*) { return PyUnicode_FromString("ndcall"); }

PyObject* get_library(PyObject* object, void*) {
    if (!as_function(object)->owner && !resolve_function(as_function(object))) return nullptr;
    return Py_NewRef(as_function(object)->owner ? as_function(object)->owner : Py_None);
}

// One text per member, a line each.
template <class Describe>
PyObject* describe_members(PyObject* object, const char* separator, Describe describe) {
    return guarded([&]() -> PyObject* {
        const FunctionState* state = resolve_function(as_function(object));
        if (!state) return nullptr;
        std::string text;
        for (std::size_t i = 0; i < state->members.size(); ++i) text += (i ? separator : "") + describe(*state->members[i]->plan);
        return make_text(text);
    });
}

PyObject* get_contract(PyObject* object, void*) {
    return describe_members(object, "\n", [](const Plan& plan) { return plan.contract; });
}
PyObject* get_documentation(PyObject* object, void*) {
    const Owned<> bind_error = find_exception("BindError");  // now, because nothing can be imported while an exception is set
    if (!bind_error) return nullptr;
    PyObject* text = describe_members(object, "\n\n", [](const Plan& plan) { return describe_docstring(plan); });
    if (text || !as_function(object)->state || !PyErr_ExceptionMatches(bind_error.get())) return text;
    PyErr_Clear();  // help() of a function that cannot be called says why
    return make_text((*as_function(object)->state)->problem);
}

// Facts of C: there even when the contract cannot be bound.
template <class Describe>
PyObject* describe_declarations(PyObject* object, Describe describe) {
    return guarded([&]() -> PyObject* {
        FunctionObject* function = as_function(object);
        if (!open_state(function)) return nullptr;
        std::string text;
        for (const Offer::Member& member : (*function->state)->offer.members)
            text += (text.empty() ? "" : "\n") + describe(*member.function, **function->state);
        return make_text(text);
    });
}

PyObject* get_declaration(PyObject* object, void*) {
    return describe_declarations(object, [](const FunctionDeclaration& declared, const FunctionState&) { return declared.text; });
}
PyObject* get_source(PyObject* object, void*) {
    return describe_declarations(object, [](const FunctionDeclaration& declared, const FunctionState& state) {
        const std::string& path = state.library->declarations().files.at(declared.location.file);
        return path.substr(path.rfind('/') + 1) + ":" + std::to_string(declared.location.line);  // npos + 1 is 0
    });
}
PyObject* get_signature(PyObject* object, void*) { return call_python("ndcall._signature", "make_signature", object); }

PyMethodDef methods[] = {{"__reduce__", reduce, METH_NOARGS, nullptr},
                         {"_repr_html_", show_html, METH_NOARGS, nullptr},
                         {"__copy__", copy_itself, METH_NOARGS, nullptr},
                         {"__deepcopy__", copy_itself, METH_O, nullptr},
                         {nullptr, nullptr, 0, nullptr}};

PyGetSetDef attributes[] = {
    {"__name__", get_name, nullptr, nullptr, nullptr},
    {"__qualname__", get_name, nullptr, nullptr, nullptr},
    {"__module__", get_module, nullptr, nullptr, nullptr},
    {"__doc__", get_documentation, nullptr, nullptr, nullptr},
    {"__signature__", get_signature, nullptr, nullptr, nullptr},
    {"contract", get_contract, nullptr, "The contract line that was bound; empty when the declaration says it all.", nullptr},
    {"declaration", get_declaration, nullptr, "C's declaration, as written.", nullptr},
    {"source", get_source, nullptr, "Where it is declared: file:line.", nullptr},
    {"library", get_library, nullptr, "The library it belongs to.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyTypeObject function_type;

}  // namespace

PyObject* call_function(PyObject* callable, PyObject* const* arguments, std::size_t flags, PyObject* keywords) {
    FunctionObject* function = as_function(callable);
    const Py_ssize_t count = PyVectorcall_NARGS(flags);
    if (function->fast) {
        bool taken;
        PyObject* result = call_fast(*function->fast, arguments, count, keywords, taken);
        if (__builtin_expect(taken, 1)) return result;
    }
    return call_slow(function, arguments, count, keywords);
}

PyTypeObject* get_function_type() { return &function_type; }

bool make_function_type() {
    PyTypeObject& type = function_type;
    Py_SET_REFCNT(reinterpret_cast<PyObject*>(&type), 1);
    type.tp_name = "ndcall.Function";
    type.tp_basicsize = sizeof(FunctionObject);
    type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_IMMUTABLETYPE;
    type.tp_vectorcall_offset = offsetof(FunctionObject, vectorcall);
    type.tp_weaklistoffset = offsetof(FunctionObject, weak_references);
    type.tp_call = PyVectorcall_Call;
    type.tp_dealloc = destroy;
    type.tp_traverse = traverse;
    type.tp_clear = clear;
    type.tp_repr = show;
    type.tp_richcompare = compare;
    type.tp_hash = hash;
    type.tp_methods = methods;
    type.tp_getset = attributes;
    return PyType_Ready(&type) == 0;
}

FunctionObject* need_function(PyObject* object) {
    if (Py_IS_TYPE(object, get_function_type())) return as_function(object);
    PyErr_Format(PyExc_TypeError, "%s is no ndcall.Function", Py_TYPE(object)->tp_name);
    return nullptr;
}

FunctionState* resolve_function(FunctionObject* function) {
    if (!function) return nullptr;
    FunctionState* opened = open_state(function);
    if (!opened) return nullptr;
    FunctionState& state = *opened;
    const bool is_bound = state.members.size() == state.offer.members.size();
    if (state.problem.empty() && !is_bound) {
        if (!bind_members(function, state) && state.problem.empty()) return nullptr;
    } else if (is_bound && !function->fast && state.members.size() == 1 && state.members[0]->fast) {
        set_fast(function, *state.members[0]->fast);
    }
    if (state.problem.empty()) return &state;
    raise_text("BindError", state.problem);
    return nullptr;
}

PyObject* get_function_name(PyObject* function) { return as_function(function)->name; }

PyObject* make_function(std::shared_ptr<Library> library, Offer offer, PyObject* owner) {
    PyObject* text = make_text(offer.name);
    if (text) PyUnicode_InternInPlace(&text);  // as names in Python code are, so that lib.f compares pointers
    Owned<> name = Owned<>::steal(text);
    FunctionObject* function = name ? allocate(name.get()) : nullptr;
    if (!function) return nullptr;
    function->unused = new UnusedFunction{std::move(library), std::move(offer)};
    function->owner = Py_NewRef(owner);
    PyObject_GC_Track(function);
    return reinterpret_cast<PyObject*>(function);
}

PyObject* make_deferred_function(PyObject* name, PyObject* loader) {
    FunctionObject* function = allocate(name);
    if (!function) return nullptr;
    function->loader = Py_NewRef(loader);
    PyObject_GC_Track(function);
    return reinterpret_cast<PyObject*>(function);
}

}  // namespace ndcall
