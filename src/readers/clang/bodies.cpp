#include "readers/clang/bodies.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "readers/clang/spans.hpp"

namespace ndcall::clang {

namespace {

enum class Use : std::uint8_t { None, Read, Write, ReadWrite };

// Functions of the C library of which everybody knows what they do with memory. 'r' and 'w' stand at the positions of the arguments.
struct KnownFunction {
    std::string_view name, uses;
};
constexpr std::array<KnownFunction, 9> known_functions = {{
    {"memcpy", "wr"},
    {"memmove", "wr"},
    {"memset", "w"},
    {"strcpy", "wr"},
    {"strncpy", "wr"},
    {"strcat", "wr"},
    {"sprintf", "w"},
    {"snprintf", "w"},
    {"bzero", "w"},
}};

enum : int { storage_static = 3, no_linkage = 1 };

class BodyWalk {
  public:
    BodyWalk(Unit& unit, const std::string& file, Cursor function, Cursor body, Bodies::Body& out)
        : unit_(unit), file_(file), origins_(unit, function, body), out_(out) {}

    void walk(Cursor cursor, Use use, unsigned depth) {
        if (depth > deepest_expression || cursor.kind == cursor_sizeof) return;
        const std::vector<Cursor> children = list_children(unit_, cursor);
        const auto walk_all = [&](Use each) {
            for (const Cursor child : children) walk(child, each, depth + 1);
        };
        switch (cursor.kind) {
            case cursor_parenthesis:
            case cursor_unexposed_expression:
            case cursor_cast: return walk_all(use);
            case cursor_reference: return touch_variable(cursor);
            case cursor_binary: return walk_binary(cursor, children, depth);
            case cursor_unary: return walk_unary(cursor, children, use, depth);
            case cursor_compound_assignment:
                if (children.size() != 2) return walk_all(Use::Read);
                walk(children[0], Use::ReadWrite, depth + 1);
                return walk(children[1], Use::Read, depth + 1);
            case cursor_subscript:
                note(cursor, use);
                for (const Cursor child : children) walk(child, is_row(child) ? Use::None : Use::Read, depth + 1);
                return;
            case cursor_member:
                note(cursor, use);
                return walk_all(children.empty() || is_pointer(unit_, children[0]) ? Use::Read : Use::None);
            case cursor_call: return walk_call(cursor, children, depth);
            default: return walk_all(Use::Read);
        }
    }

    void drop_replaced() {
        std::erase_if(out_.writes, [&](const std::string& path) { return origins_.is_replaced(path); });
    }

  private:
    // x[i] in x[i][j]: finding the row counts as no use of the memory, unlike `s->data` in s->data[j].
    bool is_row(Cursor expression) const {
        if (!is_pointer(unit_, expression) && !is_array(unit_, expression)) return false;
        const Cursor bare = strip_casts(unit_, expression);
        return bare.kind == cursor_subscript || bare.kind == cursor_unary;
    }

    void walk_binary(Cursor cursor, const std::vector<Cursor>& children, unsigned depth) {
        const bool assigns = find_operator(unit_, cursor, children) == Operator::Assign;
        for (std::size_t i = 0; i < children.size(); ++i) walk(children[i], assigns && i == 0 ? Use::Write : Use::Read, depth + 1);
    }

    void walk_unary(Cursor cursor, const std::vector<Cursor>& children, Use use, unsigned depth) {
        Use inner = Use::Read;
        switch (find_operator(unit_, cursor, children)) {
            case Operator::Address: inner = Use::None; break;
            case Operator::Change: inner = Use::ReadWrite; break;
            case Operator::Dereference:
                note(cursor, use);
                inner = children.size() == 1 && is_row(children[0]) && !changes(children[0]) ? Use::None : Use::Read;
                break;
            default: break;
        }
        for (const Cursor child : children) walk(child, inner, depth + 1);
    }

    // `*p++`: the pointer itself changes.
    bool changes(Cursor expression) {
        const Cursor bare = strip_casts(unit_, expression);
        return bare.kind == cursor_unary && find_operator(unit_, bare, list_children(unit_, bare)) == Operator::Change;
    }

    void note(Cursor expression, Use use) {
        if (use == Use::None || (use == Use::Read && is_array(unit_, expression))) return;
        const Path owner = origins_.find_owner(expression);
        if (owner.empty()) return;
        if (use != Use::Write) out_.reads.insert(owner);
        if (use != Use::Read) out_.writes.insert(owner);
    }

    std::string name_function(Cursor declaration) const {
        return Bodies::name_body(unit_.spelling(declaration), file_, unit_.api.getCursorLinkage(declaration) == linkage_internal);
    }

    void touch_variable(Cursor reference) {
        const Api& api = unit_.api;
        const Cursor declaration = api.getCursorReferenced(reference);
        if (declaration.kind == cursor_function) out_.uses.insert(name_function(declaration));
        if (declaration.kind != cursor_variable || api.getCursorTLSKind(declaration) != 0) return;
        const bool lives_on = api.Cursor_getStorageClass(declaration) == storage_static || api.getCursorLinkage(declaration) > no_linkage;
        if (!lives_on || api.Location_isInSystemHeader(api.getCursorLocation(declaration)) != 0) return;
        if (!is_constant(api.getCanonicalType(api.getCursorType(declaration)))) out_.statics.insert(unit_.spelling(declaration));
    }

    // A const pointer to what is not const still leads to memory that is shared.
    bool is_constant(TypeHandle type) const {
        const Api& api = unit_.api;
        bool constant = api.isConstQualifiedType(type) != 0;
        while (is_array_kind(type.kind)) {
            type = api.getArrayElementType(type);
            constant |= api.isConstQualifiedType(type) != 0;
        }
        if (!constant || type.kind != type_pointer) return constant;
        const TypeHandle target = api.getCanonicalType(api.getPointeeType(type));
        return api.isConstQualifiedType(target) != 0 || target.kind == type_function || target.kind == type_function_without_prototype;
    }

    void walk_call(Cursor cursor, const std::vector<Cursor>& children, unsigned depth) {
        const Api& api = unit_.api;
        const Cursor callee = api.getCursorReferenced(cursor);
        const bool is_named = callee.kind == cursor_function;
        const int count = api.Cursor_getNumArguments(cursor);
        for (int i = 0; is_named && i < count; ++i)
            note_argument(callee, static_cast<unsigned>(i), api.Cursor_getArgument(cursor, static_cast<unsigned>(i)));
        for (const Cursor child : children) walk(child, Use::Read, depth + 1);
    }

    void note_argument(Cursor callee, unsigned position, Cursor argument) {
        if (!is_pointer(unit_, argument) && !is_array(unit_, argument)) return;
        const Path path = origins_.find_pointee(argument);
        if (path.empty()) return;
        const std::string name = unit_.spelling(callee);
        const auto known =
            std::find_if(known_functions.begin(), known_functions.end(), [&](const KnownFunction& row) { return row.name == name; });
        if (known != known_functions.end()) {
            if (position < known->uses.size()) (known->uses[position] == 'w' ? out_.writes : out_.reads).insert(path);
            return;
        }
        // A callee that promises not to write will read; one that may write might do either.
        const TypeHandle parameter = unit_.api.getCanonicalType(unit_.api.getArgType(unit_.api.getCursorType(callee), position));
        const bool is_read = parameter.kind == type_pointer && unit_.api.isConstQualifiedType(unit_.api.getPointeeType(parameter)) != 0;
        if (is_read) out_.reads.insert(path);
        out_.calls.push_back({name_function(callee), position, path});
    }

    Unit& unit_;
    const std::string& file_;
    Origins origins_;
    Bodies::Body& out_;
};

// "x.data" of a callee's parameter x is "y.data" of the caller's y that it got.
bool hand_over(const std::set<std::string>& from, const std::string& parameter, const Path& path, std::set<std::string>& to) {
    bool grew = false;
    for (const std::string& name : from) {
        if (name != parameter && !name.starts_with(parameter + ".")) continue;
        grew |= to.insert(path + name.substr(parameter.size())).second;
    }
    return grew;
}

}  // namespace

std::string Bodies::name_body(const std::string& function, const std::string& file, bool is_static) {
    return is_static ? function + " of " + file : function;
}

bool Bodies::spread(Body& caller) {
    bool grew = false;
    for (const Call& call : caller.calls) {
        const auto callee = bodies_.find(call.callee);
        if (callee == bodies_.end() || call.argument >= callee->second.parameters.size()) continue;
        const std::string& parameter = callee->second.parameters[call.argument];
        if (parameter.empty()) continue;
        // Copies: a function may call itself.
        const std::set<std::string> reads = callee->second.reads, writes = callee->second.writes;
        grew |= hand_over(reads, parameter, call.path, caller.reads);
        grew |= hand_over(writes, parameter, call.path, caller.writes);
    }
    for (const std::string& used : caller.uses) {
        const auto callee = bodies_.find(used);
        if (callee == bodies_.end() || &callee->second == &caller) continue;
        for (const std::string& name : callee->second.statics) grew |= caller.statics.insert(name).second;
    }
    return grew;
}

namespace {

// A prototype that says more than the definition may have other names for its parameters.
bool has_parameter(const FunctionDeclaration& function, std::string_view name) {
    const auto& parameters = function.type->parameters;
    return std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& one) { return one.name == name; });
}

std::vector<std::string> select(const FunctionDeclaration& function, const std::set<Path>& paths) {
    std::vector<std::string> out;
    for (const Path& path : paths)
        if (has_parameter(function, std::string_view(path).substr(0, path.find('.')))) out.push_back(path);
    return out;
}

std::vector<BodyFacts::Span> select_spans(const FunctionDeclaration& function, const Bodies::Body& body) {
    std::vector<BodyFacts::Span> out;
    for (const auto& [parameter, extents] : body.spans) {
        const bool is_known = std::all_of(extents.begin(), extents.end(), [&](const std::string& extent) {
            const bool is_number = extent.find_first_not_of("0123456789") == std::string::npos;
            return is_number || (has_parameter(function, extent) && !body.writes.contains(extent));
        });
        if (is_known && has_parameter(function, parameter)) out.push_back({parameter, extents});
    }
    return out;
}

}  // namespace

void Bodies::finish(Declarations& declarations) {
    // A path may grow with every call of a recursive function; facts deeper than this are no help to anyone.
    constexpr int most_rounds = 16;
    bool again = true;
    for (int round = 0; again && round < most_rounds; ++round) {
        again = false;
        for (auto& [name, body] : bodies_) again |= spread(body);
    }
    for (FunctionDeclaration& function : declarations.functions) {
        const std::string& file = declarations.files[function.location.file];
        const auto found = bodies_.find(name_body(function.name, file, function.is_static));
        if (found == bodies_.end()) continue;
        const auto& statics = found->second.statics;
        function.body = {select(function, found->second.reads),
                         select(function, found->second.writes),
                         {statics.begin(), statics.end()},
                         select_spans(function, found->second)};
    }
}

void BodyReader::read(Cursor function, Cursor body) {
    const Api& api = unit_.api;
    Bodies::Body& out = bodies_.add(Bodies::name_body(unit_.spelling(function), file_, api.getCursorLinkage(function) == linkage_internal));
    const int count = std::max(api.Cursor_getNumArguments(function), 0);
    for (int i = 0; i < count; ++i) out.parameters.push_back(unit_.spelling(api.Cursor_getArgument(function, static_cast<unsigned>(i))));
    BodyWalk walk(unit_, file_, function, body, out);
    walk.walk(body, Use::Read, 0);
    walk.drop_replaced();
    const Spans spans(unit_, function, body);
    out.spans = spans.list();
    for (const std::string& parameter : spans.list_set_first()) out.reads.erase(parameter);
}

}  // namespace ndcall::clang
