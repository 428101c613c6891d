// A plan and a frame with named values, and expressions over them written as C++ expressions: evaluate(n + 1). For tests.
#pragma once

#include <deque>
#include <functional>
#include <initializer_list>
#include <stdexcept>

#include "call/evaluate.hpp"

namespace ndcall::test {

class Scene;

// An expression in a scene's pool; `text` is what the user would have written.
struct Term {
    Scene* scene = nullptr;
    Program program = no_program;
    std::string text;
};

// Memory, shape and steps of an array, in the order the view needs them.
struct ArrayStore {
    std::vector<std::byte> memory;
    std::vector<std::ptrdiff_t> shape, byte_strides;
    std::size_t offset = 0;
};

template <class T>
DType dtype_of(char kind) {
    return {kind, false, sizeof(T)};
}

class Scene {
  public:
    Plan plan;

    Term cell(const std::string& name, std::int64_t value, Scalar type = {ScalarKind::Signed, 8}) {
        const Term term = unknown(name, type);
        known_.push_back({static_cast<std::uint16_t>(plan.cells.size() - 1), Number::of(value)});
        return term;
    }
    Term real_cell(const std::string& name, double value) {
        const Term term = unknown(name, {ScalarKind::Float, 8});
        known_.push_back({static_cast<std::uint16_t>(plan.cells.size() - 1), Number::of_real(value)});
        return term;
    }
    Term unknown(const std::string& name, Scalar type = {ScalarKind::Signed, 8}) {
        Cell described;
        described.name = name;
        described.type = type;
        described.ctype = "long";
        plan.cells.push_back(described);
        return leaf(NodeKind::Cell, plan.cells.size() - 1, name);
    }

    // A C-contiguous array of these elements; `shape` is one-dimensional when it is not given.
    template <class T>
    Term array(const std::string& name, char kind, std::initializer_list<T> elements, std::vector<std::ptrdiff_t> shape = {}) {
        ArrayStore& store = stores_.emplace_back();
        store.memory.resize(std::max<std::size_t>(elements.size() * sizeof(T), 1));
        std::copy_n(reinterpret_cast<const std::byte*>(elements.begin()), elements.size() * sizeof(T), store.memory.begin());
        store.shape = shape.empty() ? std::vector<std::ptrdiff_t>{static_cast<std::ptrdiff_t>(elements.size())} : std::move(shape);
        std::ptrdiff_t step = sizeof(T);
        store.byte_strides.resize(store.shape.size());
        for (std::size_t axis = store.shape.size(); axis-- > 0;) {
            store.byte_strides[axis] = step;
            step *= store.shape[axis];
        }
        return add_array(name, dtype_of<T>(kind));
    }
    Term absent_array(const std::string& name) {
        stores_.emplace_back();
        return add_array(name, {'f', false, 8});
    }
    // The store and dtype of the array made last, to be bent.
    ArrayStore& last_store() { return stores_.back(); }
    DType& last_dtype() { return dtypes_.back(); }

    Term text_value(const std::string& name, const char* value) {
        Text described;
        described.name = name;
        plan.texts.push_back(described);
        texts_.push_back(value);
        return leaf(NodeKind::TextValue, plan.texts.size() - 1, name);
    }

    Term integer(std::int64_t value) {
        Node node;
        node.integer = value;
        return add(std::move(node), std::to_string(value));
    }
    Term real(double value) {
        Node node;
        node.kind = NodeKind::Real;
        node.real = value;
        return add(std::move(node), print_number(Number::of_real(value)));
    }
    Term null() { return leaf(NodeKind::Null, 0, "NULL"); }

    Term operation(Op op, const std::vector<Term>& operands, std::string text) {
        Node node;
        node.kind = NodeKind::Operator;
        node.op = op;
        return add_with(std::move(node), operands, std::move(text));
    }
    Term call(Function function, const std::string& name, const std::vector<Term>& operands) {
        Node node;
        node.kind = NodeKind::Function;
        node.function = function;
        return add_with(std::move(node), operands, name + "(" + join(operands) + ")");
    }
    Term library_call(std::shared_ptr<const Plan> callee, const std::vector<Term>& operands) {
        Node node;
        node.kind = NodeKind::Call;
        node.index = static_cast<std::uint16_t>(plan.callees.size());
        const std::string name = callee->c_name;
        plan.callees.push_back({std::move(callee)});
        return add_with(std::move(node), operands, name + "(" + join(operands) + ")");
    }
    Term list(const std::vector<Term>& operands) {
        Node node;
        node.kind = NodeKind::List;
        return add_with(std::move(node), operands, "[" + join(operands) + "]");
    }
    Term item(const Term& array, const Term& index) {
        Node node;
        node.kind = NodeKind::ArrayItem;
        node.index = plan.programs.nodes[array.program].index;
        return add_with(std::move(node), {index}, array.text + "[" + index.text + "]");
    }
    // a < b <= c
    Term compare(const std::vector<Term>& operands, const std::vector<Comparison>& comparisons) {
        static const char* const spellings[] = {" == ", " != ", " < ", " <= ", " > ", " >= "};
        std::string text = operands[0].text;
        for (std::size_t i = 0; i < comparisons.size(); ++i) text += spellings[static_cast<int>(comparisons[i])] + operands[i + 1].text;
        Node node;
        node.kind = NodeKind::Operator;
        node.op = Op::Compare;
        node.comparisons = comparisons;
        return add_with(std::move(node), operands, text);
    }

    // The frame is made new for each question: the plan may have grown since the last one.
    const Frame& frame() {
        frame_ = std::make_unique<Frame>(plan);
        for (const auto& [index, number] : known_) {
            RawCell& raw = frame_->cells[index];
            raw.known = store_number(plan.cells[index].type, raw.bytes, number);
            if (!raw.known) throw std::logic_error("the value of a test's cell does not fit");
        }
        for (std::size_t i = 0; i < stores_.size(); ++i) {
            ArrayStore& store = stores_[i];
            ArrayView& view = frame_->arrays[i];
            view.dtype = dtypes_[i];
            if (store.memory.empty()) continue;
            view.data = store.memory.data() + store.offset;
            view.shape = store.shape.data();
            view.byte_strides = store.byte_strides.data();
            view.ndim = static_cast<std::uint16_t>(store.shape.size());
        }
        for (std::size_t i = 0; i < texts_.size(); ++i) frame_->texts[i] = texts_[i];
        return *frame_;
    }

  private:
    static std::string join(const std::vector<Term>& terms) {
        std::string text;
        for (const Term& term : terms) text += (text.empty() ? "" : ", ") + term.text;
        return text;
    }
    Term add(Node node, std::string text) {
        plan.programs.nodes.push_back(std::move(node));
        plan.programs.texts.push_back(text);
        return {this, static_cast<Program>(plan.programs.nodes.size() - 1), std::move(text)};
    }
    Term add_with(Node node, const std::vector<Term>& operands, std::string text) {
        for (const Term& operand : operands) node.operands.push_back(operand.program);
        return add(std::move(node), std::move(text));
    }
    Term leaf(NodeKind kind, std::size_t index, std::string text) {
        Node node;
        node.kind = kind;
        node.index = static_cast<std::uint16_t>(index);
        return add(std::move(node), std::move(text));
    }
    Term add_array(const std::string& name, DType dtype) {
        Array described;
        described.name = name;
        plan.arrays.push_back(described);
        dtypes_.push_back(dtype);
        return leaf(NodeKind::ArrayElements, plan.arrays.size() - 1, name);
    }

    std::vector<std::pair<std::uint16_t, Number>> known_;
    std::deque<ArrayStore> stores_;
    std::deque<DType> dtypes_;
    std::vector<const char*> texts_;
    std::unique_ptr<Frame> frame_;
};

inline Term binary(Op op, const char* spelling, const Term& a, const Term& b) {
    return a.scene->operation(op, {a, b}, a.text + spelling + b.text);
}
inline Term operator+(const Term& a, const Term& b) { return binary(Op::Add, "+", a, b); }
inline Term operator-(const Term& a, const Term& b) { return binary(Op::Subtract, "-", a, b); }
inline Term operator*(const Term& a, const Term& b) { return binary(Op::Multiply, "*", a, b); }
inline Term operator/(const Term& a, const Term& b) { return binary(Op::Divide, "/", a, b); }
inline Term operator%(const Term& a, const Term& b) { return binary(Op::Modulo, "%", a, b); }
inline Term operator&(const Term& a, const Term& b) { return binary(Op::BitAnd, " & ", a, b); }
inline Term operator|(const Term& a, const Term& b) { return binary(Op::BitOr, " | ", a, b); }
inline Term operator^(const Term& a, const Term& b) { return binary(Op::BitXor, " ^ ", a, b); }
inline Term operator<<(const Term& a, const Term& b) { return binary(Op::ShiftLeft, " << ", a, b); }
inline Term operator>>(const Term& a, const Term& b) { return binary(Op::ShiftRight, " >> ", a, b); }
inline Term operator+(const Term& a, std::int64_t b) { return a + a.scene->integer(b); }
inline Term operator-(const Term& a, std::int64_t b) { return a - a.scene->integer(b); }
inline Term operator*(std::int64_t a, const Term& b) { return b.scene->integer(a) * b; }
inline Term operator/(const Term& a, std::int64_t b) { return a / a.scene->integer(b); }
inline Term operator%(const Term& a, std::int64_t b) { return a % a.scene->integer(b); }
inline Term operator-(const Term& a) { return a.scene->operation(Op::Negate, {a}, "-" + a.text); }
inline Term operator~(const Term& a) { return a.scene->operation(Op::Invert, {a}, "~" + a.text); }
inline Term operator!(const Term& a) { return a.scene->operation(Op::Not, {a}, "not " + a.text); }
inline Term both(const Term& a, const Term& b) { return binary(Op::And, " and ", a, b); }
inline Term either(const Term& a, const Term& b) { return binary(Op::Or, " or ", a, b); }
inline Term if_else(const Term& a, const Term& condition, const Term& b) {
    return a.scene->operation(Op::Conditional, {a, condition, b}, a.text + " if " + condition.text + " else " + b.text);
}
inline Term less(const Term& a, const Term& b) { return a.scene->compare({a, b}, {Comparison::Less}); }
inline Term equal(const Term& a, const Term& b) { return a.scene->compare({a, b}, {Comparison::Equal}); }
inline Term not_equal(const Term& a, const Term& b) { return a.scene->compare({a, b}, {Comparison::NotEqual}); }

inline Evaluation evaluate(const Term& term) { return ndcall::evaluate(term.scene->frame(), term.program); }
inline Solution solve(const Term& term, std::int64_t value) { return ndcall::solve(term.scene->frame(), term.program, value); }

}  // namespace ndcall::test
