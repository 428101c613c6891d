#include "python/arguments.hpp"

#include <algorithm>

#include "call/explain.hpp"
#include "plan/describe.hpp"
#include "python/describe_object.hpp"
#include "text/nearest.hpp"

namespace ndcall {

namespace {

std::string count_of(std::size_t number, const char* noun) { return std::to_string(number) + " " + noun + (number == 1 ? "" : "s"); }

class Sorter {
  public:
    Sorter(const Plan& plan, Arguments& arguments, Mismatches& mismatches) : plan_(plan), arguments_(arguments), mismatches_(mismatches) {}

    void take_positions(PyObject* const* values, std::size_t count) {
        const std::size_t inputs = plan_.inputs.size(), results = count_given_results();
        if (count > inputs && count != inputs + results) {
            const std::string these = inputs == 1 ? ", or this and " : ", or these and ";
            const std::string limit = count_of(inputs, "input") + (results ? these + count_of(results, "result") : "");
            fail("takes " + limit + "; " + std::to_string(count) + (count == 1 ? " was" : " were") + " given" + tell_hidden(), "");
            return;
        }
        for (std::size_t i = 0; i < std::min(count, inputs); ++i) arguments_.inputs[i] = values[i];
        std::size_t at = inputs;
        for (std::size_t i = 0; i < plan_.results.size() && at < count; ++i)
            if (can_be_given(plan_.results[i])) set_result(i, values[at++]);
    }

    void take_keyword(PyObject* key, PyObject* value) {
        const char* text = PyUnicode_AsUTF8(key);
        const std::string name = text ? text : "";
        if (!text) PyErr_Clear();
        for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
            if (plan_.inputs[i].name != name || plan_.inputs[i].position_only) continue;
            if (arguments_.inputs[i]) return fail("was given twice, by position and by name", name);
            arguments_.inputs[i] = value;
            return;
        }
        for (std::size_t i = 0; i < plan_.results.size(); ++i) {
            if (plan_.results[i].name != name) continue;
            if (!can_be_given(plan_.results[i]) && !plan_.results[i].is_optional)
                return fail("is a result that is returned as a number: it takes no array", name);
            if (arguments_.results[i]) return fail("was given twice, by position and by name", name);
            return set_result(i, value);
        }
        if (name == "out") return take_out(value);
        const std::string source = find_hidden(name);
        fail(source.empty() ? "is unknown" + suggest_nearest(name, list_names()) : "is not taken: " + source, name);
    }

    void demand_inputs() {
        for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
            const Input& input = plan_.inputs[i];
            PyObject*& value = arguments_.inputs[i];
            if (value == Py_None && input.is_optional)
                value = nullptr;
            else if (value == Py_None)
                fail_input(i, "is None", describe_wanted(input));
            else if (!value && !input.is_optional && input.default_value == no_program)
                fail_input(i, "is missing", describe_wanted(input));
        }
    }

  private:
    // What C gets under this name without being given it: "the contract says n = 3", "it is found from 'x'".
    std::string find_hidden(const std::string& name) const {
        const auto says = [&](Program value) { return "the contract says " + name + " = " + plan_.programs.texts[value]; };
        for (const Vector& vector : plan_.vectors)
            if (vector.name == name && vector.list != no_program) return says(vector.list);
        for (std::size_t i = 0; i < plan_.cells.size(); ++i) {
            const Cell& cell = plan_.cells[i];
            if (cell.name != name || (!cell.is_symbol && cell.fixed == no_program)) continue;
            if (cell.fixed != no_program) return says(cell.fixed);
            for (const Equation& equation : plan_.equations)
                if (can_solve(plan_.programs, equation.value, static_cast<std::uint16_t>(i)))
                    return "it is found from '" + plan_.arrays[equation.array].name + "'";
        }
        return {};
    }

    // Somebody who knows the function in C gives all of its parameters.
    std::string tell_hidden() const {
        std::string names;
        for (const std::string& name : plan_.parameter_names)
            if (!find_hidden(name).empty()) names += (names.empty() ? "" : ", ") + name;
        return names.empty() ? "" : ". C gets " + names + " from the contract and the arrays";
    }

    // Arrays and structs are memory that the caller may bring; a name on both sides means the input, its result goes by out=.
    static bool can_be_given(const Result& result) { return result.form == Form::Array || result.form == Form::Struct; }

    std::size_t count_given_results() const {
        return static_cast<std::size_t>(std::count_if(plan_.results.begin(), plan_.results.end(), can_be_given));
    }

    void set_result(std::size_t i, PyObject* value) { arguments_.results[i] = value == Py_None ? nullptr : value; }

    void take_out(PyObject* value) {
        const std::size_t wanted = count_given_results();
        if (wanted == 0) return fail("is not taken: " + plan_.name + " returns no array", "out");
        if (!PyTuple_Check(value)) {
            if (wanted > 1) return fail("takes a tuple of " + std::to_string(wanted) + " arrays, one per result", "out");
            for (std::size_t i = 0; i < plan_.results.size(); ++i)
                if (can_be_given(plan_.results[i])) give_out(i, value);
            return;
        }
        const auto given = static_cast<std::size_t>(PyTuple_GET_SIZE(value));
        if (given != wanted) return fail("has " + count_of(given, "item") + " for " + count_of(wanted, "array result"), "out");
        Py_ssize_t at = 0;
        for (std::size_t i = 0; i < plan_.results.size(); ++i)
            if (can_be_given(plan_.results[i])) give_out(i, PyTuple_GET_ITEM(value, at++));
    }

    void give_out(std::size_t i, PyObject* value) {
        if (arguments_.results[i]) return fail("was given twice, by name and in out=", plan_.results[i].name);
        set_result(i, value);
    }

    std::string describe_wanted(const Input& input) const {
        switch (input.form) {
            case Form::Array: return describe_demand(plan_, plan_.arrays[input.index]);
            case Form::Text: return plan_.texts[input.index].is_bytes ? "bytes" : "str";
            case Form::Struct: return plan_.structs[input.index].tag;
            case Form::Number: break;
        }
        return name_number(plan_, plan_.cells[input.index]);
    }

    std::vector<std::string> list_names() const {
        std::vector<std::string> names{"out"};
        for (const Input& input : plan_.inputs) names.push_back(input.name);
        for (const Result& result : plan_.results) names.push_back(result.name);
        return names;
    }

    void fail(std::string problem, const std::string& argument) {
        Mismatch mismatch;
        mismatch.kind = MismatchKind::Count;
        mismatch.argument = argument;
        mismatch.problem = std::move(problem);
        mismatches_.push_back(std::move(mismatch));
    }

    void fail_input(std::size_t i, std::string problem, std::string expected) {
        Mismatch mismatch;
        mismatch.kind = problem == "is missing" ? MismatchKind::Count : MismatchKind::Object;
        mismatch.argument = plan_.inputs[i].name;
        mismatch.position = static_cast<std::int32_t>(i);
        mismatch.problem = std::move(problem);
        mismatch.expected = std::move(expected);
        if (mismatch.kind == MismatchKind::Object) mismatch.got = "None";
        mismatches_.push_back(std::move(mismatch));
    }

    const Plan& plan_;
    Arguments& arguments_;
    Mismatches& mismatches_;
};

}  // namespace

void sort_arguments(const Plan& plan, PyObject* const* values, Py_ssize_t count, PyObject* keywords, Arguments& arguments,
                    Mismatches& mismatches) {
    Sorter sorter(plan, arguments, mismatches);
    sorter.take_positions(values, static_cast<std::size_t>(count));
    const Py_ssize_t named = keywords ? PyTuple_GET_SIZE(keywords) : 0;
    for (Py_ssize_t i = 0; i < named; ++i) sorter.take_keyword(PyTuple_GET_ITEM(keywords, i), values[count + i]);
    if (mismatches.empty()) sorter.demand_inputs();
}

}  // namespace ndcall
