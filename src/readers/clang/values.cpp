#include "readers/clang/values.hpp"

#include <algorithm>

namespace ndcall::clang {

namespace {

enum : int { value_integer = 1, value_real = 2, value_text = 4 };

}  // namespace

void ValueReader::add_constant(const Unit& unit, Cursor variable, const std::string& name, const Location& location) {
    const Api& api = unit.api;
    EvalResult value = api.Cursor_Evaluate(variable);
    if (value == nullptr) return;
    ConstantDeclaration entry;
    entry.name = name;
    entry.location = location;
    const int kind = api.EvalResult_getKind(value);
    if (kind == value_integer && api.EvalResult_isUnsignedInt(value) != 0) {
        const std::uint64_t natural = api.EvalResult_getAsUnsigned(value);
        entry.value = natural;
        if (natural <= INT64_MAX) entry.value = static_cast<std::int64_t>(natural);
    } else if (kind == value_integer) {
        entry.value = std::int64_t{api.EvalResult_getAsLongLong(value)};
    } else if (kind == value_real) {
        entry.value = api.EvalResult_getAsDouble(value);
    } else if (kind == value_text && api.EvalResult_getAsStr(value) != nullptr) {
        entry.value = std::string(api.EvalResult_getAsStr(value));
    }
    api.EvalResult_dispose(value);
    const bool known = kind == value_integer || kind == value_real || kind == value_text;
    if (known && constants_.insert(name).second) unit_.declarations.constants.push_back(std::move(entry));
}

void ValueReader::read_variable(Cursor cursor) {
    const Api& api = unit_.api;
    VariableDeclaration entry;
    entry.name = unit_.spelling(cursor);
    entry.symbol = unit_.read_symbol(cursor, entry.name, entry.invalid);
    tags_.suggest(unit_.find_base(api.getCursorType(cursor)), entry.name);
    ReadType type = types_.read(api.getCursorType(cursor), cursor);
    entry.type = type.type;
    entry.location = unit_.location(cursor);
    entry.is_static = api.getCursorLinkage(cursor) == linkage_internal;
    entry.is_thread_local = api.getCursorTLSKind(cursor) != 0;
    entry.comment = unit_.read_comment(cursor, nullptr);
    if (entry.invalid.empty()) entry.invalid = std::move(type.invalid);
    if (entry.invalid.empty()) entry.invalid = errors_.find_in(cursor);
    if (entry.invalid.empty() && api.isInvalidDeclaration(cursor) != 0) entry.invalid = "it is not understood";
    if (entry.is_static && entry.type->is_const && entry.invalid.empty()) add_constant(unit_, cursor, entry.name, entry.location);
    auto& variables = unit_.declarations.variables;
    if (variables_.insert(entry.name).second) {
        variables.push_back(std::move(entry));
        return;
    }
    const auto known = std::find_if(variables.begin(), variables.end(), [&](const auto& one) { return one.name == entry.name; });
    if (known->invalid.empty()) known->invalid = entry.invalid;
    if (known->comment.empty()) known->comment = entry.comment;
    // `extern double a[];` may come before `double a[3];`.
    if (known->type->size == 0) known->type = entry.type;
}

}  // namespace ndcall::clang
