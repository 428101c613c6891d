// Which files' declarations are wanted, and the list of all files that were read.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "readers/clang/options.hpp"
#include "readers/clang/unit.hpp"

namespace ndcall::clang {

// What belongs to a file that the user named (Scope::Main), beside itself:
//   - what it includes with quotes, unless a user's own file thereby gets a header of the system or of the C library;
//   - beside a header what lies in its folder or below: gsl/gsl_vector.h for gsl/gsl_blas.h. In a folder that the compiler searches, where
//     other libraries lie as well, only the folder below that has the header's name: foo/part.h for foo.h;
//   - for a header of the C library itself, the parts that it includes from bits/.
// The same again for what belongs to it. Every other header is read, but its functions are not taken.
class WantedFiles {
  public:
    WantedFiles(Unit& unit, File main, const Options& options);

    bool contains(Cursor cursor);
    bool contains_file(File file) const;
    std::vector<File> list_files() const;  // all that were read

  private:
    struct Inclusion {
        File file, includer;
        bool has_quotes;
    };
    void add_inclusion(File file, const SourceLocation* stack, unsigned depth);
    bool belongs(const Inclusion& inclusion) const;
    std::string find_own_folder() const;
    bool is_in_system(const std::string& path) const;

    Unit& unit_;
    File main_;
    Scope scope_;
    std::vector<std::string> system_folders_, searched_folders_;  // the second: all of them
    std::vector<Inclusion> inclusions_;
    std::unordered_map<File, std::string> paths_;  // normalized
    std::unordered_map<File, bool> wanted_;
};

}  // namespace ndcall::clang
