// C files -> declarations, by libclang.
#pragma once

#include <string>
#include <vector>

#include "declaration/declaration.hpp"
#include "readers/clang/api.hpp"
#include "readers/clang/bodies.hpp"
#include "readers/clang/options.hpp"

namespace ndcall::clang {

// What clang reads at one go: a file; or several headers as one text that includes them all, as a C file that uses them would.
struct Source {
    std::string name;                // of the text
    std::vector<std::string> roots;  // those of options.files that it stands for
    std::string text;                // of what exists in memory only
    bool is_typed = false;           // by hand: options.stdin_name
};

// `stdin_text` is the text of options.stdin_name.
std::vector<Source> list_sources(const Options& options, const std::string& stdin_text);

// Throws std::runtime_error when there is nothing to read or libclang fails; errors in the text itself are told by the declarations.
// What its function bodies do is added to `bodies`; once all is read, bodies.finish() puts it into the declarations.
Declarations read_source(const Api& api, const Options& options, const Source& source, Bodies& bodies);

}  // namespace ndcall::clang
