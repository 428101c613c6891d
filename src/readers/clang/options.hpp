// The reader's command line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ndcall::clang {

enum class Scope : std::uint8_t {
    Main,  // the files themselves and the headers that belong to them: included with quotes, or from below the file's own folder
    User,  // everything that clang does not call a system header
    All,
};

struct Options {
    std::string libclang;  // path of the shared library
    Scope scope = Scope::Main;
    bool probes_macros = false;
    std::vector<std::string> only;       // globs; empty: every name
    std::vector<std::string> files;      // C sources and headers; one of them may be `stdin_name`
    std::string stdin_name;              // how the text on stdin is called; empty: nothing is read from there
    std::vector<std::string> arguments;  // for clang: those of the user's that say how to read, never one that names code to run
    unsigned cpu_seconds = 60;           // 0: no limit
    unsigned memory_mb = 4096;           // of address space; 0: no limit
};

// Throws std::invalid_argument with a text for the user.
Options parse_options(int count, char** words);

// Of compiler arguments those that change what a declaration means. Others (`-O2`, `-Wall`, plug-ins) are left out: many stop clang, and
// some would load code.
std::vector<std::string> select_arguments(const std::vector<std::string>& arguments);

}  // namespace ndcall::clang
