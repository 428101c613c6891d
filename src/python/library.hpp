// A loaded library: its declarations, its contracts, the opened files, and the plans of the functions that were used.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "abi/abi.hpp"
#include "call/fast.hpp"
#include "draft/draft.hpp"
#include "plan/registry.hpp"
#include "platform/shared_library.hpp"
#include "python/owned.hpp"

namespace ndcall {

enum class CopyPolicy : std::uint8_t { Safe, Never };

// A plan with what the call needs beside it.
struct BoundFunction {
    std::shared_ptr<Plan> plan;
    CallLayout layout;
    std::optional<FastPlan> fast;
    std::string provider;  // the file that holds the symbol
};

// Functions and the classes of structs share it: it stays open as long as one of them lives. Everything but the cache of plans is decided at
// construction; the cache is guarded by the GIL.
class Library : public std::enable_shared_from_this<Library> {
  public:
    Library(Registry registry, const std::vector<std::string>& paths, CopyPolicy copy, std::string name);

    // Both throw BindFailure, or an error of Python's that says nothing of the function: memory ended, Ctrl-C. Always the same plan for the same
    // function. `name`: the Python name under which the plan is shown.
    std::shared_ptr<const BoundFunction> bind_member(const Offer::Member& member, const std::string& name);
    std::shared_ptr<const Plan> bind_struct(const std::string& tag);

    // Null when no opened library has it.
    void* find_symbol(const std::string& symbol) const;
    std::vector<std::string> list_paths() const;

    const Registry& registry() const { return registry_; }
    const Declarations& declarations() const { return registry_.declarations(); }
    std::map<std::string, Owned<>>& struct_classes() { return struct_classes_; }  // by tag, weak references
    CopyPolicy copy() const { return copy_; }
    const std::string& name() const { return name_; }

  private:
    // C names that are being bound by this caller: an expression may not call its own function. No member of the library: while one is bound a
    // garbage collection may run code of the user's, or another thread, which binds the same function for itself.
    using Callers = std::vector<std::string>;

    std::shared_ptr<const BoundFunction> bind_member(const Offer::Member& member, const std::string& name, Callers callers);
    BindContext make_context(const Callers& callers);
    void* need_symbol(const FunctionDeclaration& function) const;  // throws BindFailure
    void set_identities(Plan& plan);
    const PyArray_Descr* find_struct_dtype(const std::string& tag);  // throws BindFailure, or Python's error on its way

    Registry registry_;
    std::unique_ptr<const Drafter> drafter_;  // made when the first error needs a cure
    std::vector<std::unique_ptr<SharedLibrary>> opened_;
    CopyPolicy copy_;
    std::string name_;
    std::map<std::pair<const FunctionDeclaration*, std::string>, std::shared_ptr<const BoundFunction>> bound_;
    std::map<std::string, std::shared_ptr<const Plan>> structs_;
    std::map<std::string, Owned<>> struct_classes_;              // weak references: a class holds its library
    std::map<std::string, Owned<PyArray_Descr>> struct_dtypes_;  // plans point at them
};

}  // namespace ndcall
