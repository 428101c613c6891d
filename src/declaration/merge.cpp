#include "declaration/merge.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "declaration/type_table.hpp"
#include "declaration/type_text.hpp"

namespace ndcall {

namespace {

// What a caller must agree on: names, qualifiers and the extents of parameters are left out.
bool is_same_call(const Type& a, const Type& b, bool is_parameter = false) {
    const auto decay = [&](const Type& type) { return is_parameter && type.kind == Kind::Array ? Kind::Pointer : type.kind; };
    if (decay(a) != decay(b) || a.tag != b.tag) return false;
    const bool is_basic = a.target == nullptr;
    if (is_basic) return a.size == b.size || (a.kind == Kind::Struct || a.kind == Kind::Union);
    if (!is_same_call(*a.target, *b.target)) return false;
    if (a.kind != Kind::Function || !a.has_prototype || !b.has_prototype) return true;
    const auto same = [](const Parameter& one, const Parameter& other) { return is_same_call(*one.type, *other.type, true); };
    return a.is_variadic == b.is_variadic &&
           std::equal(a.parameters.begin(), a.parameters.end(), b.parameters.begin(), b.parameters.end(), same);
}

// Everything of a struct or enum that matters to its users, as text.
std::string describe(const StructDeclaration& entry) {
    std::string out = std::to_string(entry.size) + (entry.is_union ? " union" : " struct");
    for (const Field& field : entry.fields) {
        out += ";" + field.name + " " + std::to_string(field.offset) + " " + std::to_string(field.bit_width) + " " +
               std::to_string(field.bit_shift) + " ";
        append_type(out, *field.type);
    }
    return out;
}

std::string describe(const EnumDeclaration& entry) {
    std::string out;
    append_type(out, *entry.underlying);
    for (const Enumerator& member : entry.members) out += ";" + member.name + " " + std::to_string(member.value);
    return out;
}

// Another typedef's name is no tag.
template <class Entry>
const Entry* by_tag(const Entry* found, const std::string& tag) {
    return found != nullptr && found->tag == tag ? found : nullptr;
}

void add_aliases(std::vector<std::string>& to, const std::vector<std::string>& from) {
    for (const std::string& alias : from) {
        if (std::find(to.begin(), to.end(), alias) == to.end()) to.push_back(alias);
    }
}

class Merger {
  public:
    Merger(Declarations& into, Declarations& from) : into_(into), from_(from), table_(into.types) {}

    void merge() {
        if (into_.target.empty()) into_.target = from_.target;
        map_files();
        from_.index_names();
        into_.index_names();
        rename_conflicts();
        merge_structs();
        merge_enums();
        merge_functions();
        merge_variables();
        merge_constants();
        for (std::string& warning : from_.warnings) warn(std::move(warning));
        into_.index_names();
        complete_types();
    }

  private:
    void map_files() {
        for (const std::string& file : from_.files) {
            const auto known = std::find(into_.files.begin(), into_.files.end(), file);
            files_.push_back(static_cast<std::uint32_t>(known - into_.files.begin()));
            if (known == into_.files.end()) into_.files.push_back(file);
        }
    }

    void move(Location& location) {
        if (location.file < files_.size()) location.file = files_[location.file];
    }

    std::string print_place(const Location& location) const {
        return location.file < into_.files.size() ? into_.files[location.file] + ":" + std::to_string(location.line) : "?";
    }

    void warn(std::string text) {
        if (std::find(into_.warnings.begin(), into_.warnings.end(), text) == into_.warnings.end())
            into_.warnings.push_back(std::move(text));
    }

    const Type* translate(const Type* type) {
        if (type == nullptr) return nullptr;
        const auto known = types_.find(type);
        if (known != types_.end()) return known->second;
        Type copy = *type;
        copy.target = translate(type->target);
        for (Parameter& parameter : copy.parameters) parameter.type = translate(parameter.type);
        return types_[type] = table_.intern(std::move(copy));
    }

    // A tag that means two things gets a second name in `from`, before anything of it is moved.
    void rename_conflicts() {
        std::unordered_map<std::string, std::string> renamed;
        const auto rename = [&](auto& entry, const Location& other) {
            std::string tag = entry.tag;
            for (int i = 2; is_taken(tag); ++i) tag = entry.tag + "." + std::to_string(i);
            Location here = entry.location;
            move(here);
            warn(print_place(here) + ": '" + entry.tag + "' is another type in " + print_place(other) + "; it is called '" + tag +
                 "' here");
            renamed[entry.tag] = tag;
            entry.tag = tag;
        };
        for (StructDeclaration& entry : from_.structs) {
            const EnumDeclaration* as_enum = by_tag(into_.find_enum(entry.tag), entry.tag);
            const StructDeclaration* known = by_tag(into_.find_struct(entry.tag), entry.tag);
            if (as_enum != nullptr) {
                rename(entry, as_enum->location);
            } else if (known != nullptr && differs(*known, entry)) {
                rename(entry, known->location);
            }
        }
        for (EnumDeclaration& entry : from_.enums) {
            if (entry.tag.empty()) continue;
            const StructDeclaration* as_struct = by_tag(into_.find_struct(entry.tag), entry.tag);
            const EnumDeclaration* known = by_tag(into_.find_enum(entry.tag), entry.tag);
            if (as_struct != nullptr) {
                rename(entry, as_struct->location);
            } else if (known != nullptr && describe(*known) != describe(entry)) {
                rename(entry, known->location);
            }
        }
        if (renamed.empty()) return;
        for (Type& type : from_.types) {
            if (const auto found = renamed.find(type.tag); found != renamed.end()) type.tag = found->second;
        }
    }

    bool is_taken(const std::string& tag) const {
        return into_.find_struct(tag) != nullptr || into_.find_enum(tag) != nullptr || from_.find_struct(tag) != nullptr ||
               from_.find_enum(tag) != nullptr;
    }

    static bool differs(const StructDeclaration& a, const StructDeclaration& b) {
        if (a.is_union != b.is_union) return true;
        return a.is_complete && b.is_complete && describe(a) != describe(b);
    }

    void merge_structs() {
        for (StructDeclaration& entry : from_.structs) {
            move(entry.location);
            for (Field& field : entry.fields) field.type = translate(field.type);
            const StructDeclaration* found = by_tag(into_.find_struct(entry.tag), entry.tag);
            if (found == nullptr) {
                into_.structs.push_back(std::move(entry));
                continue;
            }
            StructDeclaration& known = into_.structs[static_cast<std::size_t>(found - into_.structs.data())];
            if (!known.is_complete && entry.is_complete) std::swap(known, entry);
            add_aliases(known.aliases, entry.aliases);
        }
    }

    void merge_enums() {
        for (EnumDeclaration& entry : from_.enums) {
            move(entry.location);
            entry.underlying = translate(entry.underlying);
            const EnumDeclaration* found = entry.tag.empty() ? find_anonymous(entry) : by_tag(into_.find_enum(entry.tag), entry.tag);
            if (found == nullptr) {
                into_.enums.push_back(std::move(entry));
            } else {
                add_aliases(into_.enums[static_cast<std::size_t>(found - into_.enums.data())].aliases, entry.aliases);
            }
        }
    }

    const EnumDeclaration* find_anonymous(const EnumDeclaration& entry) const {
        const auto found = std::find_if(into_.enums.begin(), into_.enums.end(), [&](const EnumDeclaration& one) {
            return one.tag.empty() && one.location.file == entry.location.file && one.location.line == entry.location.line;
        });
        return found == into_.enums.end() ? nullptr : &*found;
    }

    void merge_functions() {
        for (FunctionDeclaration& entry : from_.functions) {
            move(entry.location);
            if (entry.comment_location.line != 0) move(entry.comment_location);
            entry.type = translate(entry.type);
            const FunctionDeclaration* found = into_.find_function(entry.name);
            if (found == nullptr) {
                into_.functions.push_back(std::move(entry));
                continue;
            }
            FunctionDeclaration& known = into_.functions[static_cast<std::size_t>(found - into_.functions.data())];
            if (known.is_static || entry.is_static) {
                // Two files may each have a static function of this name; only one without `static` can be in the library.
                if (known.is_static && !entry.is_static) known = std::move(entry);
            } else if (is_same_call(*known.type, *entry.type)) {
                merge_function(known, std::move(entry));
            } else {
                refuse(known, entry.location);
            }
        }
    }

    template <class Entry>
    void refuse(Entry& known, const Location& other) {
        if (known.invalid.empty()) known.invalid = "declared differently in " + print_place(known.location) + " and " + print_place(other);
    }

    void merge_variables() {
        std::unordered_map<std::string, std::size_t> positions;
        for (std::size_t i = 0; i < into_.variables.size(); ++i) positions.emplace(into_.variables[i].name, i);
        for (VariableDeclaration& entry : from_.variables) {
            move(entry.location);
            entry.type = translate(entry.type);
            const auto [found, is_new] = positions.try_emplace(entry.name, into_.variables.size());
            if (is_new) {
                into_.variables.push_back(std::move(entry));
                continue;
            }
            VariableDeclaration& known = into_.variables[found->second];
            if (known.is_static || entry.is_static) {
                if (known.is_static && !entry.is_static) known = std::move(entry);
            } else if (!is_same_call(*known.type, *entry.type)) {
                refuse(known, entry.location);
            } else if (known.type->size == 0) {
                known.type = entry.type;  // `extern double a[]` in one file, its definition in another
            }
        }
    }

    void merge_constants() {
        std::unordered_map<std::string, std::size_t> positions;
        for (std::size_t i = 0; i < into_.constants.size(); ++i) positions.emplace(into_.constants[i].name, i);
        for (ConstantDeclaration& entry : from_.constants) {
            move(entry.location);
            const auto [found, is_new] = positions.try_emplace(entry.name, into_.constants.size());
            if (is_new) {
                into_.constants.push_back(std::move(entry));
            } else if (const ConstantDeclaration& known = into_.constants[found->second]; known.value != entry.value) {
                warn(print_place(entry.location) + ": '" + entry.name + "' has another value in " + print_place(known.location) +
                     ", which is taken");
            }
        }
    }

    // A struct that one file only names may be complete by another's definition.
    void complete_types() {
        for (Type& type : into_.types) {
            if ((type.kind != Kind::Struct && type.kind != Kind::Union) || type.size != 0) continue;
            const StructDeclaration* entry = into_.find_struct(type.tag);
            if (entry == nullptr || !entry->is_complete) continue;
            type.size = entry->size;
            type.align = entry->align;
        }
    }

    Declarations& into_;
    Declarations& from_;
    TypeTable table_;
    std::vector<std::uint32_t> files_;  // position in from_.files -> position in into_.files
    std::unordered_map<const Type*, const Type*> types_;
};

bool is_named(const FunctionDeclaration& function) {
    const auto& parameters = function.type->parameters;
    return std::any_of(parameters.begin(), parameters.end(), [](const Parameter& parameter) { return !parameter.name.empty(); });
}

}  // namespace

void merge_function(FunctionDeclaration& known, FunctionDeclaration&& entry) {
    const bool says_more = (entry.is_definition && !known.is_definition) ||
                           (entry.is_definition == known.is_definition && is_named(entry) && !is_named(known)) ||
                           (!known.type->has_prototype && entry.type->has_prototype);
    if (says_more) std::swap(known, entry);
    if (known.comment.empty()) {
        known.comment = std::move(entry.comment);
        known.comment_location = entry.comment_location;
    }
    if (known.invalid.empty()) known.invalid = std::move(entry.invalid);
    if (known.symbol == known.name) known.symbol = entry.symbol;
    known.is_definition |= entry.is_definition;
    known.is_static |= entry.is_static;
    known.is_inline |= entry.is_inline;
}

void merge_declarations(Declarations& into, Declarations&& from) {
    if (into.files.empty()) {
        into = std::move(from);
        into.index_names();
        return;
    }
    Merger(into, from).merge();
}

}  // namespace ndcall
