#include "python/ndpointer_check.hpp"

#include <structmember.h>

#include <cstddef>
#include <new>

#include "call/explain.hpp"
#include "call/widening.hpp"
#include "plan/wording.hpp"
#include "python/array_refusal.hpp"
#include "python/ctypes_classes.hpp"
#include "python/describe_object.hpp"
#include "python/make_text.hpp"
#include "python/owned.hpp"

namespace ndcall {
namespace {

PyTypeObject check_type;

NdpointerCheckObject* as_check(PyObject* object) { return reinterpret_cast<NdpointerCheckObject*>(object); }

// The number that an array's own number may equal: of a float it is its integer, of what no array has no_extent. False: a Python error.
bool read_extent(PyObject* object, std::ptrdiff_t& extent) {
    auto number = Owned<>::steal(PyNumber_Index(object));
    if (!number) {
        if (!PyErr_ExceptionMatches(PyExc_TypeError)) return false;
        PyErr_Clear();
        if (!PyFloat_Check(object)) {
            extent = no_extent;
            return true;
        }
        number = Owned<>::steal(PyNumber_Long(object));
        const int is_whole = number ? PyObject_RichCompareBool(number.get(), object, Py_EQ) : 0;
        PyErr_Clear();  // nan and infinity are no extents
        if (is_whole != 1) {
            extent = no_extent;
            return true;
        }
    }
    extent = PyLong_AsSsize_t(number.get());
    if (extent == -1 && PyErr_Occurred()) PyErr_Clear();  // larger than any extent
    if (extent < 0) extent = no_extent;
    return true;
}

bool read_shape(PyObject* object, AddressDemand& demand) {
    const auto items = Owned<>::steal(PySequence_Tuple(object));
    if (!items) return false;
    demand.is_shaped = true;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items.get()); ++i) {
        PyObject* item = PyTuple_GET_ITEM(items.get(), i);
        demand.shape.push_back(any_extent);
        if (item != Py_None && !read_extent(item, demand.shape.back())) return false;
    }
    return true;
}

bool read_flags(PyObject* object, std::int64_t& flags) {
    const auto number = Owned<>::steal(PyNumber_Index(object));
    if (!number) return false;
    flags = PyLong_AsLongLong(number.get());
    if (flags != -1 || !PyErr_Occurred()) return true;
    PyErr_SetString(PyExc_OverflowError, "flags are the bits of a C int");
    return false;
}

// Fields too, as far as they fit a line.
std::string show_any_dtype(PyArray_Descr* descr) {
    constexpr Py_ssize_t most_characters = 100;
    const auto text = Owned<>::steal(PyDataType_HASFIELDS(descr) ? PyObject_Str(reinterpret_cast<PyObject*>(descr)) : nullptr);
    Py_ssize_t size = 0;
    const char* characters = text ? PyUnicode_AsUTF8AndSize(text.get(), &size) : nullptr;
    PyErr_Clear();
    return characters && size <= most_characters ? characters : show_dtype(descr);
}

bool read_demand(const NdpointerCheckObject& check, AddressDemand& demand) {
    if (check.dtype != Py_None) {
        demand.identity = check.dtype;
        demand.dtype_name = show_any_dtype(reinterpret_cast<PyArray_Descr*>(check.dtype));
    }
    return (check.ndim == Py_None || read_extent(check.ndim, demand.ndim)) && (check.shape == Py_None || read_shape(check.shape, demand)) &&
           (check.flags == Py_None || read_flags(check.flags, demand.flags));
}

// The line that makes an array which fits, when it changes no value.
std::string find_fix(const AddressDemand& demand, PyArrayObject* array, bool has_dtype) {
    std::string dtype;
    if (!has_dtype) {
        auto* wanted = static_cast<PyArray_Descr*>(const_cast<void*>(demand.identity));
        const DType from = read_dtype(PyArray_DESCR(array)), to = read_dtype(wanted);
        const Widening widening = find_widening(from, to);
        const bool keeps_values = widening == Widening::Same || widening == Widening::Lossless;
        if (to.swapped || !keeps_values || !find_builtin({from.kind, false, from.itemsize}) || !find_builtin(to)) return {};
        dtype = ", " + write_dtype(wanted);
    }
    const std::string letters = find_requirements(demand.flags);
    if (letters.empty() && (demand.flags || dtype.empty())) return {};
    const std::string requirements = letters.empty() ? "" : std::string(dtype.empty() ? ", requirements=" : ", ") + '"' + letters + '"';
    const auto itemsize = static_cast<std::size_t>(
        PyDataType_ELSIZE(has_dtype ? PyArray_DESCR(array) : static_cast<PyArray_Descr*>(const_cast<void*>(demand.identity))));
    return "np.require(array" + dtype + requirements + ")   (a copy, " +
           print_bytes(static_cast<std::size_t>(PyArray_SIZE(array)) * itemsize) + "; what C writes goes to the copy)";
}

std::string explain_array(const AddressDemand& demand, PyArrayObject* array) {
    const bool has_dtype = !demand.identity || AddressReader::is_equivalent(reinterpret_cast<PyObject*>(array), demand.identity);
    Mismatches mismatches =
        list_mismatches(demand, view_array(array), PyArray_FLAGS(array), has_dtype, show_any_dtype(PyArray_DESCR(array)));
    bool is_mendable = true;
    for (const Mismatch& mismatch : mismatches)
        is_mendable &= mismatch.kind == MismatchKind::Dtype || mismatch.kind == MismatchKind::Layout;
    const std::string fix = is_mendable ? find_fix(demand, array, has_dtype) : "";
    for (Mismatch& mismatch : mismatches) {
        mismatch.expected = describe_demand(demand);
        mismatch.got = describe_array(view_array(array));
        mismatch.fix = fix;
    }
    return explain_subject("the array", mismatches);
}

std::string explain_object(const AddressDemand& demand, PyObject* object) {
    Mismatch mismatch;
    mismatch.problem = "is no array";
    mismatch.expected = describe_demand(demand);
    mismatch.got = describe_object(object);
    return explain_subject("the argument", {mismatch});
}

PyObject* refuse(const AddressDemand& demand, PyObject* object) {
    const std::string text =
        PyArray_Check(object) ? explain_array(demand, reinterpret_cast<PyArrayObject*>(object)) : explain_object(demand, object);
    const auto message = Owned<>::steal(make_text(text));
    if (message) PyErr_SetObject(PyExc_TypeError, message.get());
    return nullptr;
}

PyObject* call(PyObject* callable, PyObject* const* arguments, std::size_t flags, PyObject* keywords) {
    if (PyVectorcall_NARGS(flags) != 1 || keywords) {
        PyErr_Format(PyExc_TypeError, "from_param() takes exactly one argument (%zd given)",
                     PyVectorcall_NARGS(flags) + (keywords ? PyTuple_GET_SIZE(keywords) : 0));
        return nullptr;
    }
    const AddressDemand& demand = *as_check(callable)->demand;
    PyObject* object = arguments[0];
    if (PyArray_Check(object) && meets<AddressReader>(demand, object)) return make_address(object);
    if (object == Py_None && demand.is_optional) Py_RETURN_NONE;
    try {
        return refuse(demand, object);
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
}

void destroy(PyObject* object) {
    NdpointerCheckObject* check = as_check(object);
    delete check->demand;
    for (PyObject* member : {check->dtype, check->ndim, check->shape, check->flags}) Py_XDECREF(member);
    PyObject_Free(object);
}

PyObject* create(PyTypeObject*, PyObject* arguments, PyObject* keywords) {
    static const char* names[] = {"dtype", "ndim", "shape", "flags", "optional", nullptr};
    PyArray_Descr* dtype = nullptr;
    PyObject *ndim = Py_None, *shape = Py_None, *flags = Py_None;
    int is_optional = 0;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|O&OOO$p:NdpointerCheck", const_cast<char**>(names), PyArray_DescrConverter2,
                                     &dtype, &ndim, &shape, &flags, &is_optional))
        return nullptr;
    auto descr = Owned<>::steal(reinterpret_cast<PyObject*>(dtype));
    auto self = Owned<>::steal(find_ctypes() ? reinterpret_cast<PyObject*>(PyObject_New(NdpointerCheckObject, &check_type)) : nullptr);
    if (!self) return nullptr;
    NdpointerCheckObject* check = as_check(self.get());
    check->vectorcall = call;
    check->demand = nullptr;
    check->dtype = descr ? descr.release() : Py_NewRef(Py_None);
    check->ndim = Py_NewRef(ndim);
    check->shape = Py_NewRef(shape);
    check->flags = Py_NewRef(flags);
    try {
        check->demand = new AddressDemand;
        check->demand->is_optional = is_optional != 0;
        return read_demand(*check, *check->demand) ? self.release() : nullptr;
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
}

PyObject* show(PyObject* object) {
    try {
        return make_text("<NdpointerCheck: " + describe_demand(*as_check(object)->demand) + ">");
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
}

PyObject* is_optional(PyObject* object, void*) { return PyBool_FromLong(as_check(object)->demand->is_optional); }

PyMemberDef members[] = {{"dtype", T_OBJECT, offsetof(NdpointerCheckObject, dtype), READONLY, nullptr},
                         {"ndim", T_OBJECT, offsetof(NdpointerCheckObject, ndim), READONLY, nullptr},
                         {"shape", T_OBJECT, offsetof(NdpointerCheckObject, shape), READONLY, nullptr},
                         {"flags", T_OBJECT, offsetof(NdpointerCheckObject, flags), READONLY, nullptr},
                         {nullptr, 0, 0, 0, nullptr}};
PyGetSetDef attributes[] = {{"optional", is_optional, nullptr, nullptr, nullptr}, {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

PyTypeObject* get_ndpointer_check_type() { return &check_type; }

bool make_ndpointer_check_type() {
    PyTypeObject& type = check_type;
    Py_SET_REFCNT(reinterpret_cast<PyObject*>(&type), 1);
    type.tp_name = "ndcall._core.NdpointerCheck";
    type.tp_doc =
        "NdpointerCheck(dtype=None, ndim=None, shape=None, flags=None, *, optional=False)\n--\n\n"
        "Called with an array that fits: its address as a c_void_p that keeps it; else TypeError.\n\n"
        "An extent of `shape` may be None: any. `flags` are bits. `optional`: None is taken, and is NULL.";
    type.tp_basicsize = sizeof(NdpointerCheckObject);
    type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_IMMUTABLETYPE;
    type.tp_vectorcall_offset = offsetof(NdpointerCheckObject, vectorcall);
    type.tp_call = PyVectorcall_Call;
    type.tp_new = create;
    type.tp_dealloc = destroy;
    type.tp_repr = show;
    type.tp_members = members;
    type.tp_getset = attributes;
    return PyType_Ready(&type) == 0;
}

}  // namespace ndcall
