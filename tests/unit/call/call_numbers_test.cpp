#include "call/call_numbers.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "call/scene.hpp"

namespace ndcall::test {
namespace {

int calls = 0;

extern "C" long count_coefficients(int lmax) {
    ++calls;
    return (lmax + 1L) * (lmax + 2L) / 2;
}
extern "C" unsigned long largest(int) { return ~0UL; }
extern "C" int find_root(double x, double* root) {
    *root = x * 0.5;
    return x < 0 ? -3 : 0;
}
extern "C" const char* name_error(int code) { return code == -3 ? "negative" : nullptr; }
extern "C" int length_of(const char* text) { return static_cast<int>(std::strlen(text)); }

// The plans that binding would make for the functions above.
struct Library {
    std::deque<Type> types;

    const Type* add_type(Kind kind, std::uint32_t size, const Type* target = nullptr) {
        Type& type = types.emplace_back();
        type.kind = kind;
        type.size = type.align = size;
        type.target = target;
        return &type;
    }
    std::shared_ptr<Plan> make(const char* name, void (*address)(), const Type* result, const std::vector<const Type*>& parameters) {
        Type& function = types.emplace_back();
        function.kind = Kind::Function;
        function.target = result;
        for (const Type* parameter : parameters) function.parameters.push_back({"", parameter});
        auto plan = std::make_shared<Plan>();
        plan->name = plan->c_name = name;
        plan->address = address;
        plan->function = &function;
        return plan;
    }
    static std::uint16_t add_cell(Plan& plan, const std::string& name, Scalar type, const std::string& ctype) {
        Cell cell;
        cell.name = name;
        cell.type = type;
        cell.ctype = ctype;
        plan.cells.push_back(cell);
        return static_cast<std::uint16_t>(plan.cells.size() - 1);
    }
    static void add_input(Plan& plan, const std::string& name, Form form, std::uint16_t index) {
        Input input;
        input.name = name;
        input.form = form;
        input.index = index;
        plan.inputs.push_back(input);
    }
    static void return_cell(Plan& plan, Scalar type, bool is_result) {
        plan.return_form = ReturnForm::Cell;
        plan.return_index = add_cell(plan, "return", type, "long");
        plan.cells.back().is_written_by_c = true;
        if (is_result) plan.results.push_back({"return_", Form::Number, plan.return_index, false, false});
    }

    std::shared_ptr<Plan> counter() {
        auto plan = make("count_coefficients", reinterpret_cast<void (*)()>(count_coefficients), add_type(Kind::Signed, 8),
                         {add_type(Kind::Signed, 4)});
        const std::uint16_t lmax = add_cell(*plan, "lmax", {ScalarKind::Signed, 4}, "int");
        add_input(*plan, "lmax", Form::Number, lmax);
        plan->parameters.push_back({PlaceSource::CellValue, lmax, false});
        return_cell(*plan, {ScalarKind::Signed, 8}, true);
        return plan;
    }
    // lmax = other, other = 3 -> return
    std::shared_ptr<Plan> counter_of_defaults() {
        auto plan = counter();
        const std::uint16_t other = add_cell(*plan, "other", {ScalarKind::Signed, 4}, "int");
        add_input(*plan, "other", Form::Number, other);
        Node same, three;
        same.kind = NodeKind::Cell;
        same.index = other;
        three.integer = 3;
        plan->programs.nodes = {same, three};
        plan->programs.texts = {"other", "3"};
        plan->inputs[0].default_value = 0;
        plan->inputs[1].default_value = 1;
        return plan;
    }
    // x -> root; ok return == 0 else "no root"
    std::shared_ptr<Plan> root() {
        auto plan = make("find_root", reinterpret_cast<void (*)()>(find_root), add_type(Kind::Signed, 4),
                         {add_type(Kind::Float, 8), add_type(Kind::Pointer, 8, add_type(Kind::Float, 8))});
        const std::uint16_t x = add_cell(*plan, "x", {ScalarKind::Float, 8}, "double");
        const std::uint16_t found = add_cell(*plan, "root", {ScalarKind::Float, 8}, "double");
        plan->cells[found].is_written_by_c = true;
        add_input(*plan, "x", Form::Number, x);
        plan->parameters = {{PlaceSource::CellValue, x, false}, {PlaceSource::CellAddress, found, false}};
        plan->results.push_back({"root", Form::Number, found, false, false});
        return_cell(*plan, {ScalarKind::Signed, 4}, false);
        Node status, zero, comparison;
        status.kind = NodeKind::Cell;
        status.index = plan->return_index;
        comparison.kind = NodeKind::Operator;
        comparison.op = Op::Compare;
        comparison.operands = {0, 1};
        comparison.comparisons = {Comparison::Equal};
        plan->programs.nodes = {status, zero, comparison};
        plan->programs.texts = {"", "", "return == 0"};
        Test test;
        test.kind = TestKind::Ok;
        test.condition = 2;
        test.text = Test::Text::Literal;
        test.literal = "no root";
        plan->tests.push_back(test);
        return plan;
    }
    std::shared_ptr<Plan> namer() {
        auto plan = make("name_error", reinterpret_cast<void (*)()>(name_error), add_type(Kind::Pointer, 8, add_type(Kind::Character, 1)),
                         {add_type(Kind::Signed, 4)});
        const std::uint16_t code = add_cell(*plan, "code", {ScalarKind::Signed, 4}, "int");
        add_input(*plan, "code", Form::Number, code);
        plan->parameters.push_back({PlaceSource::CellValue, code, false});
        plan->texts.emplace_back().name = "return";
        plan->return_form = ReturnForm::Text;
        plan->return_index = 0;
        plan->results.push_back({"return_", Form::Text, 0, false, true});
        return plan;
    }
    std::shared_ptr<Plan> measurer() {
        auto plan = make("length_of", reinterpret_cast<void (*)()>(length_of), add_type(Kind::Signed, 4),
                         {add_type(Kind::Pointer, 8, add_type(Kind::Character, 1))});
        plan->texts.emplace_back().name = "text";
        add_input(*plan, "text", Form::Text, 0);
        plan->parameters.push_back({PlaceSource::Text, 0, false});
        return_cell(*plan, {ScalarKind::Signed, 4}, true);
        return plan;
    }
};

std::string failure_of(const Plan& plan, std::vector<Number> arguments) {
    const Evaluation evaluation = call_numbers(plan, arguments);
    EXPECT_EQ(evaluation.status, EvalStatus::Failed);
    return evaluation.failure;
}

TEST(CallNumbers, numbers_are_converted_to_the_types_of_the_prototype) {
    Library library;
    const Number three = Number::of(3), real = Number::of_real(3);
    EXPECT_EQ(call_numbers(*library.counter(), {&three, 1}).number.integer, 10);
    EXPECT_EQ(call_numbers(*library.root(), {&three, 1}).number.real, 1.5);
    EXPECT_EQ(call_numbers(*library.root(), {&real, 1}).number.real, 1.5);
}

TEST(CallNumbers, a_default_may_ask_what_comes_later) {
    Library library;
    EXPECT_EQ(call_numbers(*library.counter_of_defaults(), {}).number.integer, 10);
    const Number one = Number::of(1);
    EXPECT_EQ(call_numbers(*library.counter_of_defaults(), {&one, 1}).number.integer, 3);
    const auto large = library.counter_of_defaults();
    large->programs.nodes[1].integer = 5000000000;
    large->programs.texts[1] = "5000000000";
    EXPECT_EQ(failure_of(*large, {}), "count_coefficients(): argument 'other' has the default 5000000000, which is no value of int");
}

TEST(CallNumbers, texts_go_in_and_come_out) {
    Library library;
    const Number code = Number::of(-3), text{Number::Form::Text, 0, 0, "abc"}, other = Number::of(1);
    EXPECT_STREQ(call_numbers(*library.namer(), {&code, 1}).number.text, "negative");
    EXPECT_EQ(call_numbers(*library.namer(), {&other, 1}).number.form, Number::Form::Null);
    EXPECT_EQ(call_numbers(*library.measurer(), {&text, 1}).number.integer, 3);
}

TEST(CallNumbers, what_does_not_fit_is_refused_with_the_whole_call) {
    Library library;
    EXPECT_EQ(failure_of(*library.counter(), {Number::of(5000000000)}),
              "count_coefficients(5000000000): argument 'lmax' is 5000000000, which does not fit C's int");
    EXPECT_EQ(failure_of(*library.counter(), {}), "count_coefficients(): argument 'lmax' is missing");
    EXPECT_EQ(failure_of(*library.counter(), {Number::of(1), Number::of(2)}), "count_coefficients(1, 2): takes at most 1 arguments");
    EXPECT_EQ(failure_of(*library.measurer(), {Number::of(1)}), "length_of(1): argument 'text' is 1, where length_of takes no number");
}

TEST(CallNumbers, what_takes_more_than_numbers_and_texts_or_gives_no_number_is_refused) {
    Library library;
    const auto of_array = library.counter(), of_struct = library.counter(), without = library.counter(), wide = library.counter();
    of_array->arrays.emplace_back();
    of_struct->structs.emplace_back();
    without->results.clear();
    wide->address = reinterpret_cast<void (*)()>(largest);
    wide->cells[wide->return_index].type = {ScalarKind::Unsigned, 8};
    const int before = calls;
    EXPECT_EQ(failure_of(*of_array, {Number::of(1)}), "count_coefficients(1): takes more than numbers and texts");
    EXPECT_EQ(failure_of(*of_struct, {Number::of(1)}), "count_coefficients(1): takes more than numbers and texts");
    EXPECT_EQ(calls, before);
    EXPECT_EQ(failure_of(*without, {Number::of(1)}), "count_coefficients(1): has no result");
    EXPECT_EQ(failure_of(*wide, {Number::of(1)}), "count_coefficients(1): its result is no real 64-bit number");
}

TEST(CallNumbers, the_callees_own_contract_holds) {
    Library library;
    EXPECT_EQ(failure_of(*library.root(), {Number::of(-1)}), "find_root(-1): no root (return = -3)");
}

TEST(CallNumbers, a_call_in_an_expression_is_made_once_for_the_same_arguments) {
    Scene s;
    Library library;
    const Term lmax = s.cell("lmax", 3), call = s.library_call(library.counter(), {lmax}), twice = call + call;
    calls = 0;
    const Frame& frame = s.frame();
    EXPECT_EQ(ndcall::evaluate(frame, twice.program).number.integer, 20);
    EXPECT_EQ(ndcall::evaluate(frame, call.program).number.integer, 10);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(evaluate(s.library_call(library.counter(), {s.unknown("k")})).status, EvalStatus::Unknown);
    EXPECT_EQ(evaluate(s.library_call(library.root(), {s.integer(-1)}) + 1).failure, "find_root(-1): no root (return = -3)");
}

}  // namespace
}  // namespace ndcall::test
