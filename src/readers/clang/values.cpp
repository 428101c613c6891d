#include "readers/clang/values.hpp"

#include <algorithm>
#include <charconv>

namespace ndcall::clang {

namespace {

constexpr std::string_view probe_name = "ndcall_value_of_";

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
    entry.symbol = unit_.take(api.Cursor_getMangling(cursor));
    if (entry.symbol.empty()) entry.symbol = entry.name;
    tags_.suggest(unit_.find_base(api.getCursorType(cursor)), entry.name);
    ReadType type = types_.read(api.getCursorType(cursor), cursor);
    entry.type = type.type;
    entry.location = unit_.location(cursor);
    entry.is_static = api.getCursorLinkage(cursor) == linkage_internal;
    entry.is_thread_local = api.getCursorTLSKind(cursor) != 0;
    entry.comment = unit_.read_comment(cursor, nullptr);
    entry.invalid = std::move(type.invalid);
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

void ValueReader::read_macro(Cursor cursor) {
    const Api& api = unit_.api;
    if (api.Cursor_isMacroFunctionLike(cursor) != 0 || api.Cursor_isMacroBuiltin(cursor) != 0) return;
    const std::string name = unit_.spelling(cursor);
    const std::string_view text = unit_.text_between(unit_.begin(cursor), unit_.end(cursor));
    if (text.size() <= name.size() || !macro_names_.insert(name).second) return;  // an empty macro, or one that is known
    macros_.push_back({name, unit_.location(cursor)});
}

std::string ValueReader::print_probes() const {
    std::string out;
    for (std::size_t i = 0; i < macros_.size(); ++i) {
        // One macro on each line: what is no expression gives an error on its own line only. `+ 0` turns a string into a pointer, the only
        // form of it that libclang 14 evaluates, and only without parentheses.
        const std::string& name = macros_[i].name;
        out += "static const __typeof__((" + name + ") + 0) " + std::string(probe_name) + std::to_string(i) + " = " + name + ";\n";
    }
    return out;
}

void ValueReader::read_probe(const Unit& probes, Errors& errors, Cursor variable) {
    const std::string name = probes.spelling(variable);
    if (!name.starts_with(probe_name) || !errors.find_in(variable).empty()) return;
    std::size_t index = 0;
    const auto read = std::from_chars(name.data() + probe_name.size(), name.data() + name.size(), index);
    if (read.ec != std::errc() || index >= macros_.size()) return;
    add_constant(probes, variable, macros_[index].name, macros_[index].location);
}

}  // namespace ndcall::clang
