// Declaration + contract -> plan, or a BindError that says what is missing and which line would cure it.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "contract/entry.hpp"
#include "declaration/declaration.hpp"
#include "plan/plan.hpp"
#include "text/source.hpp"

namespace ndcall {

// A contract could not be bound to a declaration. what(): the whole message, with positions where the contract is at fault.
class BindFailure : public std::runtime_error {
  public:
    BindFailure(const std::string& message, std::string cure) : std::runtime_error(message), cure_(std::move(cure)) {}
    const std::string& cure() const noexcept { return cure_; }  // the contract line that would most likely help; may be empty

  private:
    std::string cure_;
};

// The line for one function: text and tree, and where it stood.
struct BoundLine {
    const Entry* entry = nullptr;  // null: no contract, the declaration alone
    SourceText source;             // what the entry's spans point into, for messages
    std::string origin;            // "filter.contract:3", "contracts=", "declaration"
};

// What binding may look up besides the declaration itself.
struct BindContext {
    const Declarations* declarations = nullptr;
    std::function<const Entry*(const std::string& tag)> find_struct_entry;              // `struct NAME: ...`
    std::function<std::shared_ptr<const Plan>(const std::string& c_name)> find_callee;  // library calls in expressions; throws BindFailure
    std::function<std::string(const FunctionDeclaration&)> suggest_line;  // the cure of a BindFailure; without it there is none
};

std::shared_ptr<Plan> bind_function(const FunctionDeclaration&, const BoundLine&, const BindContext&);
std::shared_ptr<Plan> bind_struct(const StructDeclaration&, const BoundLine&, const BindContext&);

}  // namespace ndcall
