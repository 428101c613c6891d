// One function while its line is being drafted: what C says of each parameter, and what the rules have found. Private to src/draft.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "draft/draft.hpp"

namespace ndcall::detail {

// What is known of all functions of a library together.
struct Scene {
    const Declarations* declarations = nullptr;
    bool success_is_macro = false;
    std::string success;                       // "GSL_SUCCESS": the library's name for 0; empty when it has none
    std::string message;                       // "gsl_strerror": what turns a status into text
    bool writes_brackets = false;              // some of its arrays are written `a[]`, so that `*x` is perhaps one value
    std::map<std::string, std::string> freed;  // "gsl_rng" (as C spells the handle) -> "gsl_rng_free"
};

Scene make_scene(const Declarations& declarations);

// How C spells a handle: the typedef's name, else the struct's. Empty: the type is no pointer to a struct whose inside is unknown.
std::string find_handle(const Type& type, const Declarations& declarations);

enum class Direction : std::uint8_t { In, InOut, Out };

// What C's type says of a parameter.
enum class Form : std::uint8_t {
    Number,    // by value
    Elements,  // numbers behind a pointer, how many is not said
    Unknown,   // `void *`
    Rows,      // T **
    Stated,    // an array of which C says all extents
    Text,      // const char *
    Buffer,    // char *
    Record,    // a struct that is defined
    Handle,    // a struct that is not
    Made,      // HANDLE *: where C leaves a new one
    Function,  // a callback
    Other,
};

struct Part {
    std::string declared, name;  // C's; and the contract's, which differs where C's is a word of the language
    const Type* type = nullptr;
    const Type* element = nullptr;  // without pointers and arrays
    unsigned depth = 0;             // how many these are
    Form form = Form::Other;
    Direction direction = Direction::In;
    bool is_shaped = false;        // a rule of extents has spoken
    bool is_written = false;       // stands in the line
    bool is_both = false;          // goes in and comes back changed: stands on both sides
    bool is_counted_text = false;  // `const char *s, size_t n`: text, or bytes, that may end before its NUL
    bool is_pair = false;          // T[2] for a complex number, as in fftw_complex
    std::string words, dtype, extents, phrase;
    std::string capacity;  // the pointer that says how much fits
    std::string fixed;     // `name = fixed` after the ';'
    Certainty certainty = Certainty::Sure;
};

struct Sketch {
    const FunctionDeclaration& function;
    const Scene& scene;
    std::vector<Part> parts;
    std::string head;                  // "(x, copy_)"
    std::string returned;              // "return", "return free f"; empty: not among the results
    std::vector<std::string> clauses;  // after the ';'
    Certainty certainty = Certainty::Sure;
    std::vector<std::string> reasons;
    bool is_whole = false;  // one rule knew the whole function
    std::string whole;      // its line

    Sketch(const FunctionDeclaration& declared, const Scene& library);

    bool reads(const Part& part) const;
    bool writes(const Part& part) const;
    const BodyFacts::Span* find_span(const Part& part) const;
    std::vector<const Part*> list_counts() const;        // numbers that by their name are lengths
    std::vector<const Part*> list_integers() const;      // numbers that may be lengths
    const Part* find_next(const Part& part) const;       // in C's order; null behind the last
    std::string say(const std::string& declared) const;  // the contract's name of a parameter
    bool has_results() const;

    std::string write_line() const;  // without the function's name when nothing needs a word: ""
};

bool is_integer(const Part& part);

// A row of a table of rules. The first that applies to a parameter decides; `{x}` in the reason is its name, `{n}` what apply() returns.
struct Rule {
    std::optional<std::string> (*apply)(Sketch&, Part&);
    Certainty certainty;
    const char* reason;
};

void find_capacities(Sketch& sketch);  // before the directions
void decide_directions(Sketch& sketch);
void decide_extents(Sketch& sketch);
void decide_callbacks(Sketch& sketch);
void decide_return(Sketch& sketch);
void decide_known(Sketch& sketch);  // whole functions of BLAS and LAPACK

template <std::size_t N>
void apply_rules(Sketch& sketch, Part& part, const Rule (&rules)[N]);
void note_rule(Sketch& sketch, Part& part, const Rule& rule, const std::string& found);

template <std::size_t N>
void apply_rules(Sketch& sketch, Part& part, const Rule (&rules)[N]) {
    for (const Rule& rule : rules) {
        const auto found = rule.apply(sketch, part);
        if (!found) continue;
        note_rule(sketch, part, rule, *found);
        return;
    }
}

}  // namespace ndcall::detail
