#include "python/struct_members.hpp"

#include <algorithm>
#include <cstring>

#include <nanobind/nanobind.h>

#include "call/explain.hpp"
#include "plan/types.hpp"
#include "plan/wording.hpp"
#include "python/dtype.hpp"
#include "python/numbers.hpp"
#include "python/raise.hpp"
#include "python/take_array.hpp"

namespace ndcall {

namespace {

StructObject* as_struct(PyObject* object) { return reinterpret_cast<StructObject*>(object); }

// The struct's memory itself as an array: changes are seen on both sides.
PyObject* view_memory(PyObject* self, PyArray_Descr* descr /*stolen*/, int ndim, npy_intp* shape, std::byte* data) {
    PyObject* array =
        PyArray_NewFromDescr(&PyArray_Type, descr, ndim, shape, nullptr, data, NPY_ARRAY_WRITEABLE | NPY_ARRAY_ALIGNED, nullptr);
    if (array && PyArray_SetBaseObject(reinterpret_cast<PyArrayObject*>(array), Py_NewRef(self)) < 0) Py_CLEAR(array);
    return array;
}

PyObject* fail_member(const Field& field, const char* reason) {
    PyErr_Format(PyExc_AttributeError, "member '%s' (%s) %s", field.name.c_str(), print_c(*field.type, field.name).c_str(), reason);
    return nullptr;
}

PyObject* read_inline_array(PyObject* self, const Field& field) {
    npy_intp shape[NPY_MAXDIMS];
    int ndim = 0;
    const Type* type = field.type;
    for (; type->kind == Kind::Array && ndim < NPY_MAXDIMS; type = type->target)
        shape[ndim++] = type->target->size ? static_cast<npy_intp>(type->size / type->target->size) : 0;
    const auto scalar = find_scalar(*type);
    PyArray_Descr* descr = scalar ? find_builtin(make_dtype(*scalar)) : nullptr;
    if (!descr) return fail_member(field, "has elements that NumPy has no dtype for");
    Py_INCREF(descr);
    return view_memory(self, descr, ndim, shape, as_struct(self)->bytes() + field.offset);
}

PyObject* read_pointer(PyObject* self, const Field& field) {
    const StructObject* object = as_struct(self);
    void* pointer = nullptr;
    std::memcpy(&pointer, object->bytes() + field.offset, sizeof pointer);
    if (!pointer) return Py_NewRef(Py_None);
    if (field.type->target->kind == Kind::Character && field.type->target->is_const)
        return PyUnicode_FromString(static_cast<const char*>(pointer));
    const auto plan = find_struct_plan(*object->layout);
    if (!plan) return nullptr;
    for (std::size_t i = 0; i < plan->arrays.size() && i < object->arrays->size(); ++i) {
        if (plan->arrays[i].name != field.name || !(*object->arrays)[i]) continue;
        auto* array = reinterpret_cast<PyArrayObject*>((*object->arrays)[i].get());
        const auto* data = static_cast<const std::byte*>(PyArray_DATA(array));
        const auto* low = data;
        for (int axis = 0; axis < PyArray_NDIM(array); ++axis)
            if (PyArray_STRIDE(array, axis) < 0 && PyArray_DIM(array, axis) > 0)
                low += (PyArray_DIM(array, axis) - 1) * PyArray_STRIDE(array, axis);
        const bool is_table =
            std::any_of(object->tables->begin(), object->tables->end(), [&](const auto& table) { return table.get() == pointer; });
        if (pointer == data || pointer == low || is_table) return Py_NewRef((*object->arrays)[i].get());
    }
    return fail_member(field, "points to memory that C made: its extents are not known");
}

// What an array inside the struct must be given, in the words of a plan: one input with extents that C states.
Plan make_inline_plan(const StructLayout& layout, const Field& field, PyArrayObject* memory) {
    Plan plan;
    plan.name = layout.record->tag;
    Array& array = plan.arrays.emplace_back();
    array.name = make_python_name(field.name);
    array.dtype = read_dtype(PyArray_DESCR(memory));
    array.dtype_name = name_dtype(array.dtype);
    array.identity = PyArray_DESCR(memory);
    array.read = array.is_input = true;
    for (int axis = 0; axis < PyArray_NDIM(memory); ++axis) {
        Node& extent = plan.programs.nodes.emplace_back();
        extent.integer = PyArray_DIM(memory, axis);
        plan.programs.texts.push_back(std::to_string(extent.integer));
        array.axes.emplace_back().extent = static_cast<Program>(axis);
    }
    Input& input = plan.inputs.emplace_back();
    input.name = array.name;
    input.form = Form::Array;
    return plan;
}

void compare_extents(const Plan& plan, PyArrayObject* given, PyArrayObject* memory, Mismatches& mismatches) {
    if (PyArray_CompareLists(PyArray_DIMS(given), PyArray_DIMS(memory), PyArray_NDIM(memory))) return;
    Mismatch mismatch;
    mismatch.kind = MismatchKind::Shape;
    mismatch.problem = PyArray_NDIM(memory) == 1 ? "has length " + std::to_string(PyArray_DIM(given, 0))
                                                 : "has shape " + print_numbers(PyArray_DIMS(given), plan.arrays[0].axes.size());
    mismatch.expected = describe_demand(plan, plan.arrays[0]);
    mismatch.got = describe_array(view_array(given));
    mismatches.push_back(std::move(mismatch));
}

}  // namespace

const Field* find_field(const StructObject* object, PyObject* name) {
    const char* text = PyUnicode_AsUTF8(name);
    if (!text) {
        PyErr_Clear();  // no member of C has such a name
        return nullptr;
    }
    for (const Field& field : object->layout->record->fields)
        if (field.bit_width < 0 && (field.name == text || make_python_name(field.name) == text)) return &field;
    return nullptr;
}

PyObject* read_member(PyObject* self, const Field& field) {
    std::byte* at = as_struct(self)->bytes() + field.offset;
    if (const auto scalar = find_scalar(*field.type)) {
        Cell cell;
        cell.type = *scalar;
        cell.is_character = field.type->kind == Kind::Character;
        RawCell raw;
        std::memcpy(raw.bytes, at, scalar->size);
        return wrap_number(Plan{}, cell, raw.bytes);
    }
    if (field.type->kind == Kind::Array) return read_inline_array(self, field);
    if (field.type->kind == Kind::Pointer) return read_pointer(self, field);
    if (field.type->kind == Kind::Struct) {
        const StructLayout& layout = *as_struct(self)->layout;
        const StructDeclaration* record = layout.declarations->find_struct(field.type->tag);
        if (!record) return fail_member(field, "is a struct that is not declared here");
        Owned<PyArray_Descr> descr = make_struct_dtype(*layout.declarations, *record);
        if (!descr) return nullptr;
        return view_memory(self, descr.release(), 0, nullptr, at);
    }
    return fail_member(field, "cannot be shown");
}

int write_inline_array(PyObject* self, const Field& field, PyObject* value) {
    const auto memory = Owned<PyArrayObject>::steal(reinterpret_cast<PyArrayObject*>(read_inline_array(self, field)));
    if (!memory) return -1;
    const Plan plan = make_inline_plan(*as_struct(self)->layout, field, memory.get());
    TakeOptions options;
    options.name = plan.inputs[0].name;
    TakenArray taken;
    Mismatches mismatches;
    if (take_array(plan, plan.arrays[0], value, options, taken, mismatches) == Conversion::PythonError) return -1;
    if (mismatches.empty()) compare_extents(plan, taken.array.get(), memory.get(), mismatches);
    if (mismatches.empty()) return PyArray_CopyInto(memory.get(), taken.array.get());
    for (Mismatch& mismatch : mismatches) {
        mismatch.argument = plan.inputs[0].name;
        mismatch.position = 0;
    }
    raise_mismatches(plan, std::move(mismatches));
    return -1;
}

// The plan is bound when the first object is filled; null with an exception set.
std::shared_ptr<const Plan> find_struct_plan(const StructLayout& layout) {
    try {
        return layout.library->bind_struct(layout.record->tag);
    } catch (nanobind::python_error& error) {  // that says nothing of the struct: memory ended, Ctrl-C
        error.restore();
        return nullptr;
    } catch (const std::exception& failure) {
        raise_text("BindError", "struct " + layout.record->tag + " cannot be made here: " + failure.what());
        return nullptr;
    }
}

}  // namespace ndcall
