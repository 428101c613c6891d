#include <set>

#include "contract/entry.hpp"
#include "declaration/scanner.hpp"
#include "declaration/text.hpp"
#include "declaration/type_text.hpp"
#include "saved/prune.hpp"
#include "saved/saved.hpp"

namespace ndcall {

namespace {

// Every word of a contract that could be a function's name.
std::set<std::string> list_words(std::string_view text) {
    std::set<std::string> words;
    for (Scanner scanner(text, ""); !scanner.at_end();) {
        const std::string_view word = scanner.take_word();
        if (word.empty())
            scanner.take(text.substr(scanner.position(), 1));
        else
            words.emplace(word);
    }
    return words;
}

// Which functions travel: the selected ones, and whatever the lines of these name.
class Closure {
  public:
    Closure(const Registry& registry, const std::function<bool(const std::string&)>& selected) : registry_(registry) {
        for (const FunctionDeclaration& function : registry.declarations().functions)
            if (selected(function.name)) names_.insert(function.name);
        while (add_named()) continue;
    }

    bool has(const std::string& name) const { return names_.count(name) != 0; }

  private:
    // True when something was added.
    bool add_named() {
        const std::size_t before = names_.size();
        for (const auto& line : registry_.list_lines([this](const std::string& name) { return has(name); }))
            for (const Entry* entry : line)
                for (const std::string& word : list_words(entry->source))
                    if (registry_.declarations().find_function(word)) names_.insert(word);
        return names_.size() > before;
    }

    const Registry& registry_;
    std::set<std::string> names_;
};

void refuse_mistakes(const Registry& registry, const Closure& kept) {
    std::string text;
    for (const FunctionDeclaration& function : registry.declarations().functions)
        if (const std::string* mistake = kept.has(function.name) ? registry.find_mistake(function.name) : nullptr) text += "\n" + *mistake;
    if (text.empty()) return;
    throw BindFailure("contracts that are wrong cannot be saved\n  fix       mend them, or leave their functions out with exclude=" + text,
                      "");
}

void append_file(std::string& out, const SavedFile& file) {
    out += file.is_beside ? "library file " : "library named ";
    append_string(out, file.name);
    if (file.is_beside) {
        out += " sha256 " + file.proof;
    } else if (!file.proof.empty()) {
        append_string(out += " soname ", file.proof);
    }
    out += '\n';
}

// Continuation lines keep their place to the right of the line they belong to.
void append_contracts(std::string& out, const std::vector<std::vector<const Entry*>>& lines) {
    if (!lines.empty()) out += "contracts\n";
    for (const auto& members : lines) {
        out += "  ";
        for (const char c : print_as_written(members)) out += c == '\n' ? "\n  " : std::string(1, c);
        out += '\n';
    }
}

}  // namespace

std::string print_saved(const std::vector<SavedFile>& files, const Registry& registry,
                        const std::function<bool(const std::string&)>& selected) {
    const Closure closure(registry, selected);
    refuse_mistakes(registry, closure);
    const auto kept = [&](const std::string& name) { return closure.has(name); };
    const Declarations declarations = prune(registry.declarations(), kept);
    std::string out = "ndcall saved 1\n";
    for (const SavedFile& file : files) append_file(out, file);
    std::string hidden;
    for (const FunctionDeclaration& function : declarations.functions)
        if (!selected(function.name)) append_name(hidden += ' ', function.name);
    if (!hidden.empty()) out += "hidden" + hidden + "\n";
    append_contracts(out, registry.list_lines(kept));
    return out += print_declarations(declarations);
}

}  // namespace ndcall
