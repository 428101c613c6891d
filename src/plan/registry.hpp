// Which line belongs to which function: contracts= before NAME.contract before the comment before the declaration alone.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "plan/bind.hpp"

namespace ndcall {

// The first that says something wins, whole lines. A saved library has the lines it was saved with instead of comments.
enum class Rank : std::uint8_t { Call, File, Saved, Comment, Declaration };

// A function under one of its names in Python.
struct Offer {
    struct Member {
        const FunctionDeclaration* function = nullptr;
        BoundLine line;
    };
    std::string name;
    std::vector<Member> members;  // overloads and families, tried in order; never empty
    bool is_family = false;       // the smallest member that holds all inputs
    bool is_given = false;        // a line of Rank::Call: what is wrong with it is an error of the load, not of the first use
};

class Registry {
  public:
    explicit Registry(std::shared_ptr<const Declarations> declarations) : declarations_(std::move(declarations)) {}

    // Text in the form of NAME.contract. Mistakes of Rank::Call and Saved are thrown (TextError), those of a file spoil their own function.
    // `first_line`: where the text begins, when it is a part of a larger file.
    void add_text(Rank rank, const std::string& text, const std::string& origin, std::uint32_t first_line = 1);
    // contracts={key: contract}
    void add_pair(const std::string& key, const std::string& contract, const std::string& origin);
    // The contracts in the comments above functions.
    void add_comments();

    // Every function that `selected` lets through (by its C name), under all its names, in the order of the declarations.
    std::vector<Offer> list_offers(const std::function<bool(const std::string&)>& selected) const;

    bool has_given() const;  // whether some offer is

    // The line of a function under its C name, for calls in expressions.
    Offer::Member find_member(const FunctionDeclaration& function) const;
    const Entry* find_struct_entry(const std::string& tag) const;

    // What holds for the functions that `kept` lets through, in the order of the declarations, and for structs: the entries of one line together.
    std::vector<std::vector<const Entry*>> list_lines(const std::function<bool(const std::string&)>& kept) const;
    BoundLine find_struct_line(const std::string& tag) const;

    // Why a function's own line cannot be used ("filter.contract:3:7: ..."), or nothing.
    const std::string* find_mistake(const std::string& function) const;

    // Lines that are wrong and belong to no function that is declared: (what they name, why).
    std::vector<std::pair<std::string, std::string>> list_stray_mistakes() const;

    const Declarations& declarations() const { return *declarations_; }
    std::shared_ptr<const Declarations> share_declarations() const { return declarations_; }

  private:
    struct Line {
        Entry entry;
        Rank rank;
    };
    void add_entry(Entry entry, Rank rank);
    void refuse_entry(const Entry& entry, Rank rank);
    void add_mistake(Rank rank, const std::string& target, const TextError& error);
    BoundLine make_line(const Line& line) const;
    std::vector<std::string> list_known_names() const;

    std::shared_ptr<const Declarations> declarations_;
    std::vector<std::unique_ptr<Line>> lines_;
    std::map<std::string, std::vector<const Line*>> by_function_;  // C name -> lines, best rank only
    std::map<std::string, const Line*> by_struct_;
    std::map<std::string, std::pair<Rank, std::string>> mistakes_;  // C name -> what is wrong
};

}  // namespace ndcall
