// One contract as parsed: `what you pass -> what you get ; everything else`. Nothing is looked up or decided here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract/expression.hpp"
#include "text/source.hpp"

namespace ndcall {

// The eight words that stand before a name.
struct Words {
    bool inout = false, copy = false, rows = false, fortran = false, lowest = false, taken = false, is_static = false, unset = false;
};

// What stands after ':'.
struct ContractType {
    enum class Form : std::uint8_t { Name, Like, Prefix };  // `float64`, `like(a)`, `FFTW_*`
    Form form = Form::Name;
    std::string name;  // Like: the argument. Prefix: the text before '*'
    Span at;
};

// One extent between '[' and ']'.
struct Extent {
    enum class Form : std::uint8_t { Sum, AnyShape, Until };  // `n+1`; `*` or `*n`; `until expr`
    enum class Step : std::uint8_t { None, Blank, Elements, Bytes };
    Form form = Form::Sum;
    Expression value;                    // Sum: the count. Until: the end value
    std::string shape_name;              // AnyShape: n of `*n`; may be empty
    std::optional<Expression> capacity;  // `count <= capacity`
    Step step_form = Step::None;         // nothing; `:`; `:incx`; `:stride bytes`
    std::optional<Expression> step;
    Span at;
};

// `free f`, `free f(x)`, `free`, `of owner`, `from 1`.
struct Phrase {
    enum class Form : std::uint8_t { Free, Of, FromOne };
    Form form = Form::Free;
    std::string name;                // may be empty for Free
    std::optional<Expression> call;  // `free f(x)`
    Span at;
};

struct Contract;

struct Item {
    Words words;
    std::string name;                    // dotted for members; "return"; "*" on the right side alone
    Span at;                             // of the name
    std::unique_ptr<Contract> callback;  // `fcn(x[n] -> y[n])`
    std::optional<ContractType> type;
    bool has_extents = false;
    std::vector<Extent> extents;
    bool is_optional = false;  // `?`
    std::optional<Phrase> phrase;
    std::optional<Expression> default_value;  // left side only
};

// What is shown when a test fails.
struct FailureText {
    enum class Form : std::uint8_t { None, Text, Errno, Name, Call };
    Form form = Form::None;
    std::string text;  // Text: the string. Name: an output; its `free` function in free_name
    std::string free_name;
    std::optional<Expression> call;  // Call
    Span at;
};

struct Setting {  // name = expression
    std::string name;
    Expression value;
    Span at;
};

enum class ClauseKind : std::uint8_t {
    Ok,
    Check,
    Warn,
    Set,
    Scratch,
    First,
    User,
    Error,
    Keep,
    Alias,
    Ignore,
    Broadcast,
    Each,
    Halo,
    Whole,
    Serial,
    Gil,
    Nogil,
};

struct Clause {
    ClauseKind kind = ClauseKind::Ok;
    Span at;                                       // of its first word
    std::optional<Expression> value;               // Ok, Check, Warn: the condition. Error, Halo: the value
    FailureText text;                              // Ok, Check, Warn
    std::vector<Item> items;                       // Scratch
    std::vector<Setting> settings, then_settings;  // Set (one), First
    std::vector<std::string> names;                // User, Keep, Alias, Each, Halo
    std::vector<Span> name_spans;                  // of `names`
    enum class KeepForm : std::uint8_t { Forever, On, Until } keep = KeepForm::Forever;
    std::string keep_name;                // On, Until
    std::optional<Expression> keep_slot;  // On name[slot]
};

struct Contract {
    std::shared_ptr<const SourceText> source;  // what every Span in the tree points into; shared with callbacks and family members
    std::vector<Item> parameters, results;
    bool has_arrow = false;
    std::vector<Clause> clauses;
};

// The contract as the language writes it. Parsing the result gives an equal tree.
std::string print(const Contract& contract);

}  // namespace ndcall
