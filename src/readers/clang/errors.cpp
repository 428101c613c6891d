#include "readers/clang/errors.hpp"

namespace ndcall::clang {

Errors::Errors(Unit& unit) : unit_(unit) {
    const unsigned count = unit.api.getNumDiagnostics(unit.tu);
    for (unsigned i = 0; i < count; ++i) {
        Diagnostic diagnostic = unit.api.getDiagnostic(unit.tu, i);
        if (unit.api.getDiagnosticSeverity(diagnostic) >= severity_error) {
            Error error{unit.take(unit.api.getDiagnosticSpelling(diagnostic)), unit.position(unit.api.getDiagnosticLocation(diagnostic))};
            const std::pair key(error.position.file, error.position.offset);
            errors_.try_emplace(key, std::move(error));
        }
        unit.api.disposeDiagnostic(diagnostic);
    }
}

std::string Errors::find_between(const Position& first, const Position& last) {
    if (errors_.empty()) return {};
    const auto found = errors_.lower_bound({first.file, first.offset});
    if (found == errors_.end() || found->first.first != first.file || found->first.second > last.offset) return {};
    found->second.is_told = true;
    return found->second.message + " (line " + std::to_string(found->second.position.line) + ")";
}

std::string Errors::find_in(Cursor declaration) {
    if (errors_.empty()) return {};
    Position first = unit_.begin(declaration), last = unit_.end(declaration);
    if (first.file == nullptr) first = last = unit_.name_position(declaration);  // an invalid declaration may have no extent
    const std::string_view text = unit_.contents(last.file);
    while (last.offset < text.size() && std::string_view(";{}").find(text[last.offset]) == std::string_view::npos) ++last.offset;
    return find_between(first, last);
}

std::string Errors::find_before_body(Cursor function, const Position& body) { return find_between(unit_.begin(function), body); }

std::vector<std::string> Errors::list_untold() const {
    std::vector<std::string> out;
    for (const auto& [key, error] : errors_) {
        if (error.is_told) continue;
        const std::string file = error.position.file == nullptr ? "" : unit_.take(unit_.api.getFileName(error.position.file));
        out.push_back(file + ":" + std::to_string(error.position.line) + ": " + error.message);
    }
    return out;
}

}  // namespace ndcall::clang
