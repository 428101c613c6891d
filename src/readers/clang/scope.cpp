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

// Folders in which only the operating system's own headers lie.
constexpr std::array<std::string_view, 8> system_parts = {"sys", "bits", "gnu", "asm", "asm-generic", "linux", "net", "arpa"};

bool is_c_library(std::string_view path) { return std::find(c_library.begin(), c_library.end(), file_name(path)) != c_library.end(); }

bool lies_in_system_part(const std::string& path) {
    const std::string folder = folder_of(path);
    return std::find(system_parts.begin(), system_parts.end(), file_name(folder)) != system_parts.end();
}

}  // namespace

WantedFiles::WantedFiles(Unit& unit, const std::vector<std::string>& roots, const Options& options) : unit_(unit), scope_(options.scope) {
    list_folders(options);
    const auto enter = [](File file, SourceLocation*, unsigned, void* data) {
        WantedFiles& self = *static_cast<WantedFiles*>(data);
        if (self.indices_.contains(file)) return;
        self.find_file(file);
        self.entered_.push_back(file);
    };
    unit.api.getInclusions(unit.tu, enter, this);
    for (const std::string& root : roots) add_root(find_file(unit.api.getFile(unit.tu, root.c_str())));
    auto& files = unit.declarations.files;
    for (File file : entered_) {
        const bool is_own_list = roots.size() > 1 && file == entered_.front();  // it includes the roots, and exists in memory only
        const std::string path = unit.take(unit.api.getFileName(file));
        if (!is_own_list && std::find(files.begin(), files.end(), path) == files.end()) files.push_back(path);
    }
    if (scope_ != Scope::Main) return;
    unit.visit_children(unit.api.getTranslationUnitCursor(unit.tu), [&](Cursor child) {
        if (child.kind == cursor_inclusion) add_inclusion(child);
        const bool goes_on = child.kind >= cursor_first_preprocessing && child.kind <= cursor_last_preprocessing;
        return goes_on ? visit_next : visit_stop;  // declarations come after all directives
    });
    do follow_inclusions();
    while (adopt_lists());
}

void WantedFiles::list_folders(const Options& options) {
    system_folders_ = {"/usr/include", "/usr/local/include"};
    for (std::size_t i = 0; i < options.arguments.size(); ++i) {
        const std::string& word = options.arguments[i];
        const bool has_next = i + 1 < options.arguments.size();
        if (word == "-isystem" && has_next) system_folders_.push_back(normalize(options.arguments[i + 1]));
        if (word == "-I" && has_next) searched_folders_.push_back(normalize(options.arguments[i + 1]));
        if (word.size() > 2 && word.starts_with("-I")) searched_folders_.push_back(normalize(word.substr(2)));
    }
    searched_folders_.insert(searched_folders_.end(), system_folders_.begin(), system_folders_.end());
}

std::uint32_t WantedFiles::find_file(File file) {
    const auto [known, is_new] = indices_.try_emplace(file, 0);
    if (!is_new) return known->second;
    FileIdentity identity{};
    const bool has_identity = file != nullptr && unit_.api.getFileUniqueID(file, &identity) == 0 && identity.inode != 0;
    const auto next = static_cast<std::uint32_t>(files_.size());
    const auto index = has_identity ? identities_.try_emplace({identity.device, identity.inode}, next).first->second : next;
    if (index == next) files_.push_back({file == nullptr ? "" : normalize(unit_.take(unit_.api.getFileName(file)))});
    return known->second = index;
}

void WantedFiles::add_root(std::uint32_t file) {
    files_[file].root = file;
    if (std::find(roots_.begin(), roots_.end(), file) == roots_.end()) roots_.push_back(file);
}

void WantedFiles::add_inclusion(Cursor directive) {
    const File file = unit_.api.getIncludedFile(directive);
    if (file == nullptr) return;  // it was not found
    const Position at = unit_.begin(directive);
    const std::string_view text = unit_.contents(at.file).substr(std::min<std::size_t>(at.offset, unit_.contents(at.file).size()));
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t mark = line.find_first_of("\"<");
    inclusions_.push_back({find_file(file), find_file(at.file), mark != std::string_view::npos && line[mark] == '"'});
}

// Once more after a change: what a file includes may stand before the line by which the file comes to belong to a root.
void WantedFiles::follow_inclusions() {
    for (bool again = true; again;) {
        again = false;
        for (const Inclusion& inclusion : inclusions_) {
            const std::uint32_t root = files_[inclusion.includer].root;
            if (root == none || files_[inclusion.file].root != none || !belongs(inclusion, root)) continue;
            files_[inclusion.file].root = root;
            again = true;
        }
    }
}

bool WantedFiles::adopt_lists() {
    std::vector<bool> is_list(files_.size(), false);
    std::size_t lists = 0;
    for (const std::uint32_t root : roots_) {
        is_list[root] = files_[root].path.ends_with(".h");
        lists += is_list[root] ? 1 : 0;
    }
    if (lists == 0) return false;
    const auto visit = [&](Cursor child) {
        if (child.kind >= cursor_first_preprocessing) return visit_next;
        if (child.kind == cursor_linkage || child.kind == cursor_unexposed) return visit_inside;
        const std::uint32_t root = files_[find_file(unit_.name_position(child).file)].root;
        if (root != none && is_list[root]) is_list[root] = false, --lists;
        return lists == 0 ? visit_stop : visit_next;
    };
    unit_.visit_children(unit_.api.getTranslationUnitCursor(unit_.tu), visit);
    bool is_new = false;
    for (const Inclusion& inclusion : inclusions_) {
        const std::string& path = files_[inclusion.file].path;
        const bool is_system = is_in_system(path) && (is_c_library(path) || lies_in_system_part(path));
        if (!is_list[inclusion.includer] || is_system || files_[inclusion.file].root != none) continue;
        add_root(inclusion.file);
        is_new = true;
    }
    return is_new;
}

const std::string& WantedFiles::find_own_folder(std::uint32_t root) {
    const auto [known, is_new] = own_folders_.try_emplace(root);
    if (is_new) {
        const std::string& path = files_[root].path;
        known->second = folder_of(path);
        const std::string_view name = file_name(path);
        const bool is_searched = std::find(searched_folders_.begin(), searched_folders_.end(), known->second) != searched_folders_.end();
        if (is_searched) known->second += "/" + std::string(name.substr(0, name.rfind('.')));
    }
    return known->second;
}

bool WantedFiles::is_in_system(const std::string& path) const {
    return std::any_of(system_folders_.begin(), system_folders_.end(), [&](const std::string& folder) { return is_below(path, folder); });
}

bool WantedFiles::belongs(const Inclusion& inclusion, std::uint32_t root) {
    const std::string &path = files_[inclusion.file].path, &main = files_[root].path;
    if (is_c_library(main) && is_in_system(main)) return folder_of(path).ends_with("/bits");
    if (is_c_library(path) && is_in_system(path)) return false;
    if (inclusion.has_quotes) return is_in_system(files_[inclusion.includer].path) || !is_in_system(path);
    return main.ends_with(".h") && is_below(path, find_own_folder(root)) && (is_in_system(main) || !is_in_system(path));
}

std::vector<File> WantedFiles::list_files() const { return entered_; }

bool WantedFiles::contains(Cursor cursor) {
    if (scope_ == Scope::All) return true;
    const SourceLocation location = unit_.api.getCursorLocation(cursor);
    if (scope_ == Scope::User) return unit_.api.Location_isInSystemHeader(location) == 0;
    return files_[find_file(unit_.position(location).file)].root != none;
}

}  // namespace ndcall::clang
