// Declarations -> the contract lines that a person would probably write, each with how sure it is and why. Shown, never bound unread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plan/registry.hpp"

namespace ndcall {

// In growing order. What a line says is as sure as its least sure part.
enum class Certainty : std::uint8_t {
    Blank,   // nothing tells: the line holds a word in capitals that a person must replace
    Guess,   // several readings are possible, this is one of them
    Likely,  // facts, and a name that everybody uses that way
    Sure,    // facts alone: C's types, what the body reads and writes, the bounds of its loops
};

const char* name_certainty(Certainty certainty);

struct Draft {
    enum class Kind : std::uint8_t {
        Line,      // `line` is proposed
        Needless,  // the declaration says it all
        Given,     // a contract stands above it already
        Refused,   // no line helps; `obstacle` says why
    };
    const FunctionDeclaration* function = nullptr;
    Kind kind = Kind::Line;
    Certainty certainty = Certainty::Sure;
    std::string line;                  // "rms: x[n]"
    std::vector<std::string> reasons;  // "x is const: input"
    std::string obstacle;              // Line: why it cannot be used as it stands, in the binder's words; empty when it can
};

// Who makes and who frees what C keeps to itself.
struct HandleDraft {
    std::string line;  // "handle gsl_rng: free gsl_rng_free"
    std::string reason;
};

namespace detail {
struct Scene;
}

// Of one library. What is known of all functions together (status codes, who frees what) is found out once.
class Drafter {
  public:
    // `registry` must outlive it.
    explicit Drafter(const Registry& registry);
    ~Drafter();

    Draft draft(const FunctionDeclaration& function) const;
    std::vector<HandleDraft> list_handles() const;

    // The line that an error shows as a cure; empty when none helps.
    std::string suggest_line(const FunctionDeclaration& function) const;

  private:
    const Registry& registry_;
    std::unique_ptr<const detail::Scene> scene_;
};

}  // namespace ndcall
