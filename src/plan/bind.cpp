// The order in which a line is bound to a declaration. Each step stands in the file named bind_<noun>.cpp.
#include "plan/bind.hpp"

#include "plan/binder.hpp"

namespace ndcall {

namespace detail {

void Binder::fail(const std::string& message) const { throw BindFailure(message, find_cure()); }

void Binder::fail_at(Span at, const std::string& message) const {
    if (!line_.entry) fail(message);
    const std::string whole = make_error(line_.source, at, message).what();
    throw BindFailure(whole, "");
}

std::string Binder::find_cure() const { return function_ && context_.suggest_line ? context_.suggest_line(*function_) : ""; }

void Binder::describe_source(const std::string& file, std::uint32_t line, const std::string& comment) {
    plan_->source = file.substr(file.rfind('/') + 1) + ":" + std::to_string(line);  // npos + 1 is 0
    plan_->comment = strip_comment(comment);
    plan_->contract = line_.entry ? line_.entry->source : "";
    plan_->contract_origin = line_.entry ? line_.origin : "declaration";
}

std::shared_ptr<Plan> Binder::bind(const FunctionDeclaration& function) {
    function_ = &function;
    contract_ = line_.entry ? &line_.entry->contract : &empty_;
    plan_->c_name = function.name;
    plan_->name = line_.entry && !line_.entry->python_name.empty() ? line_.entry->python_name : function.name;
    plan_->declaration = function.text;
    plan_->function = function.type;
    describe_source(context_.declarations->files.at(function.location.file), function.location.line, function.comment);
    refuse_function(function);
    refuse_unbound_language();
    make_parameter_slots(function);
    mention_items();
    mention_clauses();
    refuse_visible_writes(function);
    refuse_single_values(function);
    bind_return(function);
    finish();
    refuse_ignored_return(function);
    bind_gil(function.body);
    return plan_;
}

std::shared_ptr<Plan> Binder::bind(const StructDeclaration& record) {
    record_ = &record;
    contract_ = line_.entry ? &line_.entry->contract : &empty_;
    plan_->c_name = plan_->name = record.tag;
    plan_->declaration = (record.is_union ? "union " : "struct ") + record.tag;
    describe_source(context_.declarations->files.at(record.location.file), record.location.line, record.comment);
    if (!record.invalid.empty()) fail(record.invalid);
    if (!record.is_complete) fail("struct " + record.tag + " is declared but not defined here: only its own library can make one");
    if (record.is_union) fail("union " + record.tag + ": which member holds is not known");
    refuse_unbound_language();
    make_member_slots(make_block("", record), "", record);
    mention_items();
    mention_clauses();
    finish();
    return plan_;
}

void Binder::finish() {
    for (std::size_t i = 0; i < slots_.size(); ++i) bind_slot(slots_[i]);  // by index: bind_slot may open nothing, but members follow
    bind_extents();
    bind_clauses();
    decide_symbols();
    order_inputs();
    order_results();
    place_slots();
}

}  // namespace detail

std::shared_ptr<Plan> bind_function(const FunctionDeclaration& function, const BoundLine& line, const BindContext& context) {
    return detail::Binder(line, context).bind(function);
}

std::shared_ptr<Plan> bind_struct(const StructDeclaration& record, const BoundLine& line, const BindContext& context) {
    return detail::Binder(line, context).bind(record);
}

}  // namespace ndcall
