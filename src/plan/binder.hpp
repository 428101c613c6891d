// The binder's own state: private to src/plan. One Binder binds one line to one declaration.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "plan/bind.hpp"
#include "plan/types.hpp"

namespace ndcall::detail {

// What became of a C parameter or struct member.
enum class Role : std::uint8_t { Unbound, Cell, Array, Text, Struct, Vector, Block, Null };

// Something of C's that gets a value at a call: a parameter, or a member of a struct that the call builds.
struct Slot {
    std::string name;            // as the contract says it: "a", "data.src_ratio"
    const Type* type = nullptr;  // as declared
    std::uint16_t block = none;  // member of this block; none: a parameter
    std::uint32_t offset = 0;    // in its block
    const Item* left = nullptr;  // where the contract mentions it
    const Item* right = nullptr;
    const Setting* fixed = nullptr;
    Role role = Role::Unbound;
    std::uint16_t index = none;  // into the table of its role
    bool by_address = false;     // Cell: C gets a pointer to it. Struct, Block: a pointer, not the value
    bool is_input = false, is_result = false;
};

// A name in an expression, looked up.
struct Reference {
    enum class To : std::uint8_t { Cell, Array, Text, Struct, Member, Constant } to = To::Constant;
    std::uint16_t index = none;
    Node constant;             // Constant
    std::uint32_t offset = 0;  // Member
    Scalar scalar;             // Member
};

class Binder {
  public:
    Binder(const BoundLine& line, const BindContext& context) : line_(line), context_(context), plan_(std::make_shared<Plan>()) {}

    std::shared_ptr<Plan> bind(const FunctionDeclaration& function);
    std::shared_ptr<Plan> bind(const StructDeclaration& record);

  private:
    // bind.cpp: the order of the work
    void describe_source(const std::string& file, std::uint32_t line, const std::string& comment);
    void finish();
    [[noreturn]] void fail(const std::string& message) const;
    [[noreturn]] void fail_at(Span at, const std::string& message) const;
    std::string find_cure() const;

    // bind_slots.cpp: C's parameters and members, and where the contract mentions them
    void refuse_function(const FunctionDeclaration& function);
    void make_parameter_slots(const FunctionDeclaration& function);
    std::uint16_t make_block(const std::string& name, const StructDeclaration& record);
    void make_member_slots(std::uint16_t block, const std::string& prefix, const StructDeclaration& record);
    void open_block(const std::string& base, Span at);
    Slot* find_slot(const std::string& name);
    Slot& need_slot(const std::string& name, Span at, const char* what);
    std::vector<std::string> list_slot_names() const;
    void mention_items();
    void mention_clauses();
    void refuse_unbound_language() const;
    void refuse_item(const Item& item, bool is_result);
    [[noreturn]] void refuse_callback(const Item& item);
    void refuse_extent(const Extent& extent) const;

    // bind_items.cpp: what each slot is
    void bind_slot(Slot& slot);
    void bind_remaining(Slot& slot);
    void bind_fixed(Slot& slot);
    void bind_scalar(Slot& slot, Scalar scalar);
    void bind_pointer(Slot& slot, const Type& pointee);
    void bind_text(Slot& slot, bool is_bytes);
    void bind_array(Slot& slot, const Type& element);
    void bind_rows(Slot& slot);
    void bind_reference(Slot& slot, Scalar scalar, const Type& pointee);
    void bind_struct_slot(Slot& slot, const Type& record, bool by_address);
    void bind_output_cell(Slot& slot, Scalar scalar, const Type& pointee);
    [[noreturn]] void fail_undescribed(const Slot& slot) const;
    bool is_described(const Slot& slot) const { return slot.left || slot.right; }
    bool is_plain_member(const Type& type) const;
    // A text that nobody sets in a struct object is NULL, as its numbers are zero.
    bool is_optional_input(const Slot& slot) const { return slot.left ? slot.left->is_optional : record_ && slot.role == Role::Text; }
    void refuse_alignment(const StructDeclaration& record) const;
    Span get_span(const Slot& slot) const;
    bool item_has(const Slot& slot, bool Words::*word) const;
    const Item* find_item_with_extents(const Slot& slot) const;
    const Item* find_item_with_type(const Slot& slot) const;
    std::uint16_t add_cell(const std::string& name, Scalar scalar, const std::string& ctype);
    std::uint16_t add_cell_for(Slot& slot, Scalar scalar, const Type& type);
    void set_origin(std::uint16_t cell, const Item& item);
    void set_dtype(Array& array, const Item* item, const Type& element, const Slot& slot);
    void set_words(Array& array, const Item& item, bool is_result);
    void check_element_type(const ContractType& type, DType wanted, const Type& element, const Slot& slot) const;
    std::uint16_t find_enumeration(const Item* item, const Type& type);
    std::uint16_t add_vector(Slot& slot, Program list, std::uint16_t shape_group);
    const StructDeclaration* find_record(const Type& type) const;

    // bind_extents.cpp: extents and steps
    void bind_extents();
    void bind_axes(const Slot& slot, const Item& item);
    void bind_declared_axes(const Slot& slot);
    void bind_shape_name(std::uint16_t array, const std::string& name, Span at);
    void add_equations(std::uint16_t array);

    // bind_expressions.cpp: expressions -> programs
    Program compile(const Expression& expression, const std::string& context, bool may_create_symbols);
    std::uint16_t compile_node(const Expression& expression, const std::string& context, bool may_create_symbols);
    std::uint16_t compile_name(const Expression& expression, const std::string& context, bool may_create_symbols);
    std::uint16_t compile_call(const Expression& expression, const std::string& context);
    std::uint16_t compile_builtin(const Expression& expression, Function function, const std::string& context);
    std::uint16_t compile_item(const Expression& expression, const std::string& context);
    std::uint16_t add_node(Node node);
    std::uint16_t add_reference(const Reference& reference);
    std::optional<Reference> find_reference(const std::string& name, const std::string& context);
    std::optional<Reference> find_member(const std::string& name);
    std::optional<Node> find_constant(const std::string& name) const;
    Program compile_c_extent(const std::string& text, const std::string& context);

    // bind_clauses.cpp: what stands after the first ';'
    void bind_clauses();
    void bind_test(const Clause& clause);
    void bind_alias(const Clause& clause);
    void bind_gil(const BodyFacts& body);
    void bind_return(const FunctionDeclaration& function);
    [[noreturn]] void refuse_returned_pointer(const Type& type) const;
    void bind_struct_return(const Type& type);
    void refuse_ignored_return(const FunctionDeclaration& function) const;
    void refuse_visible_writes(const FunctionDeclaration& function) const;
    void refuse_single_values(const FunctionDeclaration& function) const;

    // bind_python.cpp: arguments and results in Python's order
    struct OrderedInput {
        Input input;
        std::string name;   // as the contract says it
        const Item* item;   // where the left side mentions it
        std::size_t order;  // among the others; C's order unless the left side changes it
    };
    std::size_t find_c_position(const Slot& slot) const;
    bool keeps_c_order();
    std::vector<OrderedInput> list_visible_inputs();
    void take_written_order(std::vector<OrderedInput>& inputs) const;
    void add_new_inputs(std::vector<OrderedInput>& inputs, bool keeps_order);
    void order_inputs();
    void order_results();
    void decide_symbols();
    std::set<std::uint16_t> find_determined();
    bool is_visible(const Slot& slot) const;
    Input make_input(const Slot& slot) const;
    void add_default(Input& input, const Item& item, const Slot& slot);
    void place_slots();
    Placement make_placement(const Slot& slot) const;

    const BoundLine& line_;
    const BindContext& context_;
    std::shared_ptr<Plan> plan_;
    const FunctionDeclaration* function_ = nullptr;
    const StructDeclaration* record_ = nullptr;
    const Contract* contract_ = nullptr;  // never null while binding: an empty one when there is no line
    Contract empty_;
    std::vector<Slot> slots_;                       // parameters in C's order, then members
    std::map<std::string, std::uint16_t> symbols_;  // name -> cell: names that C does not have
    std::map<std::string, Span> new_names_;         // bare names on the left that C does not have
    std::map<std::string, std::uint16_t> shape_groups_;
    std::set<std::string> returned_;  // names on the right that are C's return value: "return", "return.x"
    bool return_tested_ = false, return_ignored_ = false;
    std::map<std::string, std::uint16_t> return_cells_;  // "return", "return.x"
    std::map<std::string, std::uint16_t> callees_;
};

}  // namespace ndcall::detail
