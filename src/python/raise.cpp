#include "python/raise.hpp"

#include <new>
#include <stdexcept>

#include <nanobind/nanobind.h>

#include "call/explain.hpp"
#include "python/make_text.hpp"

namespace ndcall {

std::string Report::text() const { return subject.empty() ? explain(call, input_count, mismatches) : explain_subject(subject, mismatches); }

Owned<> find_exception(const char* name, const char* module_name) {
    const auto module = Owned<>::steal(PyImport_ImportModule(module_name));
    return Owned<>::steal(module ? PyObject_GetAttrString(module.get(), name) : nullptr);
}

std::string take_exception_text() {
    PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
    PyErr_Fetch(&type, &value, &traceback);
    const auto owned_type = Owned<>::steal(type), owned_value = Owned<>::steal(value), owned_traceback = Owned<>::steal(traceback);
    const auto text = Owned<>::steal(value ? PyObject_Str(value) : nullptr);
    const char* characters = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
    if (!characters) PyErr_Clear();
    return characters ? characters : "out of memory";
}

std::string name_call(const Plan& plan) {
    std::string text = plan.name + "(";
    for (std::size_t i = 0; i < plan.inputs.size(); ++i) text += (i ? ", " : "") + plan.inputs[i].name;
    return text + ")";
}

PyObject* raise_mismatches(const Plan& plan, Mismatches mismatches) {
    const Owned<> type = find_exception(exception_name(mismatches));
    return type ? raise_report(type.get(), {name_call(plan), plan.inputs.size(), "", std::move(mismatches)}) : nullptr;
}

PyObject* raise_report(PyObject* type, Report report) {
    Owned<> carried = Owned<>::steal(nanobind::cast(std::move(report)).release().ptr());
    Owned<> exception = Owned<>::steal(PyObject_CallNoArgs(type));
    if (!exception || PyObject_SetAttrString(exception.get(), "_report", carried.get()) < 0) return nullptr;
    PyErr_SetObject(type, exception.get());
    return nullptr;
}

PyObject* raise_text(const char* exception, const std::string& text) {
    const Owned<> type = find_exception(exception);
    Owned<> message = Owned<>::steal(type ? make_text(text) : nullptr);
    if (message) PyErr_SetObject(type.get(), message.get());
    return nullptr;
}

PyObject* raise_thrown(const std::string& c_name) {
    const std::string name = c_name + ": ";
    try {
        throw;
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    } catch (const std::out_of_range& error) {
        PyErr_SetString(PyExc_IndexError, (name + error.what()).c_str());
    } catch (const std::invalid_argument& error) {
        PyErr_SetString(PyExc_ValueError, (name + error.what()).c_str());
    } catch (const std::exception& error) {
        raise_text("CallError", name + error.what());
    } catch (...) {
        raise_text("CallError", name + "threw something that is no std::exception");
    }
    return nullptr;
}

PyObject* raise_own() {
    try {
        throw;
    } catch (nanobind::python_error& error) {
        error.restore();
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_SystemError, error.what());
    }
    return nullptr;
}

}  // namespace ndcall
