// A C file -> declarations, by libclang.
#pragma once

#include <string>

#include "declaration/declaration.hpp"
#include "readers/clang/api.hpp"
#include "readers/clang/bodies.hpp"
#include "readers/clang/options.hpp"

namespace ndcall::clang {

// Reads one of options.files. `stdin_text` is the text of options.stdin_name. Throws std::runtime_error when there is nothing to read or
// libclang fails; errors in the text itself are told by the declarations.
// What its function bodies do is added to `bodies`; once all files are read, bodies.finish() puts it into the declarations.
Declarations read_file(const Api& api, const Options& options, const std::string& file, const std::string& stdin_text, Bodies& bodies);

}  // namespace ndcall::clang
