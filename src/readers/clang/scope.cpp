#include "readers/clang/scope.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace ndcall::clang {

namespace {

constexpr std::array<std::string_view, 34> c_library = {
    "assert.h", "complex.h", "ctype.h",  "errno.h",  "fenv.h",        "float.h",    "inttypes.h", "iso646.h",    "limits.h",
    "locale.h", "math.h",    "memory.h", "setjmp.h", "signal.h",      "stdalign.h", "stdarg.h",   "stdatomic.h", "stdbool.h",
    "stddef.h", "stdint.h",  "stdio.h",  "stdlib.h", "stdnoreturn.h", "string.h",   "strings.h",  "tgmath.h",    "threads.h",
    "time.h",   "uchar.h",   "unistd.h", "wchar.h",  "wctype.h",      "malloc.h",   "features.h",
};

std::string_view file_name(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? "." : std::string(path.substr(0, slash));
}

bool is_below(std::string_view path, std::string_view folder) {
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

// Without "..", ".", and a slash at the end.
std::string normalize(const std::string& path) {
    std::string out = std::filesystem::path(path).lexically_normal().string();
    while (out.size() > 1 && out.back() == '/') out.pop_back();
    return out;
}

bool is_c_library(std::string_view path) { return std::find(c_library.begin(), c_library.end(), file_name(path)) != c_library.end(); }

}  // namespace

WantedFiles::WantedFiles(Unit& unit, File main, const Options& options) : unit_(unit), main_(main), scope_(options.scope) {
    system_folders_ = {"/usr/include", "/usr/local/include"};
    for (std::size_t i = 0; i < options.arguments.size(); ++i) {
        const std::string& word = options.arguments[i];
        const bool has_next = i + 1 < options.arguments.size();
        if (word == "-isystem" && has_next) system_folders_.push_back(normalize(options.arguments[i + 1]));
        if (word == "-I" && has_next) searched_folders_.push_back(normalize(options.arguments[i + 1]));
        if (word.size() > 2 && word.starts_with("-I")) searched_folders_.push_back(normalize(word.substr(2)));
    }
    searched_folders_.insert(searched_folders_.end(), system_folders_.begin(), system_folders_.end());
    const auto add = [](File file, SourceLocation* stack, unsigned depth, void* self) {
        static_cast<WantedFiles*>(self)->add_inclusion(file, stack, depth);
    };
    unit.api.getInclusions(unit.tu, add, this);
    wanted_[main_] = true;
    // An includer stands before what it includes, so one pass follows every chain.
    for (const Inclusion& inclusion : inclusions_) {
        bool& wanted = wanted_[inclusion.file];
        if (!wanted && scope_ == Scope::Main) wanted = contains_file(inclusion.includer) && belongs(inclusion);
    }
}

void WantedFiles::add_inclusion(File file, const SourceLocation* stack, unsigned depth) {
    const std::string path = unit_.take(unit_.api.getFileName(file));
    paths_[file] = normalize(path);
    auto& files = unit_.declarations.files;
    if (std::find(files.begin(), files.end(), path) == files.end()) files.push_back(path);
    if (depth == 0) return;
    const Position at = unit_.position(stack[0]);
    const std::string_view text = unit_.contents(at.file);
    const std::size_t line_end = std::min(text.find('\n', std::min<std::size_t>(at.offset, text.size())), text.size());
    const std::size_t before =
        at.offset == 0 ? std::string_view::npos : text.rfind('\n', std::min<std::size_t>(at.offset, text.size()) - 1);
    const std::size_t line_begin = before == std::string_view::npos ? 0 : before + 1;
    const std::string_view line = text.substr(line_begin, line_end - line_begin);
    const std::size_t mark = line.find_first_of("\"<");
    inclusions_.push_back({file, at.file, mark != std::string_view::npos && line[mark] == '"'});
}

std::string WantedFiles::find_own_folder() const {
    const std::string& main = paths_.at(main_);
    const std::string folder = folder_of(main);
    const bool is_searched = std::find(searched_folders_.begin(), searched_folders_.end(), folder) != searched_folders_.end();
    if (!is_searched) return folder;
    const std::string_view name = file_name(main);
    return folder + "/" + std::string(name.substr(0, name.rfind('.')));
}

bool WantedFiles::is_in_system(const std::string& path) const {
    return std::any_of(system_folders_.begin(), system_folders_.end(), [&](const std::string& folder) { return is_below(path, folder); });
}

bool WantedFiles::belongs(const Inclusion& inclusion) const {
    const std::string& path = paths_.at(inclusion.file);
    const std::string& main = paths_.at(main_);
    if (is_c_library(main) && is_in_system(main)) return folder_of(path).ends_with("/bits");
    if (is_c_library(path) && is_in_system(path)) return false;
    const std::string& includer = paths_.at(inclusion.includer);
    if (inclusion.has_quotes) return is_in_system(includer) || !is_in_system(path);
    return main.ends_with(".h") && is_below(path, find_own_folder()) && (is_in_system(main) || !is_in_system(path));
}

bool WantedFiles::contains_file(File file) const {
    const auto found = wanted_.find(file);
    return found != wanted_.end() && found->second;
}

std::vector<File> WantedFiles::list_files() const {
    std::vector<File> out;
    for (const auto& [file, path] : paths_) out.push_back(file);
    return out;
}

bool WantedFiles::contains(Cursor cursor) {
    if (scope_ == Scope::All) return true;
    const SourceLocation location = unit_.api.getCursorLocation(cursor);
    if (scope_ == Scope::User) return unit_.api.Location_isInSystemHeader(location) == 0;
    return contains_file(unit_.position(location).file);
}

}  // namespace ndcall::clang
