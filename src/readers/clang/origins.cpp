#include "readers/clang/origins.hpp"

#include <algorithm>

namespace ndcall::clang {

namespace {

// More rounds are needed only by longer chains of aliases that stand in reverse order.
constexpr int most_rounds = 8;

// Null pointers do not count as another thing to point to.
bool is_null(const Unit& unit, Cursor expression) { return strip_casts(unit, expression).kind == cursor_integer_literal; }

std::optional<Path> join(const std::optional<Path>& a, const std::optional<Path>& b) {
    if (!a || !b) return a ? a : b;
    return *a == *b ? *a : Path();
}

}  // namespace

Origins::Origins(Unit& unit, Cursor function, Cursor body) : unit_(unit) {
    const int count = std::max(unit.api.Cursor_getNumArguments(function), 0);
    for (int i = 0; i < count; ++i) {
        const Cursor parameter = unit.api.Cursor_getArgument(function, static_cast<unsigned>(i));
        const std::string name = unit.spelling(parameter);
        if (!name.empty()) parameters_.emplace(parameter.data[0], name);
    }
    collect(body, 0);
    settle();
}

bool Origins::is_parameter(Cursor reference) const { return parameters_.contains(unit_.api.getCursorReferenced(reference).data[0]); }

bool Origins::is_replaced(const Path& path) const { return std::find(replaced_.begin(), replaced_.end(), path) != replaced_.end(); }

void Origins::collect_assignment(Cursor target, Cursor value) {
    target = strip_casts(unit_, target);
    if (!is_pointer(unit_, target)) return;
    if (target.kind == cursor_reference) {
        variables_[unit_.api.getCursorReferenced(target).data[0]].values.push_back(value);
    } else if (target.kind == cursor_member) {
        member_stores_.emplace_back(target, value);
    }
}

void Origins::collect(Cursor cursor, unsigned depth) {
    if (depth > deepest_expression) return;
    const std::vector<Cursor> children = list_children(unit_, cursor);
    if (cursor.kind == cursor_variable && !children.empty() && children.back().kind >= cursor_first_expression &&
        children.back().kind <= cursor_last_expression && is_pointer(unit_, cursor)) {
        variables_[cursor.data[0]].values.push_back(children.back());
    }
    if (cursor.kind == cursor_binary && find_operator(unit_, cursor, children) == Operator::Assign)
        collect_assignment(children[0], children[1]);
    if (cursor.kind == cursor_unary && find_operator(unit_, cursor, children) == Operator::Address) {
        // Who has a pointer's address may set it.
        const Cursor target = strip_casts(unit_, children[0]);
        if (target.kind == cursor_reference && is_pointer(unit_, target))
            variables_[unit_.api.getCursorReferenced(target).data[0]].path = Path();
    }
    for (const Cursor child : children) collect(child, depth + 1);
}

void Origins::settle() {
    for (auto& [declaration, variable] : variables_) {
        const auto parameter = parameters_.find(declaration);
        if (parameter != parameters_.end() && !variable.path) variable.path = parameter->second;
    }
    bool again = true;
    for (int round = 0; again && round < most_rounds; ++round) {
        again = false;
        for (auto& [declaration, variable] : variables_) {
            std::optional<Path> path = variable.path;
            for (const Cursor value : variable.values) {
                if (!is_null(unit_, value)) path = join(path, find_path(value));
            }
            if (path == variable.path) continue;
            variable.path = path;
            again = true;
        }
    }
    if (again) {
        for (auto& [declaration, variable] : variables_) variable.path = Path();
    }
    for (const auto& [target, value] : member_stores_) {
        const std::optional<Path> path = find_member(target, true);
        if (path && find_path(value) != path) replaced_.push_back(*path);
    }
}

Path Origins::find_pointee(Cursor expression) { return find_path(expression).value_or(Path()); }

std::optional<Path> Origins::find_reference(Cursor expression) {
    const void* declaration = unit_.api.getCursorReferenced(expression).data[0];
    const auto variable = variables_.find(declaration);
    if (variable != variables_.end()) return variable->second.path;
    const auto parameter = parameters_.find(declaration);
    return parameter != parameters_.end() ? parameter->second : Path();
}

std::optional<Path> Origins::find_binary(Cursor expression) {
    const std::vector<Cursor> children = list_children(unit_, expression);
    const Operator op = find_operator(unit_, expression, children);
    if (op == Operator::Assign || op == Operator::Comma) return find_path(children[1]);
    if (op != Operator::Add && op != Operator::Subtract) return Path();
    return find_path(is_pointer(unit_, children[0]) || is_array(unit_, children[0]) ? children[0] : children[1]);
}

std::optional<Path> Origins::find_unary(Cursor expression) {
    const std::vector<Cursor> children = list_children(unit_, expression);
    switch (find_operator(unit_, expression, children)) {
        case Operator::Address: return find_owner(children[0]);
        case Operator::Change:
        case Operator::Dereference: return find_path(children[0]);  // a row counts as the memory of its table
        default: return Path();
    }
}

// x->m and s.m: an array lies in the same memory as the struct, what a pointer leads to is told by its name.
std::optional<Path> Origins::find_member(Cursor expression, bool wants_pointee) {
    const std::vector<Cursor> children = list_children(unit_, expression);
    if (children.empty()) return Path();
    const Cursor base = children[0];
    Path path;
    if (is_pointer(unit_, base) || is_array(unit_, base)) {
        path = find_pointee(base);
    } else {
        const Cursor object = strip_casts(unit_, base);
        const bool is_by_value = object.kind == cursor_reference && is_parameter(object);
        path = is_by_value && wants_pointee ? parameters_.at(unit_.api.getCursorReferenced(object).data[0]) : find_owner(base);
    }
    if (path.empty() || !wants_pointee) return path;
    const std::string name = unit_.spelling(expression);
    return name.empty() ? Path() : path + "." + name;
}

std::optional<Path> Origins::find_path(Cursor expression) {
    if (depth_ >= deepest_expression) return Path();
    ++depth_;
    std::optional<Path> path = find_path_below(expression);
    --depth_;
    return path;
}

std::optional<Path> Origins::find_path_below(Cursor expression) {
    expression = strip_casts(unit_, expression);
    if (is_array(unit_, expression) && expression.kind != cursor_reference) return find_owner(expression);
    switch (expression.kind) {
        case cursor_reference: return find_reference(expression);
        case cursor_binary: return find_binary(expression);
        case cursor_unary: return find_unary(expression);
        case cursor_compound_assignment: {
            const std::vector<Cursor> children = list_children(unit_, expression);
            return children.empty() ? Path() : find_path(children[0]);
        }
        case cursor_subscript: {
            const std::vector<Cursor> children = list_children(unit_, expression);
            return children.empty() ? Path() : find_path(children[0]);  // a row counts as the memory of its table
        }
        case cursor_member: return find_member(expression, true);
        case cursor_conditional: {
            const std::vector<Cursor> children = list_children(unit_, expression);
            if (children.size() != 3) return Path();
            const std::optional<Path> then = is_null(unit_, children[1]) ? std::nullopt : find_path(children[1]);
            return join(then, is_null(unit_, children[2]) ? std::nullopt : find_path(children[2]));
        }
        default: return Path();
    }
}

Path Origins::find_owner(Cursor expression) {
    expression = strip_casts(unit_, expression);
    const std::vector<Cursor> children = list_children(unit_, expression);
    if (children.empty()) return {};
    switch (expression.kind) {
        case cursor_subscript: {
            const Cursor base = is_pointer(unit_, children[0]) || is_array(unit_, children[0]) ? children[0] : children.back();  // i[x]
            return find_pointee(base);
        }
        case cursor_unary: return find_operator(unit_, expression, children) == Operator::Dereference ? find_pointee(children[0]) : Path();
        case cursor_member: return find_member(expression, false).value_or(Path());
        default: return {};
    }
}

}  // namespace ndcall::clang
