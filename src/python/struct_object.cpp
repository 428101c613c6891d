#include "python/struct_object.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "plan/wording.hpp"
#include "python/describe_object.hpp"
#include "python/dtype.hpp"
#include "python/make_text.hpp"
#include "python/raise.hpp"
#include "python/struct_members.hpp"
#include "python/struct_pointers.hpp"

namespace ndcall {

namespace {

PyTypeObject struct_type;
constexpr const char* capsule_name = "ndcall.StructLayout";
PyObject* layout_name;  // "_layout", interned: CPython keeps names that were looked up in a class, and would keep one more for each class

StructObject* as_struct(PyObject* object) { return reinterpret_cast<StructObject*>(object); }

void destroy_layout(PyObject* capsule) { delete static_cast<StructLayout*>(PyCapsule_GetPointer(capsule, capsule_name)); }

PyObject* allocate(PyTypeObject* type, PyObject*, PyObject*) {
    Owned<> capsule = Owned<>::steal(PyObject_GetAttr(reinterpret_cast<PyObject*>(type), layout_name));
    const auto* layout = capsule ? static_cast<const StructLayout*>(PyCapsule_GetPointer(capsule.get(), capsule_name)) : nullptr;
    if (!layout) return nullptr;
    auto* object = as_struct(type->tp_alloc(type, 0));
    if (!object) return nullptr;
    object->layout = layout;
    object->capsule = capsule.release();
    try {
        object->unset = new std::vector<const Field*>(layout->pointers);
        object->memory = new AlignedMemory(make_zeroed(layout->record->size));
        object->arrays = new std::vector<Owned<>>();
        object->facts = new std::vector<ArrayFacts>();
        object->tables = new std::vector<std::shared_ptr<std::max_align_t[]>>();
    } catch (const std::bad_alloc&) {
        Py_DECREF(object);
        return PyErr_NoMemory();
    }
    return reinterpret_cast<PyObject*>(object);
}

// Arrays that lie inside the struct are copied into it; everything else goes through the plan. What was not given is zero: for C to fill.
int initialise(PyObject* self, PyObject* positional, PyObject* named) {
    const Py_ssize_t count = PyTuple_GET_SIZE(positional);
    if (count == 0 && (!named || PyDict_GET_SIZE(named) == 0)) return 0;
    const auto plan = find_struct_plan(*as_struct(self)->layout);
    if (!plan) return -1;
    std::vector<PyObject*> values, names;
    for (Py_ssize_t i = 0; i < count; ++i) values.push_back(PyTuple_GET_ITEM(positional, i));
    // The caller may hold this very dict, as functools.partial does, and empty it in code that a conversion runs.
    const auto own = Owned<>::steal(named ? PyDict_Copy(named) : PyDict_New());
    if (!own) return -1;
    PyObject *key = nullptr, *value = nullptr;
    for (Py_ssize_t at = 0; PyDict_Next(own.get(), &at, &key, &value);) {
        const Field* field = find_field(as_struct(self), key);
        if (field && write_null(as_struct(self), *plan, *field, value)) continue;
        if (field && field->type->kind == Kind::Array) {
            if (write_inline_array(self, *field, value) < 0) return -1;
            continue;
        }
        names.push_back(key);
        values.push_back(value);
    }
    if (values.empty()) return 0;
    Owned<> keywords = Owned<>::steal(PyTuple_New(static_cast<Py_ssize_t>(names.size())));
    if (!keywords) return -1;
    for (std::size_t i = 0; i < names.size(); ++i) PyTuple_SET_ITEM(keywords.get(), static_cast<Py_ssize_t>(i), Py_NewRef(names[i]));
    if (!fill_struct(as_struct(self), *plan, values.data(), count, keywords.get())) return -1;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) mark_set(as_struct(self), plan->inputs[i].name);
    for (const Input& input : plan->inputs)
        if (input.default_value != no_program) mark_set(as_struct(self), input.name);
    for (PyObject* name : names)
        if (const Field* field = find_field(as_struct(self), name)) mark_set(as_struct(self), make_python_name(field->name));
    return 0;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
    if (as_struct(self)->arrays)
        for (const Owned<>& array : *as_struct(self)->arrays) Py_VISIT(array.get());
    return 0;  // the class itself is visited by the subtype's own traversal
}

// What lets go of an array may run code that looks at the struct: by then it has none, and its pointers are NULL by nobody's will.
int clear(PyObject* self) {
    StructObject* object = as_struct(self);
    if (!object->arrays || object->arrays->empty()) return 0;
    for (const Field* field : object->layout->pointers) std::fill_n(object->bytes() + field->offset, field->type->size, std::byte{0});
    std::vector<Owned<>> arrays;
    std::vector<ArrayFacts> facts;
    object->arrays->swap(arrays);
    object->facts->swap(facts);
    return guarded([&] {
        *object->unset = object->layout->pointers;
        return 0;
    });
}

void destroy(PyObject* self) {
    PyObject_GC_UnTrack(self);
    if (as_struct(self)->weak_references) PyObject_ClearWeakRefs(self);
    clear(self);
    delete as_struct(self)->memory;
    delete as_struct(self)->arrays;
    delete as_struct(self)->facts;
    delete as_struct(self)->tables;
    delete as_struct(self)->unset;
    Py_XDECREF(as_struct(self)->capsule);
    Py_TYPE(self)->tp_free(self);
}

PyObject* get_attribute(PyObject* self, PyObject* name) {
    const Field* field = find_field(as_struct(self), name);
    return field ? read_member(self, *field) : PyObject_GenericGetAttr(self, name);
}

// A number is written in place; an array goes through the plan together with the others, so that extents agree.
int set_member(PyObject* self, const Field& field, PyObject* value) {
    const auto plan = find_struct_plan(*as_struct(self)->layout);
    if (!plan) return -1;
    const std::string python_name = make_python_name(field.name);
    const bool is_input =
        std::any_of(plan->inputs.begin(), plan->inputs.end(), [&](const Input& input) { return input.name == python_name; });
    if (!is_input) {
        if (write_null(as_struct(self), *plan, field, value)) return 0;
        if (field.type->kind == Kind::Array) return write_inline_array(self, field, value);
        const bool is_pointer = field.type->kind == Kind::Pointer;
        PyErr_Format(PyExc_AttributeError, "member '%s' follows from the arrays, or the contract does not describe it%s",
                     field.name.c_str(), is_pointer ? ": it takes None alone" : "");
        return -1;
    }
    std::vector<PyObject*> values;
    std::vector<Owned<>> current;
    for (const Input& input : plan->inputs) {
        if (input.name == python_name) {
            values.push_back(value);
            continue;
        }
        const auto& fields = as_struct(self)->layout->record->fields;
        const auto other =
            std::find_if(fields.begin(), fields.end(), [&](const Field& each) { return make_python_name(each.name) == input.name; });
        current.push_back(Owned<>::steal(other == fields.end() ? Py_NewRef(Py_None) : read_member(self, *other)));
        if (!current.back()) return -1;
        values.push_back(current.back().get());
    }
    if (!fill_struct(as_struct(self), *plan, values.data(), static_cast<Py_ssize_t>(values.size()), nullptr)) return -1;
    mark_set(as_struct(self), python_name);
    return 0;
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
    const Field* field = find_field(as_struct(self), name);
    if (field && value) return set_member(self, *field, value);
    PyErr_Format(PyExc_AttributeError, "struct %s has no member '%U' that can be %s", as_struct(self)->layout->record->tag.c_str(), name,
                 value ? "set" : "deleted");
    return -1;
}

PyObject* show(PyObject* self) {
    std::string text = "<" + as_struct(self)->layout->record->tag;
    for (const Field& field : as_struct(self)->layout->record->fields) {
        if (field.bit_width >= 0 || field.name.empty()) continue;
        Owned<> value = Owned<>::steal(read_member(self, field));
        if (!value) PyErr_Clear();
        text += " " + make_python_name(field.name) + "=" + (value ? describe_object(value.get()) : "...");
    }
    text += ">";
    return PyUnicode_FromString(text.c_str());
}

PyObject* list_attributes(PyObject* self, PyObject*) {
    Owned<> names = Owned<>::steal(PyObject_CallMethod(reinterpret_cast<PyObject*>(&PyBaseObject_Type), "__dir__", "O", self));
    if (!names) return nullptr;
    for (const Field& field : as_struct(self)->layout->record->fields) {
        Owned<> name = Owned<>::steal(PyUnicode_FromString(make_python_name(field.name).c_str()));
        if (!name || PyList_Append(names.get(), name.get()) < 0) return nullptr;
    }
    return names.release();
}

PyObject* make_copy(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        Owned<> copy = Owned<>::steal(allocate(Py_TYPE(self), nullptr, nullptr));
        if (!copy) return nullptr;
        if (as_struct(copy.get())->layout != as_struct(self)->layout) {
            PyErr_SetString(PyExc_TypeError, "the class of this struct was changed since the object was made");
            return nullptr;
        }
        copy_struct(self, copy.get());
        return copy.release();
    });
}

// numpydoc: C's comment, then the members with the types and comments that C gives them.
std::string describe_struct(const StructDeclaration& record) {
    std::string text = strip_comment(record.comment);
    std::string members;
    for (const Field& field : record.fields) {
        if (field.name.empty()) continue;
        members += "\n" + make_python_name(field.name) + " : " + print_c(*field.type);
        std::string comment = strip_comment(field.comment);
        for (std::size_t at = 0; (at = comment.find('\n', at)) != std::string::npos; at += 5) comment.insert(at + 1, "    ");
        if (!comment.empty()) members += "\n    " + comment;
    }
    return members.empty() ? text : text + (text.empty() ? "" : "\n\n") + "Attributes\n----------" + members;
}

// np.dtype(lib.T), np.zeros(3, lib.T): the class tells how its structs lie in an array, when they can. A member of that name comes first.
bool add_dtype(PyObject* type, Library& library, const StructDeclaration& record) {
    const bool is_member =
        std::any_of(record.fields.begin(), record.fields.end(), [](const Field& field) { return field.name == "dtype"; });
    if (is_member) return true;
    const Owned<PyArray_Descr> descr = make_struct_dtype(library.declarations(), record);
    if (descr) return PyObject_SetAttrString(type, "dtype", descr.object()) == 0;
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) return false;
    PyErr_Clear();  // pointers, bit-fields, unions: no array holds such structs
    return true;
}

// Null: not made yet, or nobody holds it any more.
Owned<> find_known_class(Library& library, const std::string& tag) {
    const auto known = library.struct_classes().find(tag);
    Owned<> type = Owned<>::steal(known == library.struct_classes().end() ? nullptr : PyObject_CallNoArgs(known->second.get()));
    return type.get() == Py_None ? Owned<>() : std::move(type);
}

PyMethodDef methods[] = {{"__dir__", list_attributes, METH_NOARGS, nullptr},
                         {"__copy__", make_copy, METH_NOARGS, "Another object with the same numbers and the same arrays."},
                         {nullptr, nullptr, 0, nullptr}};

}  // namespace

bool make_struct_type() {
    PyTypeObject& type = struct_type;
    Py_SET_REFCNT(reinterpret_cast<PyObject*>(&type), 1);
    type.tp_name = "ndcall.Struct";
    type.tp_basicsize = sizeof(StructObject);
    type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE;
    type.tp_weaklistoffset = offsetof(StructObject, weak_references);
    type.tp_new = allocate;
    type.tp_init = [](PyObject* self, PyObject* positional, PyObject* named) {
        return guarded([&] { return initialise(self, positional, named); });
    };
    type.tp_dealloc = destroy;
    type.tp_traverse = traverse;
    type.tp_clear = clear;
    type.tp_getattro = [](PyObject* self, PyObject* name) { return guarded([&] { return get_attribute(self, name); }); };
    type.tp_setattro = [](PyObject* self, PyObject* name, PyObject* value) {
        return guarded([&] { return set_attribute(self, name, value); });
    };
    type.tp_repr = [](PyObject* self) { return guarded([&] { return show(self); }); };
    type.tp_methods = methods;
    layout_name = PyUnicode_InternFromString("_layout");
    return layout_name && PyType_Ready(&type) == 0;
}

Owned<> find_struct_class(Library& library, const StructDeclaration& record) {
    if (Owned<> known = find_known_class(library, record.tag)) return known;
    auto layout = std::make_unique<StructLayout>(StructLayout{library.shared_from_this(), library.registry().share_declarations(), &record,
                                                              list_pointers(record, library.declarations())});
    Owned<> capsule = Owned<>::steal(PyCapsule_New(layout.get(), capsule_name, destroy_layout));
    if (!capsule) return {};
    (void)layout.release();  // the capsule's
    Owned<> doc = Owned<>::steal(make_text(describe_struct(record)));
    if (!doc) return {};
    Owned<> type =
        Owned<>::steal(PyObject_CallFunction(reinterpret_cast<PyObject*>(&PyType_Type), "s(O){s()sOsssO}", record.tag.c_str(), &struct_type,
                                             "__slots__", "_layout", capsule.get(), "__module__", "ndcall", "__doc__", doc.get()));
    if (!type || !add_dtype(type.get(), library, record)) return {};
    if (Owned<> known = find_known_class(library, record.tag)) return known;  // code of a garbage collection made it meanwhile
    Owned<> reference = Owned<>::steal(PyWeakref_NewRef(type.get(), nullptr));
    if (!reference) return {};
    library.struct_classes()[record.tag] = std::move(reference);
    return type;
}

PyObject* make_struct_object(PyObject* struct_class) { return allocate(reinterpret_cast<PyTypeObject*>(struct_class), nullptr, nullptr); }

void copy_struct(PyObject* from, PyObject* to) {
    if (from == to) return;
    StructObject *source = as_struct(from), *target = as_struct(to);
    std::copy_n(source->bytes(), source->layout->record->size, target->bytes());
    std::vector<Owned<>> arrays;
    std::vector<ArrayFacts> facts;
    for (const Owned<>& array : *source->arrays) arrays.push_back(Owned<>::share(array.get()));
    for (const ArrayFacts& one : *source->facts) facts.push_back({Owned<>::share(one.descr.get()), one.numbers});
    target->arrays->swap(arrays);
    target->facts->swap(facts);
    *target->tables = *source->tables;
    *target->unset = *source->unset;
}

std::byte* find_struct_memory(PyObject* object, const Library& library, const std::string& tag) {
    if (!PyObject_TypeCheck(object, &struct_type)) return nullptr;
    const StructLayout& layout = *as_struct(object)->layout;
    const bool same = layout.record->tag == tag && layout.declarations == library.registry().share_declarations();
    return same ? as_struct(object)->bytes() : nullptr;
}

void list_member_ranges(PyObject* object, const std::string& argument, bool written, std::vector<ForeignRange>& ranges) {
    const StructObject* record = as_struct(object);
    if (record->arrays->empty()) return;
    const std::shared_ptr<const Plan> plan = find_struct_plan(*record->layout);
    if (!plan) return PyErr_Clear();  // nothing was ever filled
    for (std::size_t i = 0; i < plan->arrays.size() && i < record->arrays->size(); ++i) {
        if (!(*record->arrays)[i]) continue;
        const ArrayView view = view_array(reinterpret_cast<PyArrayObject*>((*record->arrays)[i].get()));
        ranges.push_back({argument + "." + plan->arrays[i].name, view, written && plan->arrays[i].written});
    }
}

bool wraps_array(Library& library, const std::string& tag) {
    try {
        const auto plan = library.bind_struct(tag);
        const auto visible =
            std::count_if(plan->inputs.begin(), plan->inputs.end(), [](const Input& input) { return input.default_value == no_program; });
        return visible == 1 && !plan->inputs.empty() && plan->inputs[0].form == Form::Array;
    } catch (const BindFailure&) {
        return false;
    }
}

}  // namespace ndcall
