// Expressions of a contract become programs: every name is looked up here, once.
//
// A name is, in this order: a parameter, a member of the struct that the item belongs to, C's return value, a constant of the header, or else a
// symbol that an extent binds.
#include <algorithm>
#include <array>

#include "plan/binder.hpp"
#include "text/nearest.hpp"

namespace ndcall::detail {

namespace {

struct Builtin {
    std::string_view name;
    Function function;
    std::uint8_t least, most;  // operands
    bool takes_array;          // the first operand is an array by name
};

constexpr std::array builtins{
    Builtin{"min", Function::Min, 2, 16, false},
    Builtin{"max", Function::Max, 2, 16, false},
    Builtin{"abs", Function::Abs, 1, 1, false},
    Builtin{"int", Function::Int, 1, 1, false},
    Builtin{"len", Function::Len, 1, 1, true},
    Builtin{"size", Function::Size, 1, 1, true},
    Builtin{"shape", Function::Shape, 1, 2, true},
    Builtin{"ndim", Function::Ndim, 1, 1, true},
    Builtin{"stride", Function::Stride, 2, 2, true},
    Builtin{"byte_stride", Function::ByteStride, 2, 2, true},
    Builtin{"byte_strides", Function::ByteStrides, 1, 1, true},
    Builtin{"itemsize", Function::Itemsize, 1, 1, true},
    Builtin{"aligned", Function::Aligned, 2, 2, true},
    Builtin{"increasing", Function::Increasing, 1, 1, true},
    Builtin{"sorted", Function::Sorted, 1, 1, true},
    Builtin{"finite", Function::Finite, 1, 1, true},
};

std::vector<std::string> list_builtin_names() {
    std::vector<std::string> names{"sizeof"};
    for (const Builtin& builtin : builtins) names.emplace_back(builtin.name);
    return names;
}

Node make_integer(std::int64_t value) {
    Node node;
    node.kind = NodeKind::Integer;
    node.integer = value;
    return node;
}

struct SizedWord {
    std::string_view name;
    std::int64_t bytes;
};
// sizeof() of C's own words on LP64; every other type is looked up in the declarations.
constexpr std::array sized_words{
    SizedWord{"char", 1},  SizedWord{"short", 2},  SizedWord{"int", 4},    SizedWord{"long", 8},
    SizedWord{"float", 4}, SizedWord{"double", 8}, SizedWord{"size_t", 8},
};

}  // namespace

std::uint16_t Binder::add_node(Node node) {
    auto& pool = plan_->programs;
    if (pool.nodes.size() >= no_program) fail("the contract is too long");
    pool.nodes.push_back(std::move(node));
    pool.texts.emplace_back();
    return static_cast<std::uint16_t>(pool.nodes.size() - 1);
}

Program Binder::compile(const Expression& expression, const std::string& context, bool may_create_symbols) {
    const Program root = compile_node(expression, context, may_create_symbols);
    plan_->programs.texts[root] = print(expression);
    return root;
}

std::uint16_t Binder::compile_node(const Expression& expression, const std::string& context, bool may_create_symbols) {
    Node node;
    switch (expression.op) {
        case Op::Integer:
        case Op::Character: return add_node(make_integer(expression.integer));
        case Op::Real:
            node.kind = NodeKind::Real;
            node.real = expression.real;
            return add_node(std::move(node));
        case Op::Text:
            node.kind = NodeKind::Text;
            node.text = expression.text;
            return add_node(std::move(node));
        case Op::Null: node.kind = NodeKind::Null; return add_node(std::move(node));
        case Op::Name: return compile_name(expression, context, may_create_symbols);
        case Op::Item: return compile_item(expression, context);
        case Op::Call: return compile_call(expression, context);
        default: break;
    }
    if (expression.op == Op::Negate && expression.operands[0].op == Op::Integer)
        return add_node(make_integer(-expression.operands[0].integer));
    node.kind = expression.op == Op::List ? NodeKind::List : NodeKind::Operator;
    node.op = expression.op;
    node.comparisons = expression.comparisons;
    for (const Expression& operand : expression.operands) {
        const bool is_condition =
            expression.op == Op::Conditional && &operand == &expression.operands[1];  // no extent tells what stands there
        node.operands.push_back(compile_node(operand, context, may_create_symbols && !is_condition));
    }
    return add_node(std::move(node));
}

std::uint16_t Binder::add_reference(const Reference& reference) {
    if (reference.to == Reference::To::Constant) return add_node(reference.constant);
    static constexpr NodeKind kinds[] = {NodeKind::Cell, NodeKind::ArrayElements, NodeKind::TextValue, NodeKind::StructValue,
                                         NodeKind::Member};
    Node node;
    node.kind = kinds[static_cast<std::size_t>(reference.to)];
    node.index = reference.index;
    node.integer = reference.offset;
    node.scalar = reference.scalar;
    return add_node(std::move(node));
}

std::uint16_t Binder::compile_name(const Expression& expression, const std::string& context, bool may_create_symbols) {
    if (const auto reference = find_reference(expression.text, context)) {
        if (may_create_symbols && reference->to == Reference::To::Cell) plan_->cells[reference->index].is_symbol = true;
        return add_reference(*reference);
    }
    const bool may_be_symbol = expression.text.find('.') == std::string::npos && (may_create_symbols || new_names_.count(expression.text));
    if (!may_be_symbol) {
        std::vector<std::string> names = list_slot_names();
        for (const auto& [name, cell] : symbols_) names.push_back(name);
        fail_at(expression.at, "'" + expression.text + "' is not known here: no parameter, extent or constant of the header" +
                                   suggest_nearest(expression.text, names));
    }
    const std::uint16_t cell = add_cell(expression.text, Scalar{ScalarKind::Signed, 8}, "");
    plan_->cells[cell].is_symbol = true;
    symbols_[expression.text] = cell;
    Reference reference;
    reference.to = Reference::To::Cell;
    reference.index = cell;
    return add_reference(reference);
}

std::optional<Reference> Binder::find_reference(const std::string& name, const std::string& context) {
    Reference reference;
    if (const auto known = symbols_.find(name); known != symbols_.end()) {
        reference.to = Reference::To::Cell;
        reference.index = known->second;
        return reference;
    }
    if (const auto known = return_cells_.find(name); known != return_cells_.end()) {
        reference.to = Reference::To::Cell;
        reference.index = known->second;
        return reference;
    }
    Slot* slot = find_slot(name);
    if (!slot && !context.empty()) slot = find_slot(context + name);
    if (!slot) {
        if (name.find('.') != std::string::npos) return find_member(name);
        const auto constant = find_constant(name);
        if (!constant) return std::nullopt;
        reference.constant = *constant;
        return reference;
    }
    if (slot->role == Role::Unbound) {  // named in an expression only: a number C is told, or tells
        const bool indirect = slot->type->kind == Kind::Pointer;
        const auto scalar = find_scalar(indirect ? *slot->type->target : *slot->type);
        if (!scalar) return std::nullopt;
        if (indirect && !slot->type->target->is_const)
            bind_output_cell(*slot, *scalar, *slot->type->target);
        else
            add_cell_for(*slot, *scalar, indirect ? *slot->type->target : *slot->type), slot->by_address = indirect;
    }
    reference.index = slot->index;
    switch (slot->role) {
        case Role::Cell: reference.to = Reference::To::Cell; return reference;
        case Role::Array: reference.to = Reference::To::Array; return reference;
        case Role::Text: reference.to = Reference::To::Text; return reference;
        case Role::Struct: reference.to = Reference::To::Struct; return reference;
        default: return std::nullopt;
    }
}

// "X.size2" of a whole struct argument: read from its memory when the call is made.
std::optional<Reference> Binder::find_member(const std::string& name) {
    const std::size_t dot = name.find('.');
    const Slot* slot = find_slot(name.substr(0, dot));
    if (!slot || slot->role != Role::Struct) return std::nullopt;
    const StructDeclaration* record = context_.declarations->find_struct(plan_->structs[slot->index].tag);
    std::uint32_t offset = 0;
    std::string rest = name.substr(dot + 1);
    while (record) {
        const std::string member = rest.substr(0, rest.find('.'));
        const Field* found = nullptr;
        for (const Field& field : record->fields)
            if (field.name == member && field.bit_width < 0) found = &field;
        if (!found) return std::nullopt;
        offset += found->offset;
        if (member.size() == rest.size()) {
            const auto scalar = find_scalar(*found->type);
            if (!scalar) return std::nullopt;
            Reference reference;
            reference.to = Reference::To::Member;
            reference.index = slot->index;
            reference.offset = offset;
            reference.scalar = *scalar;
            return reference;
        }
        rest = rest.substr(member.size() + 1);
        record = find_record(*found->type);
    }
    return std::nullopt;
}

std::optional<Node> Binder::find_constant(const std::string& name) const {
    for (const EnumDeclaration& enumeration : context_.declarations->enums)
        for (const Enumerator& member : enumeration.members)
            if (member.name == name) return make_integer(member.value);
    for (const ConstantDeclaration& constant : context_.declarations->constants) {
        if (constant.name != name) continue;
        Node node;
        if (const auto* integer = std::get_if<std::int64_t>(&constant.value)) return make_integer(*integer);
        if (const auto* natural = std::get_if<std::uint64_t>(&constant.value)) return make_integer(static_cast<std::int64_t>(*natural));
        if (const auto* real = std::get_if<double>(&constant.value)) {
            node.kind = NodeKind::Real;
            node.real = *real;
        } else {
            node.kind = NodeKind::Text;
            node.text = std::get<std::string>(constant.value);
        }
        return node;
    }
    return std::nullopt;
}

std::uint16_t Binder::compile_item(const Expression& expression, const std::string& context) {
    if (!expression.member.empty()) fail_at(expression.at, "members of array elements are not bound yet");
    const auto reference = find_reference(expression.text, context);
    if (!reference || reference->to != Reference::To::Array)
        fail_at(expression.at, "'" + expression.text + "' is not an array of this function");
    Node node;
    node.kind = NodeKind::ArrayItem;
    node.index = reference->index;
    node.operands = {compile_node(expression.operands.at(0), context, false)};
    return add_node(std::move(node));
}

std::uint16_t Binder::compile_call(const Expression& expression, const std::string& context) {
    if (expression.text == "sizeof") {
        if (expression.operands.size() != 1 || expression.operands[0].op != Op::Name)
            fail_at(expression.at, "sizeof takes one type by name");
        const std::string& type = expression.operands[0].text;
        for (const SizedWord& word : sized_words)
            if (word.name == type) return add_node(make_integer(word.bytes));
        if (const StructDeclaration* record = context_.declarations->find_struct(type); record && record->is_complete)
            return add_node(make_integer(record->size));
        fail_at(expression.operands[0].at, "the size of '" + type + "' is not known");
    }
    for (const Builtin& builtin : builtins)
        if (builtin.name == expression.text) {
            const std::size_t count = expression.operands.size();
            if (count < builtin.least || count > builtin.most)
                fail_at(expression.at, expression.text + "() takes " + std::to_string(builtin.least) +
                                           (builtin.most > builtin.least ? " or more" : "") + " operands, here " + std::to_string(count));
            return compile_builtin(expression, builtin.function, context);
        }
    Node node;
    node.kind = NodeKind::Call;
    const auto known = callees_.find(expression.text);
    if (known != callees_.end()) {
        node.index = known->second;
    } else {
        if (!context_.declarations->find_function(expression.text)) {
            std::vector<std::string> names = list_builtin_names();
            for (const FunctionDeclaration& function : context_.declarations->functions) names.push_back(function.name);
            const std::string near = suggest_nearest(expression.text, names);
            fail_at(expression.at,
                    "'" + expression.text + "' is neither a function of the language nor of the library" +
                        (near.empty() ? "; load the header that declares it, or write its prototype into the source" : near));
        }
        node.index = callees_[expression.text] = static_cast<std::uint16_t>(plan_->callees.size());
        plan_->callees.push_back({context_.find_callee(expression.text)});
    }
    const Plan& callee = *plan_->callees[node.index].plan;
    if (callee.inputs.size() != expression.operands.size())
        fail_at(expression.at, callee.name + " takes " + std::to_string(callee.inputs.size()) + " arguments, here " +
                                   std::to_string(expression.operands.size()));
    for (const Input& input : callee.inputs)
        if (input.form != Form::Number && input.form != Form::Text)
            fail_at(expression.at,
                    "in an expression a function takes numbers and texts only; " + callee.name + " takes '" + input.name + "'");
    for (const Expression& operand : expression.operands) node.operands.push_back(compile_node(operand, context, false));
    return add_node(std::move(node));
}

std::uint16_t Binder::compile_builtin(const Expression& expression, Function function, const std::string& context) {
    Node node;
    node.kind = NodeKind::Function;
    node.function = function;
    const bool takes_array = std::any_of(builtins.begin(), builtins.end(),
                                         [&](const Builtin& builtin) { return builtin.function == function && builtin.takes_array; });
    for (const Expression& operand : expression.operands) node.operands.push_back(compile_node(operand, context, false));
    if (takes_array && plan_->programs.nodes[node.operands.at(0)].kind != NodeKind::ArrayElements)
        fail_at(expression.operands.at(0).at, expression.text + "() takes an array of this function");
    return add_node(std::move(node));
}

// An extent as C wrote it: "n", "2 * n + 1", "3".
Program Binder::compile_c_extent(const std::string& text, const std::string& context) {
    try {
        const Contract parsed = parse_contract("x[" + text + "]", "extent");
        return compile(parsed.parameters.at(0).extents.at(0).value, context, true);
    } catch (const TextError&) {
        fail("C's extent [" + text + "] is not an expression of the contract language: write the extents in a contract");
    }
}

}  // namespace ndcall::detail
