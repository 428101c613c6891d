// Which files' declarations are wanted, and the list of all files that were read.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "readers/clang/options.hpp"
#include "readers/clang/unit.hpp"

namespace ndcall::clang {

// What belongs to a file that the user named, a root (Scope::Main), beside itself:
//   - what it includes with quotes, unless a user's own file thereby gets a header of the system or of the C library;
//   - beside a header what lies in its folder or below: gsl/gsl_vector.h for gsl/gsl_blas.h. In a folder that the compiler searches, where
//     other libraries lie as well, only the folder below that has the header's name: foo/part.h for foo.h;
//   - for a header of the C library itself, the parts that it includes from bits/.
// The same again for what belongs to it. Every other header is read, but its functions are not taken.
//
// A header that thereby gets no declaration at all is a list of headers: those that it includes, the system's own left out, are roots too.
class WantedFiles {
  public:
    WantedFiles(Unit& unit, const std::vector<std::string>& roots, const Options& options);

    bool contains(Cursor cursor);
    std::vector<File> list_files() const;  // all that were read

  private:
    static constexpr std::uint32_t none = ~0u;
    struct ReadFile {
        std::string path;           // normalized
        std::uint32_t root = none;  // the file to which it belongs; none: not wanted
    };
    struct Inclusion {
        std::uint32_t file, includer;
        bool has_quotes;
    };
    std::uint32_t find_file(File file);  // index into files_
    void list_folders(const Options& options);
    void add_root(std::uint32_t file);
    void add_inclusion(Cursor directive);
    void follow_inclusions();
    bool adopt_lists();  // true when there are new roots
    bool belongs(const Inclusion& inclusion, std::uint32_t root);
    const std::string& find_own_folder(std::uint32_t root);
    bool is_in_system(const std::string& path) const;

    Unit& unit_;
    Scope scope_;
    std::vector<std::string> system_folders_, searched_folders_;  // the second: all of them
    std::vector<ReadFile> files_;
    std::unordered_map<File, std::uint32_t> indices_;  // one file may have several handles, one for each path that leads to it
    std::map<std::pair<unsigned long long, unsigned long long>, std::uint32_t> identities_;
    std::vector<File> entered_;
    std::vector<std::uint32_t> roots_;
    std::vector<Inclusion> inclusions_;  // every `#include`, also where a guard kept the file from being read again
    std::unordered_map<std::uint32_t, std::string> own_folders_;  // by root
};

}  // namespace ndcall::clang
