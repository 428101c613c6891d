#include <gtest/gtest.h>

#include <cerrno>

#include "call/bound_call.hpp"

namespace ndcall::test {
namespace {

constexpr const char* lines =
    "function status fn(code: i4, value: *f8) -> i4 at 0:3\n"
    "function explain fn(code: i4) -> *const char at 0:4\n"
    "function pair fn(x: f8) -> struct pair at 0:5\n"
    "function advance fn(s: *struct pair) -> void at 0:6\n"
    "struct pair at 0:1 size 16 align 8\n"
    "  field x f8 at 0\n"
    "  field n i4 at 8\n";

struct Pair {
    double x;
    int n;
};

// The functions that the lines declare.
int status(int code, double* value) {
    *value = code + 0.5;
    errno = code < 0 ? ENOENT : 0;
    return code;
}
const char* explain(int code) { return code == 3 ? "singular matrix" : "no error"; }
Pair make_pair_of(double x) { return {x, static_cast<int>(2 * x)}; }
void advance(Pair* pair) { *pair = {pair->x + 1, pair->n + 10}; }

template <class Result, class... Parameters>
void (*erase_type(Result (*function)(Parameters...)))() {
    return reinterpret_cast<void (*)()>(function);
}

class Outcome : public testing::Test {
  protected:
    // Binds, calls C with the numbers given, and reads back.
    BoundCall& call(const std::string& name, const std::string& contract, void (*address)(), const std::string& input, std::int64_t value) {
        auto plan = library.bind(name, contract);
        plan->address = address;
        for (Callee& callee : plan->callees) {
            auto copy = std::make_shared<Plan>(*callee.plan);
            copy->address = erase_type(explain);
            callee.plan = copy;
        }
        made = std::make_unique<BoundCall>(plan);
        made->set(input, value);
        EXPECT_EQ(made->bind(Stage::Inputs) + made->bind(Stage::Results) + made->place_all(), "");
        alignas(16) static std::byte returned[32];
        made->frame.returned_struct = plan->return_form == ReturnForm::Struct ? returned : nullptr;
        invoke_frame(made->frame, lay_out_call(library.registry().declarations(), *plan->function));
        read_back(made->frame);
        return *made;
    }
    std::string run_status(const std::string& contract, int code) {
        std::string text;
        for (const Failure& failure : run_tests(call("status", contract, erase_type(status), "code", code).frame))
            text += (text.empty() ? "" : "; ") + std::string(failure.kind == TestKind::Ok ? "failed: " : "warned: ") + failure.text;
        return text;
    }

    Library library{lines};
    std::unique_ptr<BoundCall> made;
};

TEST_F(Outcome, WhatCWroteAndReturnedBecomesNumbers) {
    EXPECT_EQ(call("status", "code -> value, return", erase_type(status), "code", 4).cells(), "return = 4, code = 4, value = 4.5");
}

TEST_F(Outcome, ATestThatHoldsSaysNothing) { EXPECT_EQ(run_status("code -> value; ok return == 0", 0), ""); }

TEST_F(Outcome, ATestWithoutATextTellsItsConditionAndTheValues) {
    EXPECT_EQ(run_status("code -> value; ok return == 0", 3), "failed: ok return == 0 failed (return = 3)");
    EXPECT_EQ(run_status("code -> value; ok return < code + 1; ok value == 0", 3), "failed: ok value == 0 failed (value = 3.5)");
}

TEST_F(Outcome, TheFirstMeaningThatFitsIsTold) {
    const std::string contract = "code -> value; ok return >= 0 else \"illegal argument\"; ok return == 0 else \"singular\"";
    EXPECT_EQ(run_status(contract, -2), "failed: illegal argument (return = -2)");
    EXPECT_EQ(run_status(contract, 2), "failed: singular (return = 2)");
}

TEST_F(Outcome, WarningsComeBeforeTheFailureThatEndsThem) {
    const std::string contract = "code -> value; warn return > 0 \"dubious year\"; ok return < 9; warn return > 1";
    EXPECT_EQ(run_status(contract, 1), "warned: dubious year (return = 1)");
    EXPECT_EQ(run_status(contract, 2), "warned: dubious year (return = 2); warned: warn return > 1 (return = 2)");
    EXPECT_EQ(run_status(contract, 9), "warned: dubious year (return = 9); failed: ok return < 9 failed (return = 9)");
}

TEST_F(Outcome, ErrnoIsThatOfTheCall) {
    errno = EDOM;
    EXPECT_EQ(run_status("code -> value; ok return >= 0 else errno", -1), "failed: No such file or directory (return = -1)");
    EXPECT_EQ(made->frame.saved_errno, ENOENT);
    errno = EDOM;
    EXPECT_EQ(run_status("code -> value; ok return == 0 else errno", 1), "failed: Success (return = 1)");
}

TEST_F(Outcome, TheLibrarysOwnTextIsAskedFor) {
    EXPECT_EQ(run_status("code -> value; ok return == 0 else explain(return)", 3), "failed: singular matrix (return = 3)");
}

TEST_F(Outcome, AReturnedTextIsTheLibrarysMemory) {
    EXPECT_STREQ(call("explain", "code", erase_type(explain), "code", 3).frame.texts[0], "singular matrix");
}

TEST_F(Outcome, MembersOfAReturnedStructBecomeNumbers) {
    EXPECT_EQ(call("pair", "x -> return.x, return.n", erase_type(make_pair_of), "x", 4).cells(), "return.x = 4.0, return.n = 8, x = 4.0");
}

TEST_F(Outcome, AMemberThatCWroteMayBeTested) {
    EXPECT_TRUE(run_tests(call("advance", "s.x -> s.n; ok s.n == 10", erase_type(advance), "s.x", 2).frame).empty());
    EXPECT_EQ(run_tests(call("advance", "s.x -> s.n; ok s.n == 11", erase_type(advance), "s.x", 2).frame).at(0).text,
              "ok s.n == 11 failed (s.n = 10)");
}

TEST_F(Outcome, MembersThatCWroteBecomeNumbers) {
    EXPECT_EQ(call("advance", "s.x -> s.x, s.n", erase_type(advance), "s.x", 2).cells(), "s.x = 3.0, s.n = 10");
}

}  // namespace
}  // namespace ndcall::test
