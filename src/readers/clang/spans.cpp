#include "readers/clang/spans.hpp"

#include <algorithm>

#include "readers/clang/origins.hpp"

namespace ndcall::clang {

namespace {

bool is_expression(Cursor cursor) { return cursor.kind >= cursor_first_expression && cursor.kind <= cursor_last_expression; }

}  // namespace

Spans::Spans(Unit& unit, Cursor function, Cursor body) : unit_(unit) {
    const int count = std::max(unit.api.Cursor_getNumArguments(function), 0);
    for (int i = 0; i < count; ++i) {
        const Cursor parameter = unit.api.Cursor_getArgument(function, static_cast<unsigned>(i));
        const std::string name = unit.spelling(parameter);
        if (!name.empty()) parameters_.emplace(parameter.data[0], name);
    }
    count_changes(body, 0);
    walk(body, 0);
    find_set_first(body);
}

void Spans::list_mentioned(Cursor cursor, std::set<std::string>& names, unsigned depth) const {
    if (depth > deepest_expression) return;
    if (cursor.kind == cursor_reference) names.insert(find_parameter(cursor));
    for (const Cursor child : list_children(unit_, cursor)) list_mentioned(child, names, depth + 1);
}

// The parameter whose value `*x = ...` or `x[0] = ...` sets as a whole; a member alone is not.
std::string Spans::find_set(Cursor statement, const std::vector<Cursor>& sides) {
    if (statement.kind != cursor_binary || find_operator(unit_, statement, sides) != Operator::Assign) return {};
    const Cursor target = strip_casts(unit_, sides[0]);
    const std::vector<Cursor> parts = list_children(unit_, target);
    const bool is_value = target.kind == cursor_unary && find_operator(unit_, target, parts) == Operator::Dereference;
    return (is_value || target.kind == cursor_subscript) && !parts.empty() ? find_parameter(parts[0]) : "";
}

// A statement of the body itself, no part of a loop or branch, that sets `*x` before any other speaks of x.
void Spans::find_set_first(Cursor body) {
    const std::map<std::string, Extents> known = list();
    std::set<std::string> mentioned;
    for (const Cursor statement : list_children(unit_, body)) {
        const std::vector<Cursor> sides = list_children(unit_, statement);
        const std::string name = find_set(statement, sides);
        const auto span = known.find(name);
        if (!name.empty() && span != known.end() && span->second.empty()) {
            list_mentioned(sides[1], mentioned, 0);
            if (!mentioned.contains(name)) set_first_.insert(name);
        }
        list_mentioned(statement, mentioned, 0);
    }
}

std::map<std::string, Spans::Extents> Spans::list() const {
    std::map<std::string, Extents> out;
    for (const auto& [name, known] : known_) {
        if (known.is_unknown) continue;
        if (known.extents && known.fixed <= 0) out[name] = *known.extents;
        if (!known.extents && known.fixed == 0) out[name] = {};
        if (!known.extents && known.fixed > 0) out[name] = {std::to_string(known.fixed + 1)};
    }
    return out;
}

const void* Spans::find_variable(Cursor expression) const {
    const Cursor bare = strip_casts(unit_, expression);
    return bare.kind == cursor_reference ? unit_.api.getCursorReferenced(bare).data[0] : nullptr;
}

std::string Spans::find_parameter(Cursor expression) const {
    const auto found = parameters_.find(find_variable(expression));
    return found == parameters_.end() ? "" : found->second;
}

bool Spans::is_null(Cursor expression) const { return strip_casts(unit_, expression).kind == cursor_integer_literal; }

// Who has a variable's address may change it.
void Spans::count_changes(Cursor cursor, unsigned depth) {
    if (depth > deepest_expression) return;
    const std::vector<Cursor> children = list_children(unit_, cursor);
    const bool is_operation = cursor.kind == cursor_binary || cursor.kind == cursor_unary;
    const Operator op = is_operation ? find_operator(unit_, cursor, children) : Operator::Other;
    const bool changes = op == Operator::Assign || op == Operator::Change || op == Operator::Address;
    if ((changes || cursor.kind == cursor_compound_assignment) && !children.empty())
        if (const void* variable = find_variable(children[0])) ++changes_[variable];
    const auto loop = cursor.kind == cursor_for ? read_loop(children) : std::nullopt;
    // A variable that counts two loops, one inside the other, is understood in neither: its changes stay unexplained.
    const bool is_inner =
        loop && std::any_of(loops_.begin(), loops_.end(), [&](const Loop& outer) { return outer.variable == loop->variable; });
    if (loop) loops_.push_back(*loop);
    for (const Cursor child : children) count_changes(child, depth + 1);
    if (loop) loops_.pop_back();
    if (loop && !is_inner) {
        const bool is_set = children[0].kind != cursor_declarations;  // `i = 0`, and the step
        header_changes_[loop->variable] += is_set ? 2 : 1;
    }
}

std::optional<long long> Spans::find_number(Cursor expression) {
    const Cursor bare = strip_casts(unit_, expression);
    if (bare.kind != cursor_integer_literal) return std::nullopt;
    const EvalResult result = unit_.api.Cursor_Evaluate(bare);
    if (result == nullptr) return std::nullopt;
    const long long value = unit_.api.EvalResult_getAsLongLong(result);
    unit_.api.EvalResult_dispose(result);
    return value < 0 ? std::nullopt : std::optional<long long>(value);
}

// `int i = 0` or `i = 0`.
std::optional<Spans::Loop> Spans::read_start(Cursor init) {
    const std::vector<Cursor> children = list_children(unit_, init);
    Loop loop;
    if (init.kind == cursor_declarations && children.size() == 1 && children[0].kind == cursor_variable) {
        const std::vector<Cursor> parts = list_children(unit_, children[0]);
        if (parts.empty() || !is_expression(parts.back())) return std::nullopt;
        const auto start = find_number(parts.back());
        if (!start) return std::nullopt;
        loop.variable = children[0].data[0];
        loop.start = *start;
        return loop;
    }
    if (init.kind != cursor_binary || find_operator(unit_, init, children) != Operator::Assign) return std::nullopt;
    const auto start = find_number(children[1]);
    if (!start) return std::nullopt;
    loop.variable = find_variable(children[0]);
    loop.start = *start;
    return loop;
}

// `i++`, `++i`, `i += 2`: never backwards.
bool Spans::counts_up(Cursor step, const void* variable) {
    const std::vector<Cursor> children = list_children(unit_, step);
    if (children.empty() || find_variable(children[0]) != variable) return false;
    const std::string_view text = unit_.text_between(unit_.begin(step), unit_.end(step));
    if (step.kind == cursor_unary) return text.find("++") != std::string_view::npos;
    return step.kind == cursor_compound_assignment && children.size() == 2 && text.find("+=") != std::string_view::npos &&
           find_number(children[1]).has_value();
}

// A parameter, what a parameter points to, or a number.
std::string Spans::read_bound(Cursor expression) {
    if (const auto number = find_number(expression)) return std::to_string(*number);
    Cursor bare = strip_casts(unit_, expression);
    if (bare.kind == cursor_unary) {
        const std::vector<Cursor> children = list_children(unit_, bare);
        if (find_operator(unit_, bare, children) != Operator::Dereference) return {};
        bare = strip_casts(unit_, children[0]);
    }
    const std::string name = find_parameter(bare);
    return name.empty() || changes_[find_variable(bare)] > 0 ? "" : name;
}

std::optional<Spans::Loop> Spans::read_loop(const std::vector<Cursor>& children) {
    if (children.size() != 4) return std::nullopt;  // a part is left out
    std::optional<Loop> loop = read_start(children[0]);
    if (!loop || loop->variable == nullptr || !counts_up(children[2], loop->variable)) return std::nullopt;
    const std::vector<Cursor> sides = list_children(unit_, children[1]);
    if (children[1].kind != cursor_binary || find_operator(unit_, children[1], sides) != Operator::Less) return std::nullopt;
    if (find_variable(sides[0]) != loop->variable) return std::nullopt;
    loop->bound = read_bound(sides[1]);
    return loop->bound.empty() ? std::nullopt : loop;
}

void Spans::walk_for(const std::vector<Cursor>& children, unsigned depth) {
    const auto loop = read_loop(children);
    const bool is_understood = loop && changes_[loop->variable] == header_changes_[loop->variable];
    for (std::size_t i = 0; i < children.size(); ++i) {
        const bool is_body = i == 3 && is_understood;
        if (is_body) loops_.push_back(*loop);
        walk(children[i], depth + 1);
        if (is_body) loops_.pop_back();
    }
}

const Spans::Loop* Spans::find_loop(Cursor expression) const {
    const void* variable = find_variable(expression);
    const auto found = std::find_if(loops_.begin(), loops_.end(), [&](const Loop& loop) { return loop.variable == variable; });
    return variable == nullptr || found == loops_.end() ? nullptr : &*found;
}

// `i`, `i - 1`, `i * n + j`.
std::optional<Spans::Access> Spans::read_index(Cursor expression) {
    if (const Loop* loop = find_loop(expression)) return Access{{loop->bound}, false};
    const Cursor bare = strip_casts(unit_, expression);
    if (bare.kind != cursor_binary) return std::nullopt;
    const std::vector<Cursor> sides = list_children(unit_, bare);
    const Operator op = find_operator(unit_, bare, sides);
    if (op == Operator::Add) return read_flat(bare);
    if (op != Operator::Subtract) return std::nullopt;
    const Loop* loop = find_loop(sides[0]);
    const auto back = find_number(sides[1]);
    if (loop == nullptr || !back || *back > loop->start) return std::nullopt;
    return Access{{loop->bound}, true};
}

// Of `outer * n + j` with `j < n`: the extents of outer, then n.
std::optional<Spans::Access> Spans::read_flat(Cursor sum) {
    const std::vector<Cursor> sides = list_children(unit_, sum);
    for (std::size_t at = 0; at < 2; ++at) {
        const Loop* inner = find_loop(sides[at]);
        const Cursor product = strip_casts(unit_, sides[1 - at]);
        if (inner == nullptr || product.kind != cursor_binary) continue;
        const std::vector<Cursor> factors = list_children(unit_, product);
        if (find_operator(unit_, product, factors) != Operator::Multiply) continue;
        for (std::size_t i = 0; i < 2; ++i) {
            if (read_bound(factors[i]) != inner->bound) continue;
            auto outer = read_index(factors[1 - i]);
            if (!outer || outer->is_weak) continue;
            outer->extents.push_back(inner->bound);
            return outer;
        }
    }
    return std::nullopt;
}

void Spans::add(const std::string& parameter, const Access& access) {
    Known& known = known_[parameter];
    if (!access.is_weak && !known.extents) known.extents = access.extents;
    if (!access.is_weak && known.extents != access.extents) known.is_unknown = true;
}

// x[i], x[i][j], *x, x->m. False: it is no element of a parameter.
bool Spans::walk_element(Cursor expression, unsigned depth) {
    std::vector<Cursor> indices;  // innermost first
    Cursor base = expression;
    while (base.kind == cursor_subscript) {
        const std::vector<Cursor> children = list_children(unit_, base);
        if (children.size() != 2) return false;
        indices.push_back(children[1]);
        base = strip_casts(unit_, children[0]);
    }
    if (indices.empty()) {
        const std::vector<Cursor> children = list_children(unit_, base);
        const bool is_arrow = base.kind == cursor_member && children.size() == 1 && is_pointer(unit_, children[0]);
        const bool is_value = base.kind == cursor_unary && find_operator(unit_, base, children) == Operator::Dereference;
        if (!is_arrow && !is_value) return false;
        base = strip_casts(unit_, children[0]);
    }
    const std::string parameter = find_parameter(base);
    if (parameter.empty() || changes_[find_variable(base)] > 0) return false;
    for (const Cursor index : indices) walk(index, depth + 1);
    Known& known = known_[parameter];
    if (indices.empty()) known.fixed = std::max(known.fixed, 0LL);
    if (indices.empty()) return true;
    Access whole;
    for (auto index = indices.rbegin(); index != indices.rend(); ++index) {
        const auto number = indices.size() == 1 ? find_number(*index) : std::nullopt;
        if (number) {
            known.fixed = std::max(known.fixed, *number);
            return true;
        }
        const auto access = read_index(*index);
        known.is_unknown |= !access;
        if (!access) return true;
        whole.extents.insert(whole.extents.end(), access->extents.begin(), access->extents.end());
        whole.is_weak |= access->is_weak;
    }
    add(parameter, whole);
    return true;
}

// Asking whether a pointer is NULL moves nothing.
void Spans::walk_condition(Cursor expression, unsigned depth) {
    if (depth > deepest_expression) return;
    const Cursor bare = strip_casts(unit_, expression);
    if (is_pointer(unit_, bare) && !find_parameter(bare).empty()) return;
    const std::vector<Cursor> children = list_children(unit_, bare);
    const bool is_operation = bare.kind == cursor_unary || bare.kind == cursor_binary;
    const Operator op = is_operation ? find_operator(unit_, bare, children) : Operator::Other;
    const bool compares_with_null = op == Operator::Compare && (is_null(children[0]) || is_null(children[1]));
    if (op != Operator::Not && op != Operator::Join && !compares_with_null) return walk(bare, depth + 1);
    for (const Cursor child : children) walk_condition(child, depth + 1);
}

void Spans::walk(Cursor cursor, unsigned depth) {
    if (depth > deepest_expression || cursor.kind == cursor_sizeof) return;
    if (is_expression(cursor) && walk_element(strip_casts(unit_, cursor), depth)) return;
    const std::vector<Cursor> children = list_children(unit_, cursor);
    if (cursor.kind == cursor_for) return walk_for(children, depth);
    if (cursor.kind == cursor_reference) {
        const std::string parameter = find_parameter(cursor);
        if (!parameter.empty()) known_[parameter].is_unknown = true;
        return;
    }
    const bool asks = cursor.kind == cursor_if || cursor.kind == cursor_conditional;
    for (std::size_t i = 0; i < children.size(); ++i) asks&& i == 0 ? walk_condition(children[i], depth + 1) : walk(children[i], depth + 1);
}

}  // namespace ndcall::clang
