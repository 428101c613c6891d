// Saved libraries: all that `load` needs to know of a library, as a text that a person can read and edit. The file NAME.ndcall:
//
//     ndcall saved 1
//     library file "filter.0f3c9a1b2d4e.so" sha256 0f3c9a1b2d4e...
//     library named "openblas" soname "libopenblas.so.0"
//     hidden gsl_strerror
//     contracts
//       scale: x[n], factor -> y[n]
//       add = {s,d}add: a[n], b[n] -> c[n]
//       struct fields: one[n], two[n]
//     ndcall declarations 1
//     target "x86_64-pc-linux-gnu"
//     ...
//     end
//
// The first line names the format and its version. Entries follow in any order, then the declarations, as declaration/text.hpp describes
// them, up to the end of the text. NAMES are identifiers between blanks, a STRING is one of the declarations.
//
//     library file STRING sha256 HEX      a file in the folder of the saved one, with the SHA-256 of its bytes: 64 lower-case digits
//     library named STRING [soname STRING]  an installed library: the name to look for, and the name that it calls itself
//     hidden NAMES                        functions that only contracts call: declared, but not offered
//     contracts                           lines of a contract file, each behind two blanks; at most one such entry
//
// At least one library is named, 64 at most, and none by a path. Of several, a function comes from the first that has it. Functions,
// types and constants are those of the declarations; a function without a line is called as its declaration says, and `ndcall:` in a
// comment means nothing here. Files are named without their folders. The declarations must have a target.
//
// The text is untrusted: parse_saved checks all that it takes, throws TextError with line and column, and never crashes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "declaration/declaration.hpp"
#include "plan/registry.hpp"

namespace ndcall {

struct SavedFile {
    bool is_beside = false;  // a file beside the saved one; else an installed library
    std::string name;
    std::string proof;  // Beside: its SHA-256. Installed: its SONAME, may be empty
};

struct SavedLibrary {
    std::vector<SavedFile> files;
    std::vector<std::string> hidden;
    std::string contracts;  // the lines with their indentation
    std::uint32_t contracts_line = 1;
    std::shared_ptr<const Declarations> declarations;
};

SavedLibrary parse_saved(std::string_view text, std::string_view origin = "saved library");

// A registry of what was parsed, to which lines of higher ranks can be added. Throws TextError for a line that is wrong.
Registry make_registry(const SavedLibrary& saved, const std::string& origin);

// The functions that `selected` lets through (by C name) and those that their contracts call, with their contracts as they hold now, and
// all types, constants and variables. Printing what was parsed from the result gives the same text. Throws BindFailure that names every
// function whose contract is wrong: without its line it would mean something else.
std::string print_saved(const std::vector<SavedFile>& files, const Registry& registry,
                        const std::function<bool(const std::string&)>& selected);

}  // namespace ndcall
