#include "declaration/declaration.hpp"

#include <algorithm>

namespace ndcall {

namespace {

const std::string& name_of(const FunctionDeclaration& entry) { return entry.name; }
const std::string& name_of(const StructDeclaration& entry) { return entry.tag; }
const std::string& name_of(const EnumDeclaration& entry) { return entry.tag; }

bool has_alias(const FunctionDeclaration&, const std::string&) { return false; }
template <class Entry>
bool has_alias(const Entry& entry, const std::string& name) {
    return std::find(entry.aliases.begin(), entry.aliases.end(), name) != entry.aliases.end();
}

void add_aliases(const FunctionDeclaration&, std::uint32_t, std::unordered_map<std::string, std::uint32_t>&) {}
template <class Entry>
void add_aliases(const Entry& entry, std::uint32_t position, std::unordered_map<std::string, std::uint32_t>& positions) {
    for (const std::string& alias : entry.aliases) positions.try_emplace(alias, position);
}

template <class Entry, class Index>
const Entry* find_entry(const std::vector<Entry>& entries, const Index& index, const std::string& name) {
    if (const auto found = index.positions.find(name); found != index.positions.end()) return &entries[found->second];
    for (std::size_t i = index.covered; i < entries.size(); ++i) {
        if (name_of(entries[i]) == name) return &entries[i];
    }
    for (std::size_t i = index.covered; i < entries.size(); ++i) {
        if (has_alias(entries[i], name)) return &entries[i];
    }
    return nullptr;
}

template <class Entry, class Index>
void fill_index(const std::vector<Entry>& entries, Index& index) {
    index.positions.clear();
    index.positions.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) index.positions.try_emplace(name_of(entries[i]), static_cast<std::uint32_t>(i));
    for (std::size_t i = 0; i < entries.size(); ++i) add_aliases(entries[i], static_cast<std::uint32_t>(i), index.positions);
    index.covered = entries.size();
}

}  // namespace

const FunctionDeclaration* Declarations::find_function(const std::string& name) const {
    return find_entry(functions, function_index_, name);
}

const StructDeclaration* Declarations::find_struct(const std::string& tag) const { return find_entry(structs, struct_index_, tag); }

const EnumDeclaration* Declarations::find_enum(const std::string& tag) const { return find_entry(enums, enum_index_, tag); }

void Declarations::index_names() {
    fill_index(functions, function_index_);
    fill_index(structs, struct_index_);
    fill_index(enums, enum_index_);
}

}  // namespace ndcall
