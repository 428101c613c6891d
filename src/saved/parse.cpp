#include <algorithm>
#include <array>

#include "declaration/scanner.hpp"
#include "declaration/text.hpp"
#include "saved/saved.hpp"

namespace ndcall {

namespace {

constexpr std::size_t most_files = 64, digest_digits = 64;
constexpr std::uint64_t version = 1, most_versions = 1u << 30;

class Parser {
  public:
    Parser(std::string_view text, std::string_view origin) : text_(text), origin_(origin), scanner_(text, origin) {}

    SavedLibrary parse() {
        read_version();
        std::uint32_t begin = scanner_.position();
        while (!scanner_.take("ndcall ")) {
            read_entry();
            begin = scanner_.position();
        }
        if (out_.files.empty()) scanner_.fail_at(begin, "no 'library' line stands above: which file has the functions?");
        out_.declarations = std::make_shared<const Declarations>(parse_declarations(text_, origin_, begin));
        if (out_.declarations->target.empty()) scanner_.fail_at(begin, "the declarations do not say for which machine: no 'target' line");
        check_hidden();
        return std::move(out_);
    }

  private:
    void read_version() {
        if (!scanner_.take("ndcall saved ")) scanner_.fail("this is no saved library: the first line is not 'ndcall saved 1'");
        const std::uint32_t at = scanner_.position();
        const std::uint64_t found = scanner_.read_unsigned(most_versions);
        if (found > version)
            scanner_.fail_at(at, "version " + std::to_string(found) + " of the format: a newer ndcall wrote it, this one reads version 1");
        if (found != version) scanner_.fail_at(at, "there is no version " + std::to_string(found) + " of the format");
        scanner_.end_line();
    }

    void read_entry() {
        static constexpr std::array<std::pair<std::string_view, void (Parser::*)()>, 3> entries = {{
            {"library", &Parser::read_library},
            {"hidden", &Parser::read_hidden},
            {"contracts", &Parser::read_contracts},
        }};
        const std::uint32_t begin = scanner_.position();
        if (scanner_.at_end()) scanner_.fail("the text was cut: its declarations are missing");
        const std::string_view word = scanner_.take_word();
        const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& row) { return row.first == word; });
        if (found == entries.end()) scanner_.fail_at(begin, "expected 'library', 'hidden', 'contracts' or 'ndcall declarations 1'");
        (this->*found->second)();
    }

    void read_library() {
        SavedFile file;
        file.is_beside = scanner_.take_keyword("file");
        if (!file.is_beside && !scanner_.take_keyword("named")) scanner_.fail("expected 'file' or 'named'");
        scanner_.skip_blanks();
        const std::uint32_t at = scanner_.position();
        file.name = scanner_.read_string();
        const bool is_plain = !file.name.empty() && file.name != "." && file.name != ".." && file.name.find('/') == std::string::npos;
        if (!is_plain) scanner_.fail_at(at, "a library is named without a folder");
        if (file.is_beside) {
            file.proof = read_digest();
        } else if (scanner_.take_keyword("soname")) {
            file.proof = scanner_.read_string();
        }
        for (const std::string& name : {file.name, file.proof})
            if (find_broken_utf8(name) != name.size()) scanner_.fail_at(at, "a library's name is UTF-8");
        scanner_.end_line();
        if (out_.files.size() == most_files) scanner_.fail_at(at, "more than 64 libraries");
        out_.files.push_back(std::move(file));
    }

    std::string read_digest() {
        if (!scanner_.take_keyword("sha256")) scanner_.fail("expected 'sha256'");
        scanner_.skip_blanks();
        const std::uint32_t at = scanner_.position();
        const std::string_view digest = scanner_.take_word();
        const bool is_digest = digest.size() == digest_digits && digest.find_first_not_of("0123456789abcdef") == std::string_view::npos;
        if (!is_digest) scanner_.fail_at(at, "expected the SHA-256 of the file: 64 hexadecimal digits");
        return std::string(digest);
    }

    void read_hidden() {
        for (scanner_.skip_blanks(); !scanner_.at_line_end(); scanner_.skip_blanks()) {
            hidden_at_.push_back(scanner_.position());
            out_.hidden.push_back(scanner_.read_word_or_string());
        }
        scanner_.end_line();
    }

    void check_hidden() const {
        for (std::size_t i = 0; i < out_.hidden.size(); ++i)
            if (!out_.declarations->find_function(out_.hidden[i]))
                scanner_.fail_at(hidden_at_[i], "no function '" + out_.hidden[i] + "' is declared here");
    }

    // Every line that begins with two blanks, and empty ones between them.
    void read_contracts() {
        if (out_.contracts_line != 1) scanner_.fail("the contracts are there twice");
        scanner_.end_line();
        const std::uint32_t begin = scanner_.position();
        out_.contracts_line = find_place(text_, begin).line;
        while (scanner_.take("  ") || (!scanner_.at_end() && scanner_.at_line_end())) {
            const std::size_t end = text_.find('\n', scanner_.position());
            if (end == std::string_view::npos) scanner_.fail("the text was cut: its declarations are missing");
            scanner_.take(text_.substr(scanner_.position(), end + 1 - scanner_.position()));
        }
        out_.contracts = text_.substr(begin, scanner_.position() - begin);
    }

    std::string_view text_, origin_;
    Scanner scanner_;
    SavedLibrary out_;
    std::vector<std::uint32_t> hidden_at_;
};

}  // namespace

SavedLibrary parse_saved(std::string_view text, std::string_view origin) {
    check_text(text, origin);
    return Parser(text, origin).parse();
}

Registry make_registry(const SavedLibrary& saved, const std::string& origin) {
    Registry registry(saved.declarations);
    registry.add_text(Rank::Saved, saved.contracts, origin, saved.contracts_line);
    return registry;
}

}  // namespace ndcall
