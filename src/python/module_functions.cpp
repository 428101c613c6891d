// What a function tells of itself, and the mismatches of a call.
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "call/explain.hpp"
#include "plan/describe.hpp"
#include "python/function_object.hpp"
#include "python/module_parts.hpp"
#include "python/raise.hpp"
#include "text/nearest.hpp"

namespace nb = nanobind;

namespace ndcall {

namespace {

// By MismatchKind.
constexpr const char* mismatch_names[] = {"count", "object", "dtype", "ndim", "shape", "layout", "overlap", "range", "check"};

using ParameterRow = std::tuple<std::string, int, std::string, std::string>;

// (name, 0 position only / 1 either / 2 keyword only, annotation, default or "") of each member: for inspect.signature.
std::vector<std::vector<ParameterRow>> list_parameters(nb::handle object) {
    FunctionState* state = resolve_function(need_function(object.ptr()));
    if (!state) throw nb::python_error();
    std::vector<std::vector<ParameterRow>> members;
    for (const auto& member : state->members) {
        members.emplace_back();
        for (const PythonParameter& parameter : describe_parameters(*member->plan))
            members.back().emplace_back(parameter.name, static_cast<int>(parameter.passing), parameter.annotation, parameter.default_text);
    }
    return members;
}

// The parts of what a function is, for whoever lays them out anew: a dict per member. Where it cannot be called, `problem` says why, and only
// what C says is there.
nb::list describe_function(nb::handle object) {
    FunctionObject* function = need_function(object.ptr());
    if (!function) throw nb::python_error();
    const bool is_bound = resolve_function(function) != nullptr;
    if (!is_bound && (!function->state || (*function->state)->problem.empty())) throw nb::python_error();
    if (!is_bound) PyErr_Clear();
    const FunctionState& state = **function->state;
    nb::list members;
    for (std::size_t i = 0; i < state.offer.members.size(); ++i) {
        const FunctionDeclaration& declared = *state.offer.members[i].function;
        nb::dict member;
        member["declaration"] = decode_text(declared.text);
        const std::string& path = state.library->declarations().files.at(declared.location.file);
        member["path"] = nb::steal(PyUnicode_DecodeFSDefaultAndSize(path.data(), static_cast<Py_ssize_t>(path.size())));
        member["line"] = declared.location.line;
        member["problem"] = decode_text(is_bound ? "" : state.problem);
        const Plan* plan = is_bound ? state.members[i]->plan.get() : nullptr;
        member["signature"] = decode_text(plan ? describe_signature(*plan) : "");
        member["contract"] = decode_text(plan ? plan->contract : "");
        member["origin"] = decode_text(plan ? plan->contract_origin : "");
        member["comment"] = decode_text(plan ? plan->comment : "");
        members.append(member);
    }
    return members;
}

}  // namespace

void add_functions(nb::module_& module) {
    nb::class_<Mismatch>(module, "Mismatch")
        .def_prop_ro("kind", [](const Mismatch& mismatch) { return mismatch_names[static_cast<std::size_t>(mismatch.kind)]; })
        .def_ro("argument", &Mismatch::argument)
        .def_ro("position", &Mismatch::position)
        .def_ro("problem", &Mismatch::problem)
        .def_ro("expected", &Mismatch::expected)
        .def_ro("got", &Mismatch::got)
        .def_ro("fix", &Mismatch::fix)
        .def("__repr__", [](const Mismatch& mismatch) { return "<Mismatch " + mismatch.argument + ": " + mismatch.problem + ">"; });
    nb::class_<Report>(module, "Report").def("text", &Report::text).def_prop_ro("mismatches", [](const Report& report) {
        return report.mismatches;
    });
    module.def("nearest",
               [](const std::string& name, const std::vector<std::string>& candidates) { return find_nearest(name, candidates); });
    module.def("list_parameters", list_parameters);
    module.def("describe_function", describe_function);
    module.def(
        "make_deferred",
        [](const nb::str& name, const std::string&, const nb::object& loader) {
            return nb::steal(make_deferred_function(name.ptr(), loader.ptr()));
        },
        nb::arg("name"), nb::arg("doc"), nb::arg("loader"));
}

}  // namespace ndcall
