#include "python/ctypes_plan.hpp"

#include <memory>

#include "call/invoke_fast.hpp"
#include "plan/types.hpp"
#include "plan/wording.hpp"
#include "python/gil.hpp"
#include "python/raise.hpp"

namespace ndcall {
namespace {

std::string know_all(CtypesPlan& plan, const CtypesSettings& settings) {
    const Py_ssize_t count = PyTuple_GET_SIZE(settings.converters);
    for (Py_ssize_t i = 0; i < count; ++i) {
        auto argument = know_argument(PyTuple_GET_ITEM(settings.converters, i));
        if (!argument)
            return "the " + print_position(static_cast<std::size_t>(i), static_cast<std::size_t>(count)) +
                   " of argtypes is converted by itself";
        plan.arguments.push_back(std::move(*argument));
    }
    auto result = know_result(settings.restype);
    if (!result) return "restype is of no simple class";
    plan.result = std::move(*result);
    return {};
}

// The function as C would declare it.
Type declare(const CtypesPlan& plan) {
    Type function;
    function.kind = Kind::Function;
    function.target = &plan.result.type;
    for (const CtypesArgument& argument : plan.arguments) function.parameters.push_back({"", &argument.type});
    return function;
}

bool place_words(CtypesPlan& plan, void (*address)()) {
    const CallLayout layout = lay_out_call(Declarations(), declare(plan));
    const auto route = find_route(layout);
    if (!route) return false;
    plan.route = *route;
    plan.route.address = address;
    plan.route.is_declared_by_c = false;
    if (plan.result.form == CtypesResultForm::Number) plan.route.result_type = find_scalar(plan.result.type).value();
    for (std::size_t i = 0; i < plan.arguments.size(); ++i) {
        plan.arguments[i].place = layout.parameters[i];
        plan.arguments[i].word = find_place_word(layout.parameters[i]);
    }
    return true;
}

}  // namespace

CtypesPlan* make_ctypes_obstacle(const std::string& obstacle) {
    auto plan = std::make_unique<CtypesPlan>();
    plan->obstacle = obstacle;
    return plan.release();
}

CtypesPlan* make_ctypes_plan(const CtypesSettings& settings) {
    auto plan = std::make_unique<CtypesPlan>();
    plan->name = settings.name;
    plan->holds_gil = settings.holds_gil;
    plan->obstacle = know_all(*plan, settings);
    if (plan->obstacle.empty() && !place_words(*plan, settings.address)) plan->obstacle = "more arguments than the plan has words";
    return plan.release();
}

PyObject* invoke_ctypes_plan(CtypesPlan& plan, const std::uint64_t* words) {
    CallReturn returned;
    try {
        const GilRelease gil(!plan.holds_gil);  // as ctypes does, whatever the size of the arrays: C may wait for a thread that wants it
        invoke_fast(plan.route, words, returned);
    } catch (...) {
        return raise_thrown(plan.name);
    }
    if (plan.holds_gil && PyErr_Occurred()) return nullptr;
    if (plan.result.form == CtypesResultForm::Nothing) Py_RETURN_NONE;
    return wrap_ctypes_result(plan.result, plan.route, returned);
}

}  // namespace ndcall
