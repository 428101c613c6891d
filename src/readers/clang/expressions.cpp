#include "readers/clang/expressions.hpp"

#include <algorithm>
#include <array>

namespace ndcall::clang {

namespace {

struct Row {
    int number;
    Operator value;
};

// libclang's numbers.
constexpr std::array<Row, 7> unary = {{
    {1, Operator::Change},
    {2, Operator::Change},
    {3, Operator::Change},
    {4, Operator::Change},
    {5, Operator::Address},
    {6, Operator::Dereference},
    {10, Operator::Not},
}};
constexpr std::array<Row, 10> binary = {{
    {3, Operator::Multiply},
    {6, Operator::Add},
    {7, Operator::Subtract},
    {11, Operator::Less},
    {15, Operator::Compare},
    {16, Operator::Compare},
    {20, Operator::Join},
    {21, Operator::Join},
    {22, Operator::Assign},
    {33, Operator::Comma},
}};

template <std::size_t N>
Operator find_row(const std::array<Row, N>& rows, int number) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.number == number; });
    return found == rows.end() ? Operator::Other : found->value;
}

struct Spelled {
    std::string_view text;
    Operator value;
};

constexpr std::array<Spelled, 10> binary_text = {{
    {"*", Operator::Multiply},
    {"+", Operator::Add},
    {"-", Operator::Subtract},
    {"<", Operator::Less},
    {"==", Operator::Compare},
    {"!=", Operator::Compare},
    {"&&", Operator::Join},
    {"||", Operator::Join},
    {"=", Operator::Assign},
    {",", Operator::Comma},
}};
constexpr std::array<Spelled, 5> unary_text = {{
    {"&", Operator::Address},
    {"*", Operator::Dereference},
    {"++", Operator::Change},
    {"--", Operator::Change},
    {"!", Operator::Not},
}};

template <std::size_t N>
Operator find_text(const std::array<Spelled, N>& rows, std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return Operator::Other;
    text = text.substr(first, text.find_last_not_of(blanks) + 1 - first);
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Spelled& row) { return row.text == text; });
    return found == rows.end() ? Operator::Other : found->value;
}

int find_kind(const Unit& unit, Cursor expression) { return unit.api.getCanonicalType(unit.api.getCursorType(expression)).kind; }

}  // namespace

std::vector<Cursor> list_children(const Unit& unit, Cursor cursor) {
    std::vector<Cursor> out;
    unit.visit_children(cursor, [&](Cursor child) {
        out.push_back(child);
        return visit_next;
    });
    return out;
}

Operator find_operator(Unit& unit, Cursor expression, const std::vector<Cursor>& children) {
    const bool is_binary = expression.kind == cursor_binary;
    if (children.size() != (is_binary ? 2u : 1u)) return Operator::Other;
    if (is_binary) {
        if (unit.api.getCursorBinaryOperatorKind != nullptr) return find_row(binary, unit.api.getCursorBinaryOperatorKind(expression));
        return find_text(binary_text, unit.text_between(unit.end(children[0]), unit.begin(children[1])));
    }
    if (unit.api.getCursorUnaryOperatorKind != nullptr) return find_row(unary, unit.api.getCursorUnaryOperatorKind(expression));
    const Operator before = find_text(unary_text, unit.text_between(unit.begin(expression), unit.begin(children[0])));
    return before != Operator::Other ? before : find_text(unary_text, unit.text_between(unit.end(children[0]), unit.end(expression)));
}

Cursor strip_casts(const Unit& unit, Cursor expression) {
    while (expression.kind == cursor_parenthesis || expression.kind == cursor_unexposed_expression || expression.kind == cursor_cast) {
        std::vector<Cursor> children = list_children(unit, expression);
        // A cast's first children name its type.
        std::erase_if(children, [](Cursor child) { return child.kind < cursor_first_expression || child.kind > cursor_last_expression; });
        if (children.size() != 1) break;
        expression = children[0];
    }
    return expression;
}

bool is_pointer(const Unit& unit, Cursor expression) { return find_kind(unit, expression) == type_pointer; }

bool is_array(const Unit& unit, Cursor expression) { return is_array_kind(find_kind(unit, expression)); }

}  // namespace ndcall::clang
