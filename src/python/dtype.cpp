#include "python/dtype.hpp"

#include <array>
#include <cstdint>

#include "plan/types.hpp"
#include "plan/wording.hpp"
#include "python/raise.hpp"

namespace ndcall {
namespace {

struct Builtin {
    char kind;
    std::uint32_t itemsize;
    int type_number;
};

// Not listed: no dtype that C shares with NumPy.
constexpr std::array builtins{
    Builtin{'b', 1, NPY_BOOL},
    Builtin{'i', 1, NPY_INT8},
    Builtin{'i', 2, NPY_INT16},
    Builtin{'i', 4, NPY_INT32},
    Builtin{'i', 8, NPY_INT64},
    Builtin{'u', 1, NPY_UINT8},
    Builtin{'u', 2, NPY_UINT16},
    Builtin{'u', 4, NPY_UINT32},
    Builtin{'u', 8, NPY_UINT64},
    Builtin{'f', 2, NPY_HALF},
    Builtin{'f', 4, NPY_FLOAT},
    Builtin{'f', 8, NPY_DOUBLE},
    Builtin{'f', sizeof(long double), NPY_LONGDOUBLE},
    Builtin{'c', 8, NPY_CFLOAT},
    Builtin{'c', 16, NPY_CDOUBLE},
    Builtin{'c', 2 * sizeof(long double), NPY_CLONGDOUBLE},
};

Owned<PyArray_Descr> describe_type(const Declarations& declarations, const Type& type);
Owned<PyArray_Descr> describe_struct(const Declarations& declarations, const StructDeclaration& record);

bool append(PyObject* list, Owned<> item) { return item && PyList_Append(list, item.get()) == 0; }

bool is_text(const Type& type) { return type.kind == Kind::Array && type.target->kind == Kind::Character && type.size != 0; }

Owned<PyArray_Descr> make_string(std::uint32_t size) {
    auto text = Owned<PyArray_Descr>::steal(PyArray_DescrNewFromType(NPY_STRING));
    if (text) PyDataType_SET_ELSIZE(text.get(), size);
    return text;
}

// `char name[16]` is a string to NumPy as to C; other arrays in structs are subarrays, `double m[3][3]` of shape (3, 3).
Owned<PyArray_Descr> describe_array_member(const Declarations& declarations, const Type& array) {
    const auto extents = Owned<>::steal(PyList_New(0));
    if (!extents) return {};
    const Type* type = &array;
    for (; type->kind == Kind::Array && !is_text(*type); type = type->target) {
        if (type->size == 0 || type->target->size == 0) {
            PyErr_SetString(PyExc_TypeError, "an array without a fixed extent is no data of an array of structs");
            return {};
        }
        if (!append(extents.get(), Owned<>::steal(PyLong_FromUnsignedLong(type->size / type->target->size)))) return {};
    }
    Owned<PyArray_Descr> item = is_text(*type) ? make_string(type->size) : describe_type(declarations, *type);
    if (!item || PyList_GET_SIZE(extents.get()) == 0) return item;
    const auto shape = Owned<>::steal(PyList_AsTuple(extents.get()));
    const auto pair = Owned<>::steal(shape ? PyTuple_Pack(2, item.object(), shape.get()) : nullptr);
    PyArray_Descr* descr = nullptr;
    if (!pair || PyArray_DescrConverter(pair.get(), &descr) == NPY_FAIL) return {};
    return Owned<PyArray_Descr>::steal(descr);
}

Owned<PyArray_Descr> describe_type(const Declarations& declarations, const Type& type) {
    if (const auto scalar = find_scalar(type)) return Owned<PyArray_Descr>::share(find_builtin(make_dtype(*scalar)));
    if (type.kind == Kind::Array) return describe_array_member(declarations, type);
    if (type.kind == Kind::Struct) {
        const StructDeclaration* record = declarations.find_struct(type.tag);
        if (record != nullptr) return describe_struct(declarations, *record);
    }
    PyErr_Format(PyExc_TypeError, "'%s' is no data of an array of structs", print_c(type).c_str());
    return {};
}

bool append_field(const Declarations& declarations, const Field& field, PyObject* names, PyObject* formats, PyObject* offsets) {
    if (field.bit_width >= 0 || field.name.empty()) {
        PyErr_Format(PyExc_TypeError, "%s is no data of an array of structs", field.name.empty() ? "an anonymous member" : "a bit-field");
        return false;
    }
    return append(formats, Owned<>::steal(reinterpret_cast<PyObject*>(describe_type(declarations, *field.type).release()))) &&
           append(names, Owned<>::steal(PyUnicode_FromString(field.name.c_str()))) &&
           append(offsets, Owned<>::steal(PyLong_FromUnsignedLong(field.offset)));
}

// NumPy's aligned dtypes are laid out as the ABI says; a struct that the compiler packed is not one, and may lie anywhere.
bool is_packed(const StructDeclaration& record) {
    for (const Field& field : record.fields)
        if (field.type->align != 0 && (field.offset % field.type->align != 0 || record.size % field.type->align != 0)) return true;
    return false;
}

bool is_multiple(std::uintptr_t number, npy_intp alignment) { return number % static_cast<std::uintptr_t>(alignment) == 0; }

bool is_aligned(PyArrayObject* array, npy_intp alignment) {
    bool all = is_multiple(reinterpret_cast<std::uintptr_t>(PyArray_DATA(array)), alignment);
    for (int axis = 0; axis < PyArray_NDIM(array); ++axis)
        if (PyArray_DIM(array, axis) > 1) all &= is_multiple(static_cast<std::uintptr_t>(PyArray_STRIDE(array, axis)), alignment);
    return all;
}

// Names and titles of fields may be of a class of the caller's, whose __eq__ NumPy would ask.
bool has_plain_names(PyArray_Descr* descr) {
    if (PyDataType_HASSUBARRAY(descr)) return has_plain_names(PyDataType_SUBARRAY(descr)->base);
    if (!PyDataType_HASFIELDS(descr)) return true;
    PyObject *name = nullptr, *field = nullptr;
    for (Py_ssize_t at = 0; PyDict_Next(PyDataType_FIELDS(descr), &at, &name, &field) != 0;) {
        constexpr Py_ssize_t title = 2;  // there when the field has one
        if (!PyUnicode_CheckExact(name)) return false;
        if (PyTuple_GET_SIZE(field) > title && !PyUnicode_CheckExact(PyTuple_GET_ITEM(field, title))) return false;
        if (!has_plain_names(reinterpret_cast<PyArray_Descr*>(PyTuple_GET_ITEM(field, 0)))) return false;
    }
    return true;
}

Owned<PyArray_Descr> describe_struct(const Declarations& declarations, const StructDeclaration& record) {
    if (record.is_union || !record.is_complete) {
        PyErr_Format(PyExc_TypeError, "'%s' is %s", record.tag.c_str(), record.is_union ? "a union" : "not defined");
        return {};
    }
    if (const auto scalar = find_complex_struct(record)) return Owned<PyArray_Descr>::share(find_builtin(make_dtype(*scalar)));
    const auto names = Owned<>::steal(PyList_New(0)), formats = Owned<>::steal(PyList_New(0)), offsets = Owned<>::steal(PyList_New(0));
    if (!names || !formats || !offsets) return {};
    for (const Field& field : record.fields)
        if (!append_field(declarations, field, names.get(), formats.get(), offsets.get())) return {};
    const auto fields = Owned<>::steal(Py_BuildValue("{sOsOsOsI}", "names", names.get(), "formats", formats.get(), "offsets", offsets.get(),
                                                     "itemsize", static_cast<unsigned>(record.size)));
    if (!fields) return {};
    PyArray_Descr* descr = nullptr;
    const int done = is_packed(record) ? PyArray_DescrConverter(fields.get(), &descr) : PyArray_DescrAlignConverter(fields.get(), &descr);
    return Owned<PyArray_Descr>::steal(done == NPY_FAIL ? nullptr : descr);
}

}  // namespace

ArrayView view_array_for(const Array& demand, PyArrayObject* array) {
    ArrayView view = view_array(array);
    if (demand.identity == nullptr || demand.dtype.kind != 'V' || view.dtype.kind != 'V') return view;
    // SAFETY: src/python fills identity with descriptors only.
    auto* wanted = static_cast<PyArray_Descr*>(const_cast<void*>(demand.identity));
    if (!are_equivalent(PyArray_DESCR(array), wanted)) return view;
    view.identity = demand.identity;
    // A descriptor made without align=True says that its alignment is 1; C's struct says otherwise.
    view.flags = static_cast<std::uint16_t>(view.flags & ~aligned);
    if (PyArray_SIZE(array) == 0 || is_aligned(array, PyDataType_ALIGNMENT(wanted)))
        view.flags = static_cast<std::uint16_t>(view.flags | aligned);
    return view;
}

PyArray_Descr* find_builtin(const DType& dtype) {
    for (const Builtin& row : builtins) {
        if (row.kind != dtype.kind || row.itemsize != dtype.itemsize) continue;
        PyArray_Descr* descr = PyArray_DescrFromType(row.type_number);
        Py_DECREF(descr);  // NumPy keeps its builtins for ever
        return descr;
    }
    return nullptr;
}

Owned<PyArray_Descr> make_struct_dtype(const Declarations& declarations, const StructDeclaration& record) {
    Owned<PyArray_Descr> descr = describe_struct(declarations, record);
    if (!descr && PyErr_ExceptionMatches(PyExc_ValueError))  // what NumPy says of its own limits
        PyErr_SetString(PyExc_TypeError, take_exception_text().c_str());
    return descr;
}

std::string show_dtype(PyArray_Descr* descr) {
    const DType dtype = read_dtype(descr);
    if (!dtype.swapped && find_builtin(dtype) != nullptr) return name_dtype(dtype);
    if (PyDataType_HASFIELDS(descr)) return name_any_dtype(dtype);  // the list of its fields can be as long as a page
    const auto text = Owned<>::steal(PyObject_Str(reinterpret_cast<PyObject*>(descr)));
    const char* characters = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
    if (characters != nullptr) return characters;
    PyErr_Clear();  // only a message is poorer: a dtype of another package that cannot show itself
    return std::string("a dtype of kind '") + dtype.kind + "'";
}

bool are_equivalent(PyArray_Descr* a, PyArray_Descr* b) {
    return a == b || (has_plain_names(a) && has_plain_names(b) && PyArray_EquivTypes(a, b) != 0);
}

}  // namespace ndcall
