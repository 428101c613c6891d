#include "plan/describe.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "plan/binding.hpp"

namespace ndcall {
namespace {

// A plan made by hand, table by table.
struct Maker {
    Plan plan;
    std::deque<Type> types;
    Type function;

    const Type* add_type(Kind kind, std::uint32_t size, const std::string& spelling = {}, const Type* target = nullptr,
                         bool is_const = false) {
        Type& type = types.emplace_back();
        type.kind = kind;
        type.size = size;
        type.spelling = spelling;
        type.target = target;
        type.is_const = is_const;
        return &type;
    }
    const Type* number() { return add_type(Kind::Float, 8); }
    const Type* integer() { return add_type(Kind::Signed, 4); }
    const Type* pointer(const Type* target) { return add_type(Kind::Pointer, 8, {}, target); }

    Program program(Node node, const std::string& text) {
        plan.programs.nodes.push_back(std::move(node));
        plan.programs.texts.push_back(text);
        return static_cast<Program>(plan.programs.nodes.size() - 1);
    }
    Program constant(std::int64_t value, const std::string& text) {
        Node node;
        node.integer = value;
        return program(node, text);
    }
    Program real(double value, const std::string& text) {
        Node node;
        node.kind = NodeKind::Real;
        node.real = value;
        return program(node, text);
    }
    Program symbol(std::uint16_t cell) {
        Node node;
        node.kind = NodeKind::Cell;
        node.index = cell;
        return program(node, plan.cells[cell].name);
    }
    std::uint16_t cell(const std::string& name, Scalar type = {ScalarKind::Signed, 4}) {
        Cell made;
        made.name = name;
        made.type = type;
        plan.cells.push_back(made);
        return static_cast<std::uint16_t>(plan.cells.size() - 1);
    }
    // Its extents are cells, bound by the array.
    std::uint16_t array(const std::string& name, const std::vector<std::uint16_t>& extents) {
        Array made;
        made.name = name;
        made.dtype = {'f', false, 8};
        made.dtype_name = "float64";
        const auto index = static_cast<std::uint16_t>(plan.arrays.size());
        for (std::size_t axis = 0; axis < extents.size(); ++axis) {
            Axis added;
            added.extent = symbol(extents[axis]);
            made.axes.push_back(added);
            plan.equations.push_back({added.extent, index, static_cast<std::uint8_t>(axis), Quantity::Extent});
        }
        plan.arrays.push_back(made);
        return index;
    }
    void input(const std::string& name, Form form, std::uint16_t index) {
        Input made;
        made.name = name;
        made.form = form;
        made.index = index;
        plan.inputs.push_back(made);
        if (form == Form::Array) plan.arrays[index].is_input = plan.arrays[index].read = true;
    }
    void result(const std::string& name, Form form, std::uint16_t index) {
        Result made;
        made.name = name;
        made.form = form;
        made.index = index;
        plan.results.push_back(made);
        if (form == Form::Array) plan.arrays[index].is_result = plan.arrays[index].written = true;
    }
    void parameter(const std::string& name, const Type* type, PlaceSource source, std::uint16_t index) {
        function.parameters.push_back({name, type});
        plan.parameter_names.push_back(name);
        plan.parameters.push_back({source, index, false});
    }
    void finish(const std::string& name, const Type* returns) {
        plan.name = plan.c_name = name;
        plan.source = "code.c:8";
        function.kind = Kind::Function;
        function.target = returns;
        plan.function = &function;
    }
};

// void scale(const double *x, double factor, double *y, int n)      x[n], factor = 2.0 -> y[n]
struct Scale : Maker {
    Scale() {
        const std::uint16_t factor = cell("factor", {ScalarKind::Float, 8}), n = cell("n");
        plan.cells[n].is_symbol = true;
        const std::uint16_t x = array("x", {n}), y = array("y", {n});
        input("x", Form::Array, x);
        input("factor", Form::Number, factor);
        plan.inputs.back().default_value = real(2, "2.0");
        result("y", Form::Array, y);
        parameter("x", pointer(add_type(Kind::Float, 8, {}, nullptr, true)), PlaceSource::ArrayData, x);
        parameter("factor", number(), PlaceSource::CellValue, factor);
        parameter("y", pointer(number()), PlaceSource::ArrayData, y);
        parameter("n", integer(), PlaceSource::CellValue, n);
        finish("scale", add_type(Kind::Void, 0));
        plan.contract = "x[n], factor = 2.0 -> y[n]";
        plan.comment = "Scale a vector.\n\nThe factor is a pure number.\n";
    }
};

// int solve(int order, double *a, int lda, int *info)     inout a[m:lda,n] -> info; order = ROW; check m == n; ok return == 0 else "singular"
struct Solve : Maker {
    Solve() {
        const std::uint16_t order = cell("order"), lda = cell("lda"), info = cell("info"), m = cell("m"), n = cell("n"),
                            status = cell("return");
        plan.cells[order].fixed = constant(101, "ROW");
        for (const std::uint16_t symbol_cell : {lda, m, n}) plan.cells[symbol_cell].is_symbol = true;
        plan.cells[info].is_written_by_c = true;
        const std::uint16_t a = array("a", {m, n});
        plan.arrays[a].axes[0].step = StepRule::Elements;
        plan.arrays[a].axes[0].step_value = symbol(lda);
        plan.equations.push_back({plan.arrays[a].axes[0].step_value, a, 0, Quantity::StepElements});
        input("a", Form::Array, a);
        plan.arrays[a].written = true;
        result("info", Form::Number, info);
        parameter("order", integer(), PlaceSource::CellValue, order);
        parameter("a", pointer(number()), PlaceSource::ArrayData, a);
        parameter("lda", integer(), PlaceSource::CellValue, lda);
        parameter("info", pointer(integer()), PlaceSource::CellAddress, info);
        finish("solve", integer());
        plan.return_form = ReturnForm::Cell;
        plan.return_index = status;
        add_test(TestKind::Check, "m == n", "");
        add_test(TestKind::Ok, "return == 0", "singular");
        add_test(TestKind::Warn, "return > 9", "dubious");
        plan.gil_reason = "held: the contract says gil";
    }
    void add_test(TestKind kind, const std::string& condition, const std::string& literal) {
        Test test;
        test.kind = kind;
        test.condition = constant(1, condition);
        test.literal = literal;
        test.text = literal.empty() ? Test::Text::None : Test::Text::Literal;
        plan.tests.push_back(test);
    }
};

TEST(DescribeSignature, shows_dtypes_shapes_and_defaults) {
    EXPECT_EQ(describe_signature(Scale().plan), "scale(x: float64[n], factor: float = 2.0) -> y: float64[n]");
    EXPECT_EQ(describe_signature(Solve().plan), "solve(inout a: float64[m, n]) -> info: int");
}

TEST(DescribeSignature, the_value_that_c_returns_needs_no_name_when_it_is_alone) {
    Solve solve;
    solve.result("return_", Form::Number, solve.plan.return_index);
    EXPECT_EQ(describe_signature(solve.plan), "solve(inout a: float64[m, n]) -> info: int, return_: int");
    solve.plan.results.erase(solve.plan.results.begin());
    EXPECT_EQ(describe_signature(solve.plan), "solve(inout a: float64[m, n]) -> int");
    solve.plan.results.clear();
    EXPECT_EQ(describe_signature(solve.plan), "solve(inout a: float64[m, n]) -> None");
}

TEST(DescribeSignature, every_form_of_argument_has_its_type) {
    Maker maker;
    maker.plan.enumerations.push_back({"CBLAS_ORDER", "", false, {"CblasRowMajor", "CblasColMajor"}, {101, 102}});
    const std::uint16_t order = maker.cell("order"), mode = maker.cell("mode", {ScalarKind::Signed, 1}),
                        z = maker.cell("z", {ScalarKind::Complex, 16}), l = maker.cell("l", {ScalarKind::Float, 16}),
                        flag = maker.cell("flag", {ScalarKind::Bool, 1});
    maker.plan.cells[order].enumeration = 0;
    maker.plan.cells[mode].is_character = true;
    maker.plan.texts.push_back({"name", no_program, true, false});
    maker.plan.structs.emplace_back().tag = "Fields";
    maker.plan.shape_groups.push_back({"s"});
    const std::uint16_t any = maker.array("any", {}), like = maker.array("like", {z}), zero = maker.array("zero", {});
    maker.plan.arrays[any].any_shape = true;
    maker.plan.arrays[any].shape_group = 0;
    maker.plan.arrays[any].dtype_rule = DTypeRule::Any;
    maker.plan.arrays[like].dtype_rule = DTypeRule::Like;
    maker.plan.arrays[like].like = any;
    maker.input("any", Form::Array, any);
    maker.input("zero", Form::Array, zero);
    maker.input("z", Form::Number, z);
    maker.input("l", Form::Number, l);
    maker.input("flag", Form::Number, flag);
    maker.input("fields", Form::Struct, 0);
    maker.input("order", Form::Number, order);
    maker.plan.inputs.back().default_value = maker.constant(101, "CblasRowMajor");
    maker.input("mode", Form::Number, mode);
    maker.plan.inputs.back().default_value = maker.constant('V', "'V'");
    maker.input("name", Form::Text, 0);
    maker.plan.inputs.back().is_optional = true;
    maker.result("like", Form::Array, like);
    maker.plan.results.back().is_optional = true;
    maker.plan.name = "f";
    EXPECT_EQ(
        describe_signature(maker.plan),
        "f(any: any[*s], zero: float64[()], z: complex, l: longdouble, flag: bool, fields: Fields, order: CBLAS_ORDER = 'CblasRowMajor', "
        "mode: str = 'V', name: str = None) -> like?: like(any)[z]");
    EXPECT_EQ(describe_call(maker.plan),
              "f(any, zero, z, l, flag, fields, order='CblasRowMajor', mode='V', name=None, like=None, *, out=None)");
}

TEST(DescribeParameters, results_that_may_be_given_and_out_follow_the_inputs) {
    const std::vector<PythonParameter> parameters = describe_parameters(Scale().plan);
    ASSERT_EQ(parameters.size(), 4u);
    EXPECT_EQ(parameters[1].default_text, "2.0");
    EXPECT_NE(parameters[1].default_value, no_program);
    EXPECT_EQ(parameters[2].name, "y");
    EXPECT_EQ(parameters[2].default_text, "None");
    EXPECT_EQ(parameters[3].name, "out");
    EXPECT_EQ(parameters[3].passing, PythonParameter::Passing::KeywordOnly);
    EXPECT_EQ(describe_call(Scale().plan), "scale(x, factor=2.0, y=None, *, out=None)");
}

TEST(DescribeParameters, a_name_on_both_sides_stands_once) {
    Scale scale;
    scale.plan.results[0].name = "x";
    EXPECT_EQ(describe_call(scale.plan), "scale(x, factor=2.0, *, out=None)");
}

TEST(DescribeParameters, parameters_without_a_name_go_by_position) {
    Solve solve;
    solve.plan.inputs[0].name = "arg2";
    solve.plan.inputs[0].position_only = true;
    EXPECT_EQ(describe_call(solve.plan), "solve(arg2, /)");
    solve.input("n", Form::Number, 4);
    EXPECT_EQ(describe_call(solve.plan), "solve(arg2, /, n)");
}

TEST(DescribeDocstring, is_numpydoc) {
    EXPECT_EQ(describe_docstring(Scale().plan), R"(scale(x, factor=2.0, y=None, *, out=None)

Scale a vector.

The factor is a pure number.

Parameters
----------
x : (n,) float64 ndarray
factor : float, default 2.0

Returns
-------
y : (n,) float64 ndarray

Raises
------
ContractError
    An argument breaks the contract; nothing was called.

Notes
-----
Source: `scale`, read from code.c:8. The GIL is released when the arrays are large.
Contract: ``x[n], factor = 2.0 -> y[n]``)");
}

TEST(DescribeDocstring, tells_what_is_written_and_what_is_tested) {
    EXPECT_EQ(describe_docstring(Solve().plan), R"(solve(a)

Call the C function `solve`.

Parameters
----------
a : (m, n) float64 ndarray, contiguous rows, any positive step in elements, inout

Returns
-------
info : int

Raises
------
ContractError
    An argument breaks the contract; nothing was called.
CheckError
    Unless ``m == n``.
CallError
    Unless ``return == 0``: singular.

Warns
-----
CallWarning
    When ``return > 9``: dubious.

Notes
-----
Source: `solve`, read from code.c:8. The GIL is held: the contract says gil.)");
}

TEST(DescribeDocstring, tells_dtypes_that_the_caller_chooses_texts_what_is_optional_and_the_lock) {
    test::Library library("function tell fn(x: *const void, y: *void, n: i8, info: *f8, name: *const char) -> *const char at 0:3\n");
    EXPECT_EQ(describe_docstring(*library.bind("tell", "x: any[n], name? -> return?, y: like(x)[n], info[3]?; nogil")),
              R"(tell(x, name=None, y=None, info=None, *, out=None)

Call the C function `tell`.

Parameters
----------
x : (n,) ndarray of any dtype
name : str, optional

Returns
-------
return_ : str or None
y : (n,) ndarray with the dtype of `x`
info : (3,) float64 ndarray
    Only when asked for: ``info=True`` or an array.

Raises
------
ContractError
    An argument breaks the contract; nothing was called.

Notes
-----
Source: `tell`, read from code.c:3. The GIL is released: the contract says nogil.
Contract: ``x: any[n], name? -> return?, y: like(x)[n], info[3]?; nogil``)");
}

TEST(DescribePlan, shows_structs_made_for_a_call_and_every_text_of_a_test) {
    test::Library library(
        "function advance fn(s: struct state, code: i4) -> struct state at 0:3\n"
        "function explain fn(code: i4) -> *const char at 0:4\n"
        "struct state at 0:1 size 16 align 8\n"
        "  field n i8 at 0\n"
        "  field x f8 at 8\n");
    const auto plan =
        library.bind("advance", "s.n, s.x, code -> return.n, return.x; ok return.n > 0 else errno; ok return.x > 0 else explain(1)");
    EXPECT_EQ(describe_plan(*plan, {}), R"(  struct state s        a state made for the call, by value
    byte 0              argument 'n'
    byte 8              argument 'x'
  int code              argument 'code'
  returns struct state  its members, read one by one
  ok return.n > 0 else errno
  ok return.x > 0 else explain(1)
  The GIL is released.
)");
}

TEST(DescribePlan, shows_what_every_parameter_gets_and_where) {
    const std::vector<std::string> places = {"rdi", "xmm0", "rsi", "rdx", "none"};
    EXPECT_EQ(describe_plan(Scale().plan, places), R"(  const double *x  data of 'x'                     rdi
  double factor    argument 'factor', default 2.0  xmm0
  double *y        data of 'y'                     rsi
  int n            n = shape of 'x', axis 0        rdx
  returns void     nothing that is looked at       none
  'y' is given or allocated: (n,) float64, C-contiguous, zero-filled
  The GIL is released when the arrays are large.
)");
}

TEST(DescribePlan, shows_constants_steps_symbols_and_tests) {
    EXPECT_EQ(describe_plan(Solve().plan, {}), R"(  int order    constant 101 (ROW)
  double *a    data of 'a'
  int lda      lda = step in elements of 'a', axis 0
  int *info    address of result 'info'
  returns int  what the tests look at
  m = shape of 'a', axis 0
  n = shape of 'a', axis 1
  check m == n
  ok return == 0 else "singular"
  warn return > 9 "dubious"
  The GIL is held: the contract says gil.
)");
}

TEST(DescribePlan, shows_vectors_texts_and_structs) {
    Maker maker;
    const std::uint16_t n = maker.cell("n");
    maker.plan.cells[n].is_symbol = true;
    const std::uint16_t a = maker.array("a", {n});
    maker.plan.arrays[a].rows = maker.plan.arrays[a].is_optional = true;
    Vector dims;
    dims.list = maker.constant(0, "shape(a)");
    maker.plan.vectors.push_back(dims);
    maker.plan.texts.push_back({"name", no_program, true, false});
    maker.plan.structs.emplace_back().name = "fields";
    Block block;
    block.tag = "SRC_DATA";
    block.members.push_back({8, {PlaceSource::CellValue, n, false}});
    maker.plan.blocks.push_back(block);
    const Type* any = maker.pointer(maker.add_type(Kind::Void, 0));
    maker.parameter("a", any, PlaceSource::ArrayRows, a);
    maker.parameter("dims", any, PlaceSource::Vector, 0);
    maker.parameter("name", any, PlaceSource::Text, 0);
    maker.parameter("fields", any, PlaceSource::StructAddress, 0);
    maker.parameter("data", any, PlaceSource::BlockAddress, 0);
    maker.parameter("user", any, PlaceSource::Null, 0);
    maker.finish("f", maker.add_type(Kind::Void, 0));
    EXPECT_EQ(describe_plan(maker.plan, {}), R"(  void *a       table of rows of 'a', or NULL
  void *dims    vector shape(a)
  void *name    text of 'name', or NULL
  void *fields  address of 'fields'
  void *data    address of a SRC_DATA made for the call
    byte 8      n = shape of 'a', axis 0
  void *user    NULL
  returns void  nothing that is looked at
  The GIL is released when the arrays are large.
)");
}

}  // namespace
}  // namespace ndcall
