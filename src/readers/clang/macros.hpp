// Object-like macros that are constants. A macro has no value of its own: a second, small text makes a variable of each.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "readers/clang/errors.hpp"
#include "readers/clang/unit.hpp"
#include "readers/clang/values.hpp"

namespace ndcall::clang {

class MacroReader {
  public:
    explicit MacroReader(Unit& unit) : unit_(unit) {}

    // A definition, in the order of the text. Those that are not wanted may still be parts of others.
    void add(Cursor definition, bool is_wanted);

    // What is to be parsed to learn the values. Most macros are made of literals and other macros: their definitions alone are parsed
    // again. One that needs a type or an enumerator is parsed behind the whole file, which takes as long as reading it did.
    struct Probes {
        std::string alone, behind_file;  // empty when there is nothing to learn
    };
    Probes print_probes(const std::vector<File>& files);

    // `#define create create2` where create2 is a function: an entry of its own, so that the name can be called.
    void add_names_of_functions();

    // The value of a probe's variable.
    void read_probe(const Unit& probes, Errors& errors, Cursor variable, ValueReader& values) const;

  private:
    enum class State : std::uint8_t { New, Open, Plain, Foreign, NoValue };
    struct Macro {
        std::string name;
        std::string_view text;  // behind the name, with the parameters of a function-like one
        Location location;
        bool is_builtin = false;  // the compiler's own, or from its command line: also there in the second text
        bool is_function_like = false;
        State state = State::New;
        std::unordered_set<std::string> foreign;  // names that are neither macros nor words of C
    };

    Macro make_macro(Cursor definition);
    void keep(Macro&& macro);
    Macro* find(const std::string& name);
    std::string find_renamed(const std::string& name) const;  // what the name stands for; empty: for more than another name
    State classify(Macro& macro, unsigned depth);
    void note_name(Macro& macro, const std::string& name, unsigned depth);
    bool may_have_value(const Macro& macro);
    void list_declared();
    void find_undefined(const std::vector<File>& files);

    Unit& unit_;
    std::vector<std::string> wanted_;
    std::unordered_map<std::string, Macro> macros_;
    std::vector<Cursor> others_;  // looked at only when a wanted macro has a name in it that is not known
    std::unordered_set<std::string> undefined_;
    std::unordered_map<std::string, bool> declared_;  // types, and enumerators: true
};

}  // namespace ndcall::clang
