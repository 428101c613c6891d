#include "python/ndpointer_check.hpp"

#include <structmember.h>

#include <cstddef>
#include <new>

#include "python/ctypes_classes.hpp"
#include "python/ctypes_refusal.hpp"
#include "python/make_text.hpp"
#include "python/owned.hpp"
#include "python/raise.hpp"

namespace ndcall {
namespace {

PyTypeObject check_type;

NdpointerCheckObject* as_check(PyObject* object) { return reinterpret_cast<NdpointerCheckObject*>(object); }

// The number that an array's own number may equal: an integer, or what equals one; of all else no_extent. False: a Python error.
bool read_extent(PyObject* object, std::ptrdiff_t& extent) {
    auto number = Owned<>::steal(PyNumber_Index(object));
    if (!number) {
        if (!PyErr_ExceptionMatches(PyExc_TypeError)) return false;
        PyErr_Clear();
        number = Owned<>::steal(PyNumber_Long(object));
        const int is_whole = number ? PyObject_RichCompareBool(number.get(), object, Py_EQ) : 0;
        PyErr_Clear();  // texts, nan and infinity are no extents
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

bool read_demand(const NdpointerCheckObject& check, AddressDemand& demand) {
    if (check.dtype != Py_None) {
        demand.identity = check.dtype;
        demand.dtype_name = show_any_dtype(reinterpret_cast<PyArray_Descr*>(check.dtype));
    }
    return (check.ndim == Py_None || read_extent(check.ndim, demand.ndim)) && (check.shape == Py_None || read_shape(check.shape, demand)) &&
           (check.flags == Py_None || read_flags(check.flags, demand.flags));
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
    return guarded([&] { return refuse_parameter(demand, object); });
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
