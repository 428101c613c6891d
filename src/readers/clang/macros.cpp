#include "readers/clang/macros.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "declaration/scanner.hpp"
#include "readers/clang/functions.hpp"

namespace ndcall::clang {

namespace {

constexpr std::string_view probe_name = "ndcall_value_of_";
constexpr unsigned deepest_macro = 200;

constexpr std::array<std::string_view, 22> words_of_c = {
    "char",   "short", "int",  "long",   "float", "double",   "signed",        "unsigned",    "void",     "const",      "volatile",
    "struct", "union", "enum", "sizeof", "_Bool", "_Complex", "__extension__", "__alignof__", "_Alignof", "__signed__", "__int128",
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// Behind the string, character or number that begins here; `at` itself when none does.
std::size_t skip_literal(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    if (text[at] == '"' || text[at] == '\'') {
        while (end < text.size() && text[end] != text[at]) end += text[end] == '\\' ? 2 : 1;
        return std::min(end + 1, text.size());
    }
    const bool is_number = is_digit(text[at]) || (text[at] == '.' && end < text.size() && is_digit(text[end]));
    if (!is_number) return at;
    while (end < text.size() && (is_name(text[end]) || text[end] == '.')) ++end;
    return end;
}

// Calls `visit` with each identifier outside of literals. Comments are not recognised: a word in one only costs time.
template <class Visit>
void visit_names(std::string_view text, Visit visit) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t behind = skip_literal(text, at);
        std::size_t end = behind;
        while (end == behind && behind == at && end < text.size() && is_name(text[end])) {
            while (end < text.size() && is_name(text[end])) ++end;
            visit(text.substr(at, end - at));
        }
        at = std::max(end, at + 1);
    }
}

// `c ## UL`: the name that comes of it is known only where the macro is used; mostly it is a number.
bool is_pasted(std::string_view text, std::size_t begin, std::size_t end) {
    const std::size_t before = text.substr(0, begin).find_last_not_of(" \t");
    const std::size_t behind = text.find_first_not_of(" \t", end);
    return (before != std::string_view::npos && text[before] == '#') ||
           (behind != std::string_view::npos && text.substr(behind, 2) == "##");
}

}  // namespace

MacroReader::Macro MacroReader::make_macro(Cursor definition) {
    Macro out;
    out.name = unit_.spelling(definition);
    const Position begin = unit_.begin(definition);
    out.is_builtin = begin.file == nullptr || unit_.api.Cursor_isMacroBuiltin(definition) != 0;
    out.is_function_like = unit_.api.Cursor_isMacroFunctionLike(definition) != 0;
    const std::string_view text = unit_.text_between(begin, unit_.end(definition));
    if (text.size() > out.name.size()) out.text = text.substr(out.name.size());
    return out;
}

void MacroReader::keep(Macro&& macro) {
    const auto [found, is_new] = macros_.try_emplace(macro.name);
    found->second = std::move(macro);  // the last definition counts
}

void MacroReader::add(Cursor definition, bool is_wanted) {
    if (!is_wanted) {
        others_.push_back(definition);
        return;
    }
    Macro macro = make_macro(definition);
    macro.location = unit_.location(definition);
    const bool is_empty = macro.text.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (!macro.is_function_like && !macro.is_builtin && !is_empty && !macros_.contains(macro.name)) wanted_.push_back(macro.name);
    keep(std::move(macro));
}

MacroReader::Macro* MacroReader::find(const std::string& name) {
    auto found = macros_.find(name);
    if (found == macros_.end() && !others_.empty()) {
        for (const Cursor definition : others_) {
            Macro macro = make_macro(definition);
            if (!macros_.contains(macro.name)) keep(std::move(macro));
        }
        others_.clear();
        found = macros_.find(name);
    }
    return found == macros_.end() ? nullptr : &found->second;
}

void MacroReader::note_name(Macro& macro, const std::string& name, unsigned depth) {
    if (name.starts_with("__builtin_") || std::find(words_of_c.begin(), words_of_c.end(), name) != words_of_c.end()) return;
    Macro* part = find(name);
    if (part == nullptr) {
        macro.foreign.insert(name);
        return;
    }
    const State state = classify(*part, depth + 1);
    if (state == State::NoValue || (state == State::Foreign && macro.state != State::NoValue)) macro.state = state;
    macro.foreign.insert(part->foreign.begin(), part->foreign.end());
}

// Plain: literals, words of C and plain macros only. Foreign: the file itself must be there, because a name is declared in it, or because a
// macro is undefined or defined anew on the way.
MacroReader::State MacroReader::classify(Macro& macro, unsigned depth) {
    if (macro.state != State::New) return macro.state;
    if (macro.is_builtin) return macro.state = State::Plain;
    if (depth > deepest_macro) return macro.state = State::NoValue;
    macro.state = State::Open;
    std::unordered_set<std::string> parameters;
    std::string_view text = macro.text;
    if (macro.is_function_like) {
        const std::size_t close = std::min(text.find(')'), text.size());
        visit_names(text.substr(0, close), [&](std::string_view name) { parameters.emplace(name); });
        text.remove_prefix(close);
    }
    visit_names(text, [&](std::string_view name) {
        std::string key(name);
        const auto at = static_cast<std::size_t>(name.data() - text.data());
        if (!parameters.contains(key) && !is_pasted(text, at, at + name.size())) note_name(macro, key, depth);
    });
    if (undefined_.contains(macro.name) && macro.state == State::Open) macro.state = State::Foreign;
    if (macro.state == State::Open) macro.state = macro.foreign.empty() ? State::Plain : State::Foreign;
    return macro.state;
}

void MacroReader::list_declared() {
    unit_.visit_children(unit_.api.getTranslationUnitCursor(unit_.tu), [&](Cursor child) {
        const bool is_value = child.kind == cursor_enum_constant, is_enum = child.kind == cursor_enum;
        const bool is_type = child.kind == cursor_typedef || child.kind == cursor_struct || child.kind == cursor_union || is_enum;
        if (is_type || is_value) declared_.emplace(unit_.spelling(child), is_value);
        return is_enum || child.kind == cursor_linkage || child.kind == cursor_unexposed ? visit_inside : visit_next;
    });
}

// Another name of a function or type has none: `#define CBLAS_INDEX size_t`.
bool MacroReader::may_have_value(const Macro& macro) {
    if (macro.state == State::NoValue) return false;
    if (macro.foreign.empty()) return true;
    if (declared_.empty()) list_declared();
    bool has_value = macro.text.find('(') != std::string_view::npos;  // of a cast, or sizeof
    for (const std::string& name : macro.foreign) {
        const auto found = declared_.find(name);
        if (found == declared_.end()) return false;
        has_value |= found->second;
    }
    return has_value;
}

void MacroReader::find_undefined(const std::vector<File>& files) {
    constexpr std::string_view word = "undef";
    for (File file : files) {
        const std::string_view text = unit_.contents(file);
        for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
            std::size_t begin = std::min(text.find_first_not_of(" \t", at + word.size()), text.size());
            std::size_t end = begin;
            while (end < text.size() && is_name(text[end])) ++end;
            undefined_.emplace(text.substr(begin, end - begin));
        }
    }
}

MacroReader::Probes MacroReader::print_probes(const std::vector<File>& files) {
    Probes out;
    if (wanted_.empty()) return out;
    find_undefined(files);
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        Macro& macro = macros_.at(wanted_[i]);
        const State state = classify(macro, 0);
        if (macro.is_function_like || !may_have_value(macro)) continue;
        // One macro on each line: what is no expression gives an error on its own line only. `+ 0` turns a string into a pointer, the only
        // form of it that libclang 14 evaluates, and only without parentheses.
        std::string& text = state == State::Plain ? out.alone : out.behind_file;
        text +=
            "static const __typeof__((" + macro.name + ") + 0) " + std::string(probe_name) + std::to_string(i) + " = " + macro.name + ";\n";
    }
    if (out.alone.empty()) return out;
    std::string definitions;
    for (const auto& [name, macro] : macros_) {
        if (macro.state == State::Plain && !macro.is_builtin) definitions += "#define " + name + std::string(macro.text) + "\n";
    }
    out.alone.insert(0, definitions);
    return out;
}

std::string MacroReader::find_renamed(const std::string& name) const {
    std::string out = name;
    for (unsigned depth = 0; depth < deepest_macro; ++depth) {
        const auto macro = macros_.find(out);
        if (macro == macros_.end()) return out;
        std::string next = print_one_line(macro->second.text);
        if (macro->second.is_function_like || !is_identifier(next)) return {};
        out = std::move(next);
    }
    return {};
}

void MacroReader::add_names_of_functions() {
    Declarations& out = unit_.declarations;
    out.index_names();
    std::vector<FunctionDeclaration> renamed;
    for (const std::string& name : wanted_) {
        const FunctionDeclaration* function = out.find_function(find_renamed(name));
        if (function == nullptr || out.find_function(name) != nullptr) continue;
        renamed.push_back(*function);
        renamed.back().name = name;
        renamed.back().location = macros_.at(name).location;
    }
    out.functions.insert(out.functions.end(), std::make_move_iterator(renamed.begin()), std::make_move_iterator(renamed.end()));
}

void MacroReader::read_probe(const Unit& probes, Errors& errors, Cursor variable, ValueReader& values) const {
    const std::string name = probes.spelling(variable);
    if (!name.starts_with(probe_name) || !errors.find_in(variable).empty()) return;
    std::size_t index = 0;
    const auto read = std::from_chars(name.data() + probe_name.size(), name.data() + name.size(), index);
    if (read.ec != std::errc() || index >= wanted_.size()) return;
    values.add_constant(probes, variable, wanted_[index], macros_.at(wanted_[index]).location);
}

}  // namespace ndcall::clang
