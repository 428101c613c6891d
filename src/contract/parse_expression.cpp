// Expressions, with Python's precedence. Nothing is looked up here.
#include <array>
#include <optional>
#include <utility>

#include "contract/grammar.hpp"
#include "contract/words.hpp"

namespace ndcall::detail {

namespace {

// Trees are walked by recursion, here and later: these two bound its depth for any text.
constexpr std::size_t most_parts = 500, most_depth = 50;

struct BinaryOperator {
    std::string_view text;
    Op op;
    int level;
};
constexpr std::array binary_operators{
    BinaryOperator{"|", Op::BitOr, 0},      BinaryOperator{"^", Op::BitXor, 1},      BinaryOperator{"&", Op::BitAnd, 2},
    BinaryOperator{"<<", Op::ShiftLeft, 3}, BinaryOperator{">>", Op::ShiftRight, 3}, BinaryOperator{"+", Op::Add, 4},
    BinaryOperator{"-", Op::Subtract, 4},   BinaryOperator{"*", Op::Multiply, 5},    BinaryOperator{"/", Op::Divide, 5},
    BinaryOperator{"%", Op::Modulo, 5},
};
constexpr int levels = 6;

constexpr std::array<std::pair<std::string_view, Comparison>, 6> comparisons{{{"==", Comparison::Equal},
                                                                              {"!=", Comparison::NotEqual},
                                                                              {"<=", Comparison::LessEqual},
                                                                              {"<", Comparison::Less},
                                                                              {">=", Comparison::GreaterEqual},
                                                                              {">", Comparison::Greater}}};
constexpr std::array<std::pair<std::string_view, Op>, 3> signs{{{"-", Op::Negate}, {"+", Op::Plus}, {"~", Op::Invert}}};

std::optional<Comparison> find_comparison(const Token& token) {
    for (const auto& [text, comparison] : comparisons) {
        if (token.is(text)) return comparison;
    }
    return std::nullopt;
}

const BinaryOperator* find_binary(const Token& token, int level) {
    for (const BinaryOperator& row : binary_operators) {
        if (row.level == level && token.is(row.text)) return &row;
    }
    return nullptr;
}

// One level deeper; `brackets` is 1 between brackets of any kind, 0 behind a sign.
class Nesting {
  public:
    explicit Nesting(Cursor& cursor, std::size_t brackets = 1) : cursor_(cursor), brackets_(brackets) {
        cursor_.open_brackets += brackets_;
        if (++cursor_.expression_depth > most_depth) cursor_.fail(Message::TooDeep, {std::to_string(most_depth)});
    }
    ~Nesting() {
        --cursor_.expression_depth;
        cursor_.open_brackets -= brackets_;
    }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

  private:
    Cursor& cursor_;
    std::size_t brackets_;
};

class ExpressionParser {
  public:
    explicit ExpressionParser(Cursor& cursor) : cursor_(cursor) {}

    Expression parse_or() {
        const Token& first = cursor_.peek();
        Expression left = parse_and();
        while (cursor_.take_if("or")) left = join(Op::Or, first, std::move(left), parse_and());
        return left;
    }

    Expression parse_binary(int level = 0) {
        if (level == levels) return parse_signed();
        const Token& first = cursor_.peek();
        Expression left = parse_binary(level + 1);
        while (const BinaryOperator* row = find_binary(cursor_.peek(), level)) {
            cursor_.take();
            left = join(row->op, first, std::move(left), parse_binary(level + 1));
        }
        return left;
    }

    Expression parse_call_to(const Token& first, std::string name) {
        Expression out = make(Op::Call, first);
        cursor_.need("(", "after the function's name");
        const Nesting nesting(cursor_);
        if (!cursor_.at(")")) out.operands = parse_list();
        cursor_.need(")", "to close the call");
        out.text = std::move(name);
        return finish(std::move(out), first);
    }

  private:
    Expression make(Op op, const Token& first) {
        if (++cursor_.expression_parts > most_parts) cursor_.fail(Message::TooLong, {std::to_string(most_parts)});
        Expression out;
        out.op = op;
        out.at = first.at;
        return out;
    }

    Expression finish(Expression expression, const Token& first) const {
        expression.at = cursor_.span_from(first);
        return expression;
    }

    Expression join(Op op, const Token& first, Expression left, Expression right) {
        Expression out = make(op, first);
        out.operands.push_back(std::move(left));
        out.operands.push_back(std::move(right));
        return finish(std::move(out), first);
    }

    Expression parse_prefixed(Op op, const Token& first, Expression operand) {
        Expression out = make(op, first);
        out.operands.push_back(std::move(operand));
        return finish(std::move(out), first);
    }

    Expression parse_and() {
        const Token& first = cursor_.peek();
        Expression left = parse_not();
        while (cursor_.take_if("and")) left = join(Op::And, first, std::move(left), parse_not());
        return left;
    }

    Expression parse_not() {
        const Token& first = cursor_.peek();
        if (!cursor_.take_if("not")) return parse_comparison();
        const Nesting nesting(cursor_, 0);
        return parse_prefixed(Op::Not, first, parse_not());
    }

    Expression parse_comparison() {
        const Token& first = cursor_.peek();
        Expression left = parse_binary();
        if (!find_comparison(cursor_.peek())) return left;
        Expression out = make(Op::Compare, first);
        out.operands.push_back(std::move(left));
        while (const std::optional<Comparison> comparison = find_comparison(cursor_.peek())) {
            cursor_.take();
            out.comparisons.push_back(*comparison);
            out.operands.push_back(parse_binary());
        }
        return finish(std::move(out), first);
    }

    Expression parse_signed() {
        const Token& first = cursor_.peek();
        for (const auto& [text, op] : signs) {
            if (first.kind == TokenKind::Symbol && cursor_.take_if(text)) {
                const Nesting nesting(cursor_, 0);
                return parse_prefixed(op, first, parse_signed());
            }
        }
        return parse_primary();
    }

    Expression parse_primary() {
        const Token& first = cursor_.peek();
        Expression out;
        switch (first.kind) {
            case TokenKind::Name: return parse_named();
            case TokenKind::Symbol: return parse_bracketed();
            case TokenKind::Integer: out = make(Op::Integer, first); break;
            case TokenKind::Real: out = make(Op::Real, first); break;
            case TokenKind::Character: out = make(Op::Character, first); break;
            case TokenKind::Text: out = make(Op::Text, first); break;
            case TokenKind::End:
            case TokenKind::BadNumber: cursor_.fail_expected("a value");
        }
        cursor_.take();
        out.integer = first.integer;
        out.real = first.real;
        if (first.kind == TokenKind::Text) out.text = first.text;
        return refuse_subscript(std::move(out));
    }

    Expression parse_bracketed() {
        const Token& first = cursor_.peek();
        const Nesting nesting(cursor_);
        if (cursor_.take_if("(")) {
            Expression out = parse_choice();
            cursor_.need(")", "to close '('");
            return refuse_subscript(finish(std::move(out), first));
        }
        if (cursor_.take_if("[")) {
            Expression out = make(Op::List, first);
            out.operands = parse_list();
            close_bracket();
            return refuse_subscript(finish(std::move(out), first));
        }
        if (cursor_.at("&") && cursor_.peek(1).kind == TokenKind::Name) cursor_.fail(Message::Address);
        cursor_.fail_expected("a value");
    }

    Expression parse_choice() {
        const Token& first = cursor_.peek();
        Expression left = parse_or();
        if (!cursor_.take_if("if")) return left;
        const Nesting nesting(cursor_);
        Expression out = make(Op::Conditional, first);
        out.operands.push_back(std::move(left));
        out.operands.push_back(parse_or());
        cursor_.need("else", "in (a if condition else b)");
        out.operands.push_back(parse_choice());
        return finish(std::move(out), first);
    }

    Expression parse_named() {
        const Token& first = cursor_.peek();
        std::string name = cursor_.take_dotted("a value");
        const bool is_call = cursor_.at("("), is_item = cursor_.at("[");
        if (name == "return" && (is_call || is_item)) cursor_.fail(Message::ReturnValue, {is_call ? "arguments" : "index"});
        if (is_call && name.find('.') != std::string::npos) cursor_.fail_at(first, Message::DottedCall);
        if (is_call) return refuse_subscript(parse_call_to(first, std::move(name)));
        if (is_item) return parse_item(first, std::move(name));
        if (cursor_.at_member_arrow() && cursor_.open_brackets > 0) cursor_.fail(Message::MemberArrow);
        Expression out = make(name == "NULL" ? Op::Null : Op::Name, first);
        if (out.op == Op::Name) out.text = std::move(name);
        return finish(std::move(out), first);
    }

    Expression parse_item(const Token& first, std::string name) {
        Expression out = make(Op::Item, first);
        cursor_.take();
        const Nesting nesting(cursor_);
        out.operands.push_back(parse_or());
        if (cursor_.at(",")) cursor_.fail(Message::OneIndex);
        close_bracket();
        if (cursor_.at("[")) cursor_.fail(Message::OneIndex);
        if (cursor_.take_if(".")) out.member = cursor_.take_dotted("the name of a member after '.'");
        out.text = std::move(name);
        return finish(std::move(out), first);
    }

    Expression refuse_subscript(Expression expression) const {
        if (cursor_.at("[")) cursor_.fail(Message::Subscript);
        return expression;
    }

    void close_bracket() const { cursor_.need("]", "to close '['"); }

    std::vector<Expression> parse_list() {
        std::vector<Expression> out;
        do {
            out.push_back(parse_or());
        } while (cursor_.take_if(","));
        return out;
    }

    Cursor& cursor_;
};

// A fresh count of parts for each expression that does not stand inside another one.
ExpressionParser begin_expression(Cursor& cursor) {
    cursor.expression_parts = 0;
    return ExpressionParser(cursor);
}

}  // namespace

Expression parse_expression(Cursor& cursor) { return begin_expression(cursor).parse_or(); }

Expression parse_sum(Cursor& cursor) { return begin_expression(cursor).parse_binary(); }

Expression parse_call(Cursor& cursor) {
    const Token& first = cursor.peek();
    std::string name(cursor.take_name("a function").text);
    if (name == "return") cursor.fail(Message::ReturnValue, {"arguments"});
    return begin_expression(cursor).parse_call_to(first, std::move(name));
}

}  // namespace ndcall::detail
