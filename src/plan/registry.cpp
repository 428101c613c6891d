#include "plan/registry.hpp"

#include <algorithm>

#include "text/nearest.hpp"

namespace ndcall {

namespace {

constexpr const char* later_entries[] = {"",        "a rule over a name pattern", "a name pattern", "'handle'", "", "'load'",
                                         "'unload'"};  // by Entry::Kind

// Whether a mistake is an error at once: the caller is there to hear it, or nobody but us wrote the line.
bool is_strict(Rank rank) { return rank == Rank::Call || rank == Rank::Saved; }

// '*' fits any text.
bool fits_pattern(const std::string& pattern, const std::string& name) {
    const std::size_t star = pattern.find('*');
    if (star == std::string::npos) return pattern == name;
    const std::string head = pattern.substr(0, star), tail = pattern.substr(star + 1);
    if (name.compare(0, head.size(), head) != 0) return false;
    for (std::size_t i = head.size(); i <= name.size(); ++i)
        if (fits_pattern(tail, name.substr(i))) return true;
    return false;
}

}  // namespace

void Registry::add_mistake(Rank rank, const std::string& target, const TextError& error) {
    if (is_strict(rank)) throw error;
    const auto known = mistakes_.find(target);
    if (known == mistakes_.end() || rank <= known->second.first) mistakes_[target] = {rank, error.what()};
}

// Kinds of lines that are understood but not bound yet.
void Registry::refuse_entry(const Entry& entry, Rank rank) {
    const std::string what = later_entries[static_cast<std::size_t>(entry.kind)];
    const TextError error =
        make_error(*entry.contract.source, entry.at, what + " is understood, but not bound yet: this version of ndcall cannot use it");
    // What must be called before everything else cannot be left out in silence.
    if (is_strict(rank) || entry.kind == Entry::Kind::Load) throw error;
    if (entry.kind != Entry::Kind::Rule) return;  // the functions that need it refuse themselves
    for (const FunctionDeclaration& function : declarations_->functions)
        for (const std::string& pattern : entry.patterns)
            if (fits_pattern(pattern, function.name)) add_mistake(rank, function.name, error);
}

void Registry::add_entry(Entry entry, Rank rank) {
    const bool is_later = entry.kind != Entry::Kind::Function && entry.kind != Entry::Kind::Struct;
    if (is_later) return refuse_entry(entry, rank);
    const std::string name = entry.patterns.at(0);
    const bool is_struct = entry.kind == Entry::Kind::Struct;
    const StructDeclaration* record = is_struct ? declarations_->find_struct(name) : nullptr;
    if (!record && !(!is_struct && declarations_->find_function(name))) {
        const TextError error = make_error(*entry.contract.source, entry.pattern_spans.at(0),
                                           "there is no " + std::string(is_struct ? "struct" : "function") + " '" + name + "' here" +
                                               suggest_nearest(name, list_known_names()));
        return add_mistake(rank, name, error);
    }
    lines_.push_back(std::make_unique<Line>(Line{std::move(entry), rank}));
    const Line* line = lines_.back().get();
    if (record) {
        const Line*& best = by_struct_[record->tag];  // the line may use a name of a typedef
        if (!best || rank <= best->rank) best = line;
        return;
    }
    std::vector<const Line*>& lines = by_function_[name];
    if (!lines.empty() && lines.front()->rank < rank) return;
    if (!lines.empty() && lines.front()->rank > rank) lines.clear();
    lines.push_back(line);
}

void Registry::add_text(Rank rank, const std::string& text, const std::string& origin, std::uint32_t first_line) {
    ContractFile file = parse_contract_file(text, origin, first_line);
    for (const Mistake& mistake : file.mistakes) add_mistake(rank, mistake.target, mistake.error);
    for (Entry& entry : file.entries) add_entry(std::move(entry), rank);
}

void Registry::add_pair(const std::string& key, const std::string& contract, const std::string& origin) {
    for (Entry& entry : parse_entry(key, contract, origin)) add_entry(std::move(entry), Rank::Call);
}

void Registry::add_comments() {
    for (const FunctionDeclaration& function : declarations_->functions) {
        const auto known = by_function_.find(function.name);
        if (known != by_function_.end() && known->second.front()->rank < Rank::Comment) continue;
        const Location& location = function.comment_location;
        if (location.line == 0) continue;
        try {
            const std::string& origin = declarations_->files.at(location.file);
            std::optional<Entry> entry = parse_comment_contract(function.comment, function.name, origin, location.line);
            if (entry) add_entry(std::move(*entry), Rank::Comment);
        } catch (const TextError& error) {
            add_mistake(Rank::Comment, function.name, error);
        }
    }
}

BoundLine Registry::make_line(const Line& line) const {
    BoundLine bound;
    bound.entry = &line.entry;
    bound.source = *line.entry.contract.source;
    bound.origin = bound.source.origin;
    if (line.rank != Rank::Call) bound.origin += ":" + std::to_string(find_place(bound.source, line.entry.at).line);
    return bound;
}

std::vector<Offer> Registry::list_offers(const std::function<bool(const std::string&)>& selected) const {
    std::vector<Offer> offers;
    std::map<std::string, std::size_t> by_name;
    const auto add = [&](const std::string& name, Offer::Member member, bool is_family, Rank rank) {
        const auto [known, is_new] = by_name.try_emplace(name, offers.size());
        if (is_new) offers.push_back({name, {}});
        Offer& offer = offers[known->second];
        offer.members.push_back(std::move(member));
        offer.is_family |= is_family;
        offer.is_given |= rank == Rank::Call;
    };
    for (const FunctionDeclaration& function : declarations_->functions) {
        if (!selected(function.name)) continue;
        const auto lines = by_function_.find(function.name);
        bool has_own_name = false;
        if (lines != by_function_.end())
            for (const Line* line : lines->second) {
                const std::string& name = line->entry.python_name.empty() ? function.name : line->entry.python_name;
                has_own_name |= name == function.name;
                add(name, {&function, make_line(*line)}, line->entry.is_family && name != function.name, line->rank);
            }
        if (!has_own_name) add(function.name, find_member(function), false, Rank::Declaration);
    }
    return offers;
}

bool Registry::has_given() const {
    return std::any_of(lines_.begin(), lines_.end(), [](const auto& line) { return line->rank == Rank::Call; });
}

Offer::Member Registry::find_member(const FunctionDeclaration& function) const {
    const auto lines = by_function_.find(function.name);
    if (lines == by_function_.end()) return {&function, {}};
    const Line* best = lines->second.front();
    for (const Line* line : lines->second)
        if (line->entry.python_name.empty()) best = line;
    return {&function, make_line(*best)};
}

std::vector<std::vector<const Entry*>> Registry::list_lines(const std::function<bool(const std::string&)>& kept) const {
    std::vector<std::vector<const Entry*>> lines;
    std::map<const SourceText*, std::size_t> families;  // members of one line share the text they were parsed from
    for (const FunctionDeclaration& function : declarations_->functions) {
        const auto known = by_function_.find(function.name);
        if (known == by_function_.end() || !kept(function.name)) continue;
        for (const Line* line : known->second) {
            const SourceText* text = line->entry.contract.source.get();
            const auto [place, is_new] =
                line->entry.is_family ? families.try_emplace(text, lines.size()) : std::make_pair(families.end(), true);
            if (is_new) lines.emplace_back();
            (is_new ? lines.back() : lines[place->second]).push_back(&line->entry);
        }
    }
    for (const auto& [name, line] : by_struct_) lines.push_back({&line->entry});
    return lines;
}

const Entry* Registry::find_struct_entry(const std::string& tag) const {
    const auto known = by_struct_.find(tag);
    return known == by_struct_.end() ? nullptr : &known->second->entry;
}

BoundLine Registry::find_struct_line(const std::string& tag) const {
    const auto known = by_struct_.find(tag);
    return known == by_struct_.end() ? BoundLine{} : make_line(*known->second);
}

const std::string* Registry::find_mistake(const std::string& function) const {
    const auto known = mistakes_.find(function);
    if (known == mistakes_.end()) return nullptr;
    const auto lines = by_function_.find(function);  // a better line hides the mistake in a lower one
    return lines != by_function_.end() && lines->second.front()->rank < known->second.first ? nullptr : &known->second.second;
}

std::vector<std::pair<std::string, std::string>> Registry::list_stray_mistakes() const {
    std::vector<std::pair<std::string, std::string>> found;
    for (const auto& [target, mistake] : mistakes_)
        if (!declarations_->find_function(target)) found.emplace_back(target, mistake.second);
    return found;
}

std::vector<std::string> Registry::list_known_names() const {
    std::vector<std::string> names;
    for (const FunctionDeclaration& function : declarations_->functions) names.push_back(function.name);
    for (const StructDeclaration& record : declarations_->structs) names.push_back(record.tag);
    return names;
}

}  // namespace ndcall
