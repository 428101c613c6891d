// Shared libraries of the operating system: the only place that knows dlopen. Windows and macOS come here.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace ndcall {

class LibraryError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// An opened library; released when the last owner goes, while its code stays in the process. Immovable: others hold its address.
class SharedLibrary {
  public:
    // `path` is absolute. All symbols are bound now, so that a missing one is an error of loading and not a crash of a call, and the library
    // prefers its own symbols to those of the program: a library that defines `gamma` calls its own. The path of the running program gives
    // what is open already. Throws LibraryError.
    explicit SharedLibrary(const std::string& path);
    ~SharedLibrary();
    SharedLibrary(const SharedLibrary&) = delete;
    SharedLibrary& operator=(const SharedLibrary&) = delete;

    // Null when neither this library nor one that it needs has the symbol.
    void* find_symbol(const std::string& name) const noexcept;
    const std::string& path() const noexcept { return path_; }

  private:
    std::string path_;
    void* handle_;
};

// The file that holds the code or data at `address`; empty when unknown.
std::string find_file_of(const void* address);

// The bytes of the variable that begins at `address`, as its library says; 0 when unknown.
std::size_t find_size_of(const void* address);

}  // namespace ndcall
