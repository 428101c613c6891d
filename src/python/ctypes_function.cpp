#include "python/ctypes_function.hpp"

#include <structmember.h>

#include <algorithm>
#include <new>
#include <utility>

#include "call/invoke_fast.hpp"
#include "plan/wording.hpp"
#include "python/ctypes_classes.hpp"
#include "python/ctypes_plan.hpp"
#include "python/ctypes_refusal.hpp"
#include "python/ctypes_strict.hpp"
#include "python/raise.hpp"

namespace ndcall {
namespace {

PyTypeObject *base = nullptr, *function_type = nullptr;
Py_ssize_t state_offset = 0;  // ctypes knows how large its own part is; ours lies behind it

// All zero in an instance that ctypes made by itself (cast, a member of a struct): that one stays with ctypes.
struct FunctionState {
    vectorcallfunc vectorcall;  // null: tp_call, which is ctypes' own
    bool is_plain;              // of a library or an address, without paramflags
    bool is_strict;             // of a library that asks for check_strictly
    bool has_ndpointers;        // among the converters
    PyObject* converters;       // tuple: from_param of each of argtypes when it was set; null: not set, or no list and no tuple
    CtypesPlan* plan;           // null: not made yet
};

FunctionState& state_of(PyObject* function) { return *reinterpret_cast<FunctionState*>(reinterpret_cast<char*>(function) + state_offset); }

struct Setting {
    const char* name;
    PyObject* descriptor;  // ctypes' own
};
Setting settings[] = {{"argtypes", nullptr}, {"restype", nullptr}, {"errcheck", nullptr}};
enum SettingIndex : std::size_t { argtypes, restype, errcheck };

PyObject* get_setting(PyObject* function, const Setting& setting) {
    return Py_TYPE(setting.descriptor)->tp_descr_get(setting.descriptor, function, reinterpret_cast<PyObject*>(Py_TYPE(function)));
}

// The plan and its references go when nothing refers to them any more: that may run Python code.
void forget_plan(PyObject* function) {
    FunctionState& state = state_of(function);
    state.vectorcall = nullptr;
    if (CtypesPlan* plan = std::exchange(state.plan, nullptr)) plan->release();
}

// -- calls

// What the interpreter does with an object that has no vectorcall.
PyObject* call_by_ctypes(PyObject* function, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
    const auto positional = Owned<>::steal(PyTuple_New(count));
    const auto named = Owned<>::steal(positional && keywords ? PyDict_New() : nullptr);
    if (!positional || (keywords && !named)) return nullptr;
    for (Py_ssize_t i = 0; i < count; ++i) PyTuple_SET_ITEM(positional.get(), i, Py_NewRef(arguments[i]));
    for (Py_ssize_t i = 0; keywords && i < PyTuple_GET_SIZE(keywords); ++i)
        if (PyDict_SetItem(named.get(), PyTuple_GET_ITEM(keywords, i), arguments[count + i]) < 0) return nullptr;
    if (Py_EnterRecursiveCall(" while calling a Python object")) return nullptr;
    PyObject* result = Py_TYPE(function)->tp_call(function, positional.get(), named.get());
    Py_LeaveRecursiveCall();
    return result;
}

// ctypes' call, unless an ndpointer of argtypes would refuse its argument: of that ctypes keeps the words and loses the exception.
PyObject* call_checked(PyObject* function, PyObject* const* arguments, std::size_t flags, PyObject* keywords) {
    const Py_ssize_t count = PyVectorcall_NARGS(flags);
    PyObject* converters = state_of(function).converters;
    const Py_ssize_t refused = state_of(function).has_ndpointers ? find_refused_array(converters, arguments, count) : -1;
    if (refused < 0) return call_by_ctypes(function, arguments, count, keywords);
    const auto converter = Owned<>::share(PyTuple_GET_ITEM(converters, refused));
    return guarded([&] { return refuse_argument(function, converter.get(), arguments, count, refused); });
}

PyObject* call_by_plan(PyObject* function, PyObject* const* arguments, std::size_t flags, PyObject* keywords) {
    CtypesPlan& plan = *state_of(function).plan;
    const HeldPlan held(plan);
    const Py_ssize_t count = PyVectorcall_NARGS(flags);
    std::uint64_t words[first_other_word];
    std::fill_n(words, integer_words, 0);  // registers that nobody reads
    bool taken = static_cast<std::size_t>(count) == plan.arguments.size() && !keywords;
    for (Py_ssize_t i = 0; taken && i < count; ++i) {
        const CtypesArgument& argument = plan.arguments[static_cast<std::size_t>(i)];
        taken = take_ctypes_argument(argument, arguments[i], words[argument.word]);
    }
    return taken ? invoke_ctypes_plan(plan, words) : call_checked(function, arguments, flags, keywords);
}

constexpr long flag_of_c = 1, flag_of_pydll = 4;  // of a function's `_flags_`

// Empty: a plan may be made.
std::string find_obstacle(PyObject* function, bool& holds_gil) {
    if (!state_of(function).is_plain) return "it is a callback, has paramflags or was cast";
    const auto flags = Owned<>::steal(PyObject_GetAttrString(function, "_flags_"));
    const long value = flags ? PyLong_AsLong(flags.get()) : -1;
    if ((value & ~flag_of_pydll) != flag_of_c) return "it is called with ctypes' own errno, or by another convention than C's";
    holds_gil = (value & flag_of_pydll) != 0;
    if (!state_of(function).converters) return "argtypes is not set";
    const auto check = Owned<>::steal(get_setting(function, settings[errcheck]));
    return check.get() == Py_None ? "" : "errcheck is set";
}

CtypesPlan* make_plan(PyObject* function) {
    CtypesSettings known;
    const std::string obstacle = find_obstacle(function, known.holds_gil);
    PyErr_Clear();
    if (!obstacle.empty()) return make_ctypes_obstacle(obstacle);
    if (void* memory = find_memory(function, sizeof known.address)) known.address = *static_cast<void (**)()>(memory);
    if (!known.address) return make_ctypes_obstacle("its address is NULL");
    known.name = name_ctypes_function(function);
    const auto result = Owned<>::steal(get_setting(function, settings[restype]));
    PyErr_Clear();
    const auto converters = Owned<>::share(state_of(function).converters);
    known.converters = converters.get();
    known.restype = result.get();
    return result ? make_ctypes_plan(known) : make_ctypes_obstacle("restype cannot be read");
}

bool is_checked_strictly(const FunctionState& state) { return state.is_strict && state.is_plain && state.converters; }
PyObject* call_strictly(PyObject* function, PyObject* const* arguments, std::size_t flags, PyObject* keywords);

// Null with an exception set.
CtypesPlan* find_plan(PyObject* function) {
    if (!state_of(function).plan) {
        CtypesPlan* made = nullptr;
        try {
            made = make_plan(function);
        } catch (const std::bad_alloc&) {
            PyErr_NoMemory();
            return nullptr;
        }
        forget_plan(function);  // what is asked about classes can be Python code, and that may have called the function
        FunctionState& state = state_of(function);
        state.plan = made;
        if (is_checked_strictly(state))
            state.vectorcall = call_strictly;
        else if (made->obstacle.empty())
            state.vectorcall = call_by_plan;
        else if (state.has_ndpointers)
            state.vectorcall = call_checked;
    }
    return state_of(function).plan;
}

PyObject* call_first(PyObject* function, PyObject* const* arguments, std::size_t flags, PyObject* keywords) {
    const CtypesPlan* plan = find_plan(function);
    if (!plan) return nullptr;
    return plan->obstacle.empty() ? call_by_plan(function, arguments, flags, keywords) : call_checked(function, arguments, flags, keywords);
}

PyObject* call_strictly(PyObject* function, PyObject* const* arguments, std::size_t flags, PyObject* keywords) {
    const auto converters = Owned<>::share(state_of(function).converters);
    const auto check = [&] { return check_strictly(function, converters.get(), arguments, PyVectorcall_NARGS(flags)); };
    return guarded(check) < 0 ? nullptr : call_first(function, arguments, flags, keywords);
}

// -- argtypes, restype, errcheck

// from_param of each, as ctypes has just taken them. Null: ctypes alone knows what they were (an iterator, for one).
PyObject* list_converters(PyObject* value) {
    if (!value || (!PyList_CheckExact(value) && !PyTuple_CheckExact(value))) return nullptr;
    const auto types = Owned<>::steal(PySequence_Tuple(value));
    if (!types) return nullptr;
    auto converters = Owned<>::steal(PyTuple_New(PyTuple_GET_SIZE(types.get())));
    for (Py_ssize_t i = 0; converters && i < PyTuple_GET_SIZE(types.get()); ++i) {
        PyObject* converter = PyObject_GetAttrString(PyTuple_GET_ITEM(types.get(), i), "from_param");
        if (!converter) return nullptr;
        PyTuple_SET_ITEM(converters.get(), i, converter);
    }
    return converters.release();
}

PyObject* get(PyObject* function, void* closure) { return get_setting(function, *static_cast<Setting*>(closure)); }

int set(PyObject* function, PyObject* value, void* closure) {
    const auto* setting = static_cast<Setting*>(closure);
    if (Py_TYPE(setting->descriptor)->tp_descr_set(setting->descriptor, function, value) < 0) return -1;
    forget_plan(function);
    if (setting == &settings[argtypes]) {
        PyObject* converters = list_converters(value);
        PyErr_Clear();
        state_of(function).has_ndpointers = converters && has_ndpointers(converters);
        Py_XSETREF(state_of(function).converters, converters);
    }
    FunctionState& state = state_of(function);
    forget_plan(function);  // asking for converters can have made one
    state.vectorcall = is_checked_strictly(state) ? call_strictly : state.converters && state.is_plain ? call_first : nullptr;
    return 0;
}

// -- the type

PyObject* create(PyTypeObject* type, PyObject* arguments, PyObject* keywords) {
    PyObject* function = base->tp_new(type, arguments, keywords);
    if (!function) return nullptr;
#if PY_VERSION_HEX < 0x030c0000
    // A class written in Python inherits this flag from 3.12 on.
    if (type->tp_call == base->tp_call) type->tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL;
#endif
    const auto strict = Owned<>::steal(PyObject_GetAttrString(reinterpret_cast<PyObject*>(type), "_is_strict_"));
    PyErr_Clear();  // most have no such word
    state_of(function).is_strict = strict.get() == Py_True;
    const bool is_alone = PyTuple_GET_SIZE(arguments) == 1 && (!keywords || PyDict_GET_SIZE(keywords) == 0);
    PyObject* origin = is_alone ? PyTuple_GET_ITEM(arguments, 0) : nullptr;
    state_of(function).is_plain = origin && (PyTuple_Check(origin) || PyLong_Check(origin));
    return function;
}

int clear(PyObject* function) {
    forget_plan(function);
    state_of(function).has_ndpointers = false;
    Py_CLEAR(state_of(function).converters);
    return base->tp_clear(function);
}

int traverse(PyObject* function, visitproc visit, void* arg) {
    const FunctionState& state = state_of(function);
    Py_VISIT(state.converters);
    if (state.plan) {
        for (const CtypesArgument& argument : state.plan->arguments) {
            Py_VISIT(argument.converter.get());
            Py_VISIT(argument.target_owner.get());
        }
        Py_VISIT(state.plan->result.instance_type.get());
        Py_VISIT(state.plan->result.check.get());
    }
    return base->tp_traverse(function, visit, arg);
}

void destroy(PyObject* function) {
    PyObject_GC_UnTrack(function);
    forget_plan(function);
    Py_CLEAR(state_of(function).converters);
    base->tp_dealloc(function);
}

PyGetSetDef attributes[] = {{"argtypes", get, set, "The argument types.", &settings[argtypes]},
                            {"restype", get, set, "The result type.", &settings[restype]},
                            {"errcheck", get, set, "Called with each result.", &settings[errcheck]},
                            {nullptr, nullptr, nullptr, nullptr, nullptr}};

constexpr const char* type_name = "ndcall._core.CtypesFunction";
constexpr unsigned long type_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL;

#if PY_VERSION_HEX < 0x030d0000
// A static type, because up to 3.12 no metatype with a tp_new of its own can make one from C. ctypes' metatype comes with the base.
PyTypeObject* make_type() {
    static PyTypeObject type;
    Py_SET_REFCNT(reinterpret_cast<PyObject*>(&type), 1);
    type.tp_name = type_name;
    type.tp_base = base;
    type.tp_basicsize = state_offset + static_cast<Py_ssize_t>(sizeof(FunctionState));
    type.tp_flags = type_flags;
    type.tp_vectorcall_offset = state_offset + static_cast<Py_ssize_t>(offsetof(FunctionState, vectorcall));
    type.tp_call = base->tp_call;
    type.tp_new = create;
    type.tp_dealloc = destroy;
    type.tp_traverse = traverse;
    type.tp_clear = clear;
    type.tp_getset = attributes;
    return PyType_Ready(&type) < 0 ? nullptr : &type;
}
#else
PyTypeObject* make_type() {
    PyMemberDef members[] = {{"__vectorcalloffset__", Py_T_PYSSIZET,
                              state_offset + static_cast<Py_ssize_t>(offsetof(FunctionState, vectorcall)), Py_READONLY, nullptr},
                             {nullptr, 0, 0, 0, nullptr}};
    PyType_Slot slots[] = {{Py_tp_call, reinterpret_cast<void*>(base->tp_call)},
                           {Py_tp_new, reinterpret_cast<void*>(create)},
                           {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
                           {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                           {Py_tp_clear, reinterpret_cast<void*>(clear)},
                           {Py_tp_getset, attributes},
                           {Py_tp_members, members},
                           {0, nullptr}};
    PyType_Spec spec = {type_name, static_cast<int>(state_offset + static_cast<Py_ssize_t>(sizeof(FunctionState))), 0,
                        static_cast<unsigned int>(type_flags), slots};
    return reinterpret_cast<PyTypeObject*>(PyType_FromMetaclass(Py_TYPE(base), nullptr, &spec, reinterpret_cast<PyObject*>(base)));
}
#endif

bool prepare_base() {
    const CtypesClasses* classes = find_ctypes();
    if (!classes) return false;
    base = classes->function;
    constexpr auto alignment = static_cast<Py_ssize_t>(alignof(FunctionState));
    state_offset = (base->tp_basicsize + alignment - 1) / alignment * alignment;
    for (Setting& setting : settings) {
        if (!setting.descriptor) setting.descriptor = PyObject_GetAttrString(reinterpret_cast<PyObject*>(base), setting.name);
        if (!setting.descriptor) return false;
        if (Py_TYPE(setting.descriptor)->tp_descr_get && Py_TYPE(setting.descriptor)->tp_descr_set) continue;
        PyErr_Format(PyExc_TypeError, "ctypes' %s is no descriptor", setting.name);
        return false;
    }
    return true;
}

}  // namespace

PyTypeObject* find_ctypes_function_type() {
    if (!function_type && prepare_base() && !function_type) function_type = make_type();  // importing ctypes lets other threads run
    return function_type;
}

std::string describe_ctypes_path(PyObject* function, PyObject* arguments) {
    CtypesPlan* plan = find_plan(function);
    if (!plan) return {};
    const HeldPlan held(*plan);
    if (!plan->obstacle.empty()) return "ctypes: " + plan->obstacle;
    if (!arguments) return "plan";
    const auto count = static_cast<std::size_t>(PyTuple_GET_SIZE(arguments)), wanted = plan->arguments.size();
    if (count != wanted) return "ctypes: argtypes has " + std::to_string(wanted) + ", not " + std::to_string(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint64_t word = 0;
        if (!take_ctypes_argument(plan->arguments[i], PyTuple_GET_ITEM(arguments, static_cast<Py_ssize_t>(i)), word))
            return "ctypes: the plan does not take the " + print_position(i, count) + " argument";
    }
    return "plan";
}

}  // namespace ndcall
