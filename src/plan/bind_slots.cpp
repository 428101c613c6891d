// C's parameters and members, and where the contract mentions them.
#include <algorithm>
#include <cstddef>

#include "plan/binder.hpp"
#include "plan/types.hpp"
#include "text/nearest.hpp"

namespace ndcall::detail {

namespace {

std::string get_base(const std::string& name) { return name.substr(0, name.find('.')); }

// Names of the header may be said without their leading underscores.
bool same_name(const std::string& written, const std::string& declared) {
    if (written == declared) return true;
    const std::size_t first = declared.find_first_not_of('_');
    return first != std::string::npos && first > 0 && written == declared.substr(first);
}

const Type& skip_pointer(const Type& type) {
    const bool indirect = type.kind == Kind::Pointer || type.kind == Kind::Array;
    return indirect ? *type.target : type;
}

}  // namespace

void Binder::refuse_function(const FunctionDeclaration& function) {
    if (!function.invalid.empty()) fail(function.invalid);
    if (function.is_static)
        fail("it is static: the library does not export it. Take `static` away, or call it from a function that is not static");
    if (!function.type->has_prototype)
        fail("its declaration has no prototype: write `(void)` when it takes nothing, or the parameters' types");
    if (function.type->is_variadic)
        fail(
            "it is variadic: a variable number of arguments (`...`) is understood, but not bound yet: this version of ndcall cannot call "
            "it");
}

void Binder::make_parameter_slots(const FunctionDeclaration& function) {
    const auto& parameters = function.type->parameters;
    const bool has_head = line_.entry && line_.entry->has_head;
    if (has_head && line_.entry->head.size() != parameters.size())
        fail_at(line_.entry->at, "the head names " + std::to_string(line_.entry->head.size()) + " parameters, " + function.name + " has " +
                                     std::to_string(parameters.size()) + ": " + function.text);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        Slot slot;
        slot.name = has_head ? line_.entry->head[i].name : parameters[i].name;
        if (slot.name.empty() || (has_head && slot.name == "_")) slot.name = "arg" + std::to_string(i + 1);
        slot.type = parameters[i].type;
        slots_.push_back(std::move(slot));
        plan_->parameter_names.push_back(slots_.back().name);
    }
}

std::uint16_t Binder::make_block(const std::string& name, const StructDeclaration& record) {
    plan_->blocks.push_back({name, record.tag, record.size, record.align, {}, {}});
    return static_cast<std::uint16_t>(plan_->blocks.size() - 1);
}

// Members of nested structs are members too: "a.b" has its own offset.
void Binder::make_member_slots(std::uint16_t block, const std::string& prefix, const StructDeclaration& record) {
    for (const Field& field : record.fields) {
        Slot slot;
        slot.name = prefix + field.name;
        slot.type = field.type;
        slot.block = block;
        slot.offset = field.offset;
        if (field.bit_width >= 0 || field.name.empty()) continue;  // left zero: an anonymous member or bit-field has no address of its own
        slots_.push_back(std::move(slot));
    }
}

// Members of a struct object that need no word: beside numbers complex structs, and text.
bool Binder::is_plain_member(const Type& type) const {
    const StructDeclaration* record = find_record(type);
    const bool is_text = type.kind == Kind::Pointer && type.target->kind == Kind::Character && type.target->is_const;
    return is_text || (record && find_complex_struct(*record));
}

// Memory that we make has the alignment of the language's own types.
void Binder::refuse_alignment(const StructDeclaration& record) const {
    if (record.align > alignof(std::max_align_t))
        fail("struct " + record.tag + " is aligned to " + std::to_string(record.align) + " bytes by hand: ndcall makes no such memory");
}

void Binder::open_block(const std::string& base, Span at) {
    Slot& slot = need_slot(base, at, "a member");
    if (slot.role == Role::Block) return;
    const Type& record_type = skip_pointer(*slot.type);
    const StructDeclaration* record = find_record(record_type);
    if (!record) fail_at(at, "'" + base + "' is " + print_c(*slot.type) + ", not a struct: it has no members");
    if (!record->is_complete) fail_at(at, "struct " + record->tag + " is declared but not defined here: its members are not known");
    refuse_alignment(*record);
    slot.role = Role::Block;
    slot.by_address = slot.type->kind == Kind::Pointer;
    slot.index = make_block(base, *record);
    const std::uint16_t block = slot.index;  // `slot` may move when slots are added
    make_member_slots(block, base + ".", *record);
}

Slot* Binder::find_slot(const std::string& name) {
    const auto exact = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.name == name; });
    if (exact != slots_.end()) return &*exact;
    const auto loose = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return same_name(name, slot.name); });
    return loose != slots_.end() ? &*loose : nullptr;
}

std::vector<std::string> Binder::list_slot_names() const {
    std::vector<std::string> names;
    for (const Slot& slot : slots_) names.push_back(slot.name);
    return names;
}

Slot& Binder::need_slot(const std::string& name, Span at, const char* what) {
    if (Slot* slot = find_slot(name)) return *slot;
    const std::string owner = function_ ? function_->name : "struct " + record_->tag;
    fail_at(at, "'" + name + "' is not " + what + " of " + owner + suggest_nearest(name, list_slot_names()));
}

void Binder::mention_items() {
    for (const Item& item : contract_->parameters) {
        refuse_item(item, false);
        if (item.name.find('.') != std::string::npos && !find_slot(item.name)) open_block(get_base(item.name), item.at);
        Slot* slot = find_slot(item.name);
        if (!slot) {
            if (item.has_extents || item.type || item.words.inout) need_slot(item.name, item.at, "a parameter");
            new_names_[item.name] = item.at;  // must be an extent or stand in an expression: decide_symbols looks
            continue;
        }
        if (slot->left) fail_at(item.at, "'" + item.name + "' stands twice left of '->'");
        slot->left = &item;
        slot->is_input = true;
    }
    for (const Item& item : contract_->results) {
        refuse_item(item, true);
        if (get_base(item.name) == "return") {
            returned_.insert(item.name);
            continue;
        }
        if (item.name.find('.') != std::string::npos && !find_slot(item.name)) open_block(get_base(item.name), item.at);
        Slot& slot = need_slot(item.name, item.at, "a parameter");
        if (slot.right) fail_at(item.at, "'" + item.name + "' stands twice right of '->'");
        slot.right = &item;
        slot.is_result = true;
    }
}

void Binder::mention_clauses() {
    for (const Clause& clause : contract_->clauses) {
        if (clause.kind == ClauseKind::Ignore) return_ignored_ = true;
        if (clause.kind != ClauseKind::Set) continue;
        const Setting& setting = clause.settings.at(0);
        if (setting.name.find('.') != std::string::npos && !find_slot(setting.name)) open_block(get_base(setting.name), setting.at);
        Slot* slot = find_slot(setting.name);
        if (!slot) continue;  // a symbol with a fixed value: bind_clauses sees to it
        if (slot->left)
            fail_at(setting.at,
                    "'" + setting.name + "' is an argument already: a fixed value after ';' hides it; a default stands left of '->'");
        if (slot->right) fail_at(setting.at, "'" + setting.name + "' is a result: it has no fixed value");
        if (slot->fixed) fail_at(setting.at, "'" + setting.name + "' is set twice");
        slot->fixed = &setting;
    }
}

namespace {

struct LaterClause {
    ClauseKind kind;
    const char* name;
};

// Parsed, and refused by name until they are bound.
constexpr LaterClause later_clauses[] = {
    {ClauseKind::Scratch, "scratch"}, {ClauseKind::First, "first ... then"}, {ClauseKind::User, "user"}, {ClauseKind::Error, "error"},
    {ClauseKind::Keep, "keep"},       {ClauseKind::Broadcast, "broadcast"},  {ClauseKind::Each, "each"}, {ClauseKind::Halo, "halo"},
    {ClauseKind::Whole, "whole"},
};

std::string say_later(const std::string& what) { return what + " is understood, but not bound yet: this version of ndcall cannot call it"; }

}  // namespace

void Binder::refuse_unbound_language() const {
    for (const Clause& clause : contract_->clauses)
        for (const LaterClause& later : later_clauses)
            if (clause.kind == later.kind) fail_at(clause.at, say_later(std::string("'") + later.name + "'"));
}

void Binder::refuse_extent(const Extent& extent) const {
    if (extent.capacity) fail_at(extent.at, say_later("'count <= capacity'"));
    if (extent.form == Extent::Form::Until) fail_at(extent.at, say_later("'until'"));
}

void Binder::refuse_callback(const Item& item) {
    const Slot* slot = find_slot(item.name);
    const bool is_pointer = slot && slot->type->kind == Kind::Pointer;
    const bool is_function = slot && (is_pointer ? slot->type->target : slot->type)->kind == Kind::Function;
    if (slot && !is_function) fail_at(item.at, "'" + item.name + "' is " + print_c(*slot->type) + ", not a function: extents stand in [ ]");
    fail_at(item.at, say_later("a callback"));
}

void Binder::refuse_item(const Item& item, bool is_result) {
    if (item.name == "*") fail_at(item.at, say_later("'-> *'"));
    if (item.callback) refuse_callback(item);
    if (item.words.taken) fail_at(item.at, say_later("'taken'"));
    if (item.words.is_static) fail_at(item.at, say_later("'static'"));
    if (item.phrase && item.phrase->form == Phrase::Form::Free) fail_at(item.phrase->at, say_later("'free'"));
    if (item.phrase && item.phrase->form == Phrase::Form::Of) fail_at(item.phrase->at, say_later("'of'"));
    if (is_result && item.words.inout) fail_at(item.at, "'inout' stands left of '->': what C changes in place is the caller's array");
    if (is_result && item.words.copy) fail_at(item.at, "'copy' stands left of '->': it is an input that C destroys");
    if (!is_result && item.words.unset) fail_at(item.at, "'unset' stands right of '->': only a result is allocated");
    const bool is_text =
        item.type && (item.type->name == "str" || item.type->name == "bytes") && item.type->form == ContractType::Form::Name;
    if (is_text && (is_result || (item.has_extents && item.type->name == "str")))
        fail_at(item.type->at, say_later("'" + item.type->name + "' here"));
    if (get_base(item.name) == "return" && (item.has_extents || item.type))
        fail_at(item.at, say_later("a returned pointer with extents or type"));
    for (const Extent& extent : item.extents) refuse_extent(extent);
    if (item.words.rows &&
        std::any_of(item.extents.begin(), item.extents.end(), [](const Extent& extent) { return extent.form == Extent::Form::AnyShape; }))
        fail_at(item.at, say_later("'*' in 'rows'"));
}

}  // namespace ndcall::detail
