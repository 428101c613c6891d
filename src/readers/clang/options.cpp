#include "readers/clang/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string_view>

namespace ndcall::clang {

namespace {

// "-I": `-Ifolder` or `-I folder`. "-std=": only joined.
constexpr std::array<std::string_view, 13> with_value = {
    "-D",       "-U",       "-I",        "-x",        "-isystem", "-iquote",      "-idirafter",
    "-include", "-imacros", "--sysroot", "-isysroot", "-target",  "-iwithprefix",
};
constexpr std::array<std::string_view, 10> joined = {
    "-std=", "--std=", "--sysroot=", "--target=", "-march=", "-mcpu=", "-mabi=", "-mfloat-abi=", "-fvisibility=", "-fpack-struct=",
};
constexpr std::array<std::string_view, 18> alone = {
    "-m32",          "-m64",          "-mx32",         "-ansi",           "-fshort-enums",    "-fno-short-enums",
    "-fshort-wchar", "-fpack-struct", "-fsigned-char", "-funsigned-char", "-fno-signed-char", "-fno-unsigned-char",
    "-fopenmp",      "-pthread",      "-nostdinc",     "-nostdlibinc",    "-undef",           "-fms-extensions",
};

class Words {
  public:
    Words(int count, char** words) : words_(words + 1, words + count) {}

    bool at_end() const { return at_ == words_.size(); }
    const std::string& next() { return words_[at_++]; }
    const std::string& value_of(const std::string& option) {
        if (at_end()) throw std::invalid_argument(option + " needs a value");
        return next();
    }
    unsigned number_of(const std::string& option) {
        const std::string& text = value_of(option);
        unsigned value = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        if (read.ec != std::errc() || read.ptr != text.data() + text.size()) throw std::invalid_argument(option + " needs a number");
        return value;
    }
    std::vector<std::string> rest() { return {words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end()}; }

  private:
    std::vector<std::string> words_;
    std::size_t at_ = 0;
};

Scope find_scope(const std::string& name) {
    constexpr std::array<std::pair<std::string_view, Scope>, 3> scopes = {
        {{"main", Scope::Main}, {"user", Scope::User}, {"all", Scope::All}}};
    const auto found = std::find_if(scopes.begin(), scopes.end(), [&](const auto& row) { return row.first == name; });
    if (found == scopes.end()) throw std::invalid_argument("--scope is main, user or all");
    return found->second;
}

}  // namespace

std::vector<std::string> select_arguments(const std::vector<std::string>& arguments) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        const auto begins = [&](std::string_view option) { return word.starts_with(option); };
        if (std::find(with_value.begin(), with_value.end(), word) != with_value.end()) {
            if (i + 1 == arguments.size()) break;
            out.push_back(word);
            out.push_back(arguments[++i]);
        } else if (std::find(alone.begin(), alone.end(), word) != alone.end() || std::any_of(joined.begin(), joined.end(), begins)) {
            out.push_back(word);
        } else if (word.size() > 2 && (begins("-D") || begins("-U") || begins("-I") || begins("-isystem") || begins("-iquote"))) {
            out.push_back(word);
        }
    }
    return out;
}

Options parse_options(int count, char** words_given) {
    Options out;
    Words words(count, words_given);
    while (!words.at_end()) {
        const std::string& word = words.next();
        if (word == "--") {
            out.arguments = select_arguments(words.rest());
            break;
        }
        if (word == "--libclang") {
            out.libclang = words.value_of(word);
        } else if (word == "--scope") {
            out.scope = find_scope(words.value_of(word));
        } else if (word == "--probe-macros") {
            out.probes_macros = true;
        } else if (word == "--only") {
            out.only.push_back(words.value_of(word));
        } else if (word == "--stdin-name") {
            out.stdin_name = words.value_of(word);
        } else if (word == "--cpu-seconds") {
            out.cpu_seconds = words.number_of(word);
        } else if (word == "--memory-mb") {
            out.memory_mb = words.number_of(word);
        } else if (word.starts_with("-")) {
            throw std::invalid_argument("unknown option " + word);
        } else {
            out.files.push_back(word);
        }
    }
    const bool names_stdin = std::find(out.files.begin(), out.files.end(), out.stdin_name) != out.files.end();
    if (!out.stdin_name.empty() && !names_stdin) out.files.push_back(out.stdin_name);
    if (out.libclang.empty()) throw std::invalid_argument("--libclang PATH is needed");
    if (out.files.empty()) throw std::invalid_argument("no file to read");
    return out;
}

}  // namespace ndcall::clang
