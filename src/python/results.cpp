#include "python/results.hpp"

#include <cstring>

#include "python/convert_array.hpp"
#include "python/raise.hpp"
#include "python/struct_object.hpp"

namespace ndcall {

namespace {

// collections.namedtuple(name, fields); a field of C that Python cannot name has an underscore by then.
PyObject* make_result_type(const Plan& plan, std::uint64_t asked) {
    Owned<> module = Owned<>::steal(PyImport_ImportModule("collections"));
    if (!module) return nullptr;
    Owned<> fields = Owned<>::steal(PyList_New(0));
    if (!fields) return nullptr;
    for (std::size_t i = 0; i < plan.results.size(); ++i) {
        if (!((asked >> (i % 64)) & 1)) continue;
        const std::string& name = plan.results[i].name;
        Owned<> field = Owned<>::steal(PyUnicode_FromString((name[0] == '_' ? "f" + name : name).c_str()));
        if (!field || PyList_Append(fields.get(), field.get()) < 0) return nullptr;
    }
    return PyObject_CallMethod(module.get(), "namedtuple", "sO", (plan.name + "_result").c_str(), fields.get());
}

// Borrowed: the state keeps it. Null: not made yet.
PyObject* find_known_type(const FunctionState& state, const Plan& plan, std::uint64_t asked) {
    for (const ResultType& known : state.result_types)
        if (known.plan == &plan && known.asked == asked) return known.type.get();
    return nullptr;
}

PyObject* find_result_type(FunctionState& state, const Plan& plan, std::uint64_t asked) {
    if (PyObject* known = find_known_type(state, plan, asked)) return known;
    Owned<> type = Owned<>::steal(make_result_type(plan, asked));
    if (!type) return nullptr;
    if (PyObject* known = find_known_type(state, plan, asked)) return known;  // making it ran Python code, or let another thread run
    state.result_types.push_back({&plan, asked, std::move(type)});
    return state.result_types.back().type.get();
}

}  // namespace

PyObject* collect_results(FunctionState& state, const Plan& plan, std::uint64_t asked, std::vector<Owned<>> items) {
    if (items.empty()) return Py_NewRef(Py_None);
    if (items.size() == 1) return items[0].release();
    PyObject* type = find_result_type(state, plan, asked);
    if (!type) return nullptr;
    std::vector<PyObject*> values;
    for (const Owned<>& item : items) values.push_back(item.get());
    return PyObject_Vectorcall(type, values.data(), values.size(), nullptr);
}

PyObject* finish_array(const Array& array, PyObject* given, const TakenArray& result) {
    if (array.from_one) {
        Mismatch mismatch;
        const Conversion shifted = shift_elements(result.array.get(), -1, mismatch);
        if (shifted == Conversion::PythonError) return nullptr;
        if (shifted == Conversion::Refused)
            return raise_text("CallError", "result '" + array.name + "' counts from one, but " + mismatch.problem);
    }
    return given && PyArray_Check(given) ? Py_NewRef(given) : Py_NewRef(result.array.object());
}

PyObject* wrap_text(const Plan& plan, const Result& result, const char* text) {
    if (text) {
        PyObject* unicode = PyUnicode_DecodeUTF8(text, static_cast<Py_ssize_t>(std::strlen(text)), nullptr);
        if (unicode || !PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) return unicode;
        PyErr_Clear();
        return PyBytes_FromString(text);
    }
    if (result.may_be_null) return Py_NewRef(Py_None);
    return raise_text("CallError", plan.name + ": C returned NULL where a text was promised; write '-> return?' when that is a result");
}

PyObject* make_struct_result(Library& library, const std::string& tag, std::byte*& memory) {
    const Owned<> type = find_struct_class(library, *library.declarations().find_struct(tag));
    PyObject* object = type ? make_struct_object(type.get()) : nullptr;
    if (object) memory = find_struct_memory(object, library, tag);
    return object;
}

}  // namespace ndcall
