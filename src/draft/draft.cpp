#include "draft/draft.hpp"

#include <algorithm>

#include "draft/sketch.hpp"

namespace ndcall {

using detail::Scene;
using detail::Sketch;

const char* name_certainty(Certainty certainty) {
    static constexpr const char* names[] = {"blank", "guess", "likely", "sure"};
    return names[static_cast<std::size_t>(certainty)];
}

Drafter::Drafter(const Registry& registry)
    : registry_(registry), scene_(std::make_unique<Scene>(detail::make_scene(registry.declarations()))) {}

Drafter::~Drafter() = default;

namespace {

// What the binder says of a line, or of the declaration alone; nothing when it binds.
class Binding {
  public:
    explicit Binding(const Registry& registry) : registry_(registry) {
        context_.declarations = &registry.declarations();
        context_.find_struct_entry = [this](const std::string& tag) { return registry_.find_struct_entry(tag); };
        // A function that an expression calls is bound by its own line, or as it is declared. It may call no further one: a draft never does.
        context_.find_callee = [this](const std::string& name) -> std::shared_ptr<const Plan> {
            const FunctionDeclaration* callee = registry_.declarations().find_function(name);
            BindContext inner = context_;
            inner.find_callee = nullptr;
            return bind_function(*callee, registry_.find_member(*callee).line, inner);
        };
    }

    std::string try_declaration(const FunctionDeclaration& function) const { return try_line(function, BoundLine{}); }

    std::string try_text(const FunctionDeclaration& function, const std::string& text) const {
        const ContractFile file = parse_contract_file(text, "draft");
        if (!file.mistakes.empty()) return file.mistakes[0].error.what();
        const Entry& entry = file.entries.at(0);
        return try_line(function, {&entry, *entry.contract.source, "draft"});
    }

  private:
    std::string try_line(const FunctionDeclaration& function, const BoundLine& line) const {
        try {
            bind_function(function, line, context_);
            return {};
        } catch (const BindFailure& failure) {
            return failure.what();
        }
    }

    const Registry& registry_;
    BindContext context_;
};

// Without the position in a line that the reader has not seen yet, and without its picture.
std::string shorten(const std::string& message) {
    std::string first = message.substr(0, message.find('\n'));
    if (first.starts_with("draft:")) first = first.substr(first.find(": ") + 2);
    return first;
}

bool is_not_bound_yet(const std::string& message) { return message.find("not bound yet") != std::string::npos; }

// A word in capitals binds only when a person has replaced it.
bool is_about_blank(const std::string& message) { return message.find("_OF_") != std::string::npos && !is_not_bound_yet(message); }

// No line makes these callable.
std::string find_refusal(const FunctionDeclaration& function, const std::string& message) {
    const bool is_hopeless = !function.invalid.empty() || function.is_static || function.is_inline || !function.type->has_prototype ||
                             function.type->is_variadic;
    return is_hopeless ? shorten(message) : "";
}

Sketch make_sketch(const FunctionDeclaration& function, const Scene& scene) {
    Sketch sketch(function, scene);
    detail::decide_known(sketch);
    if (sketch.is_whole) return sketch;
    detail::decide_callbacks(sketch);
    detail::find_capacities(sketch);
    detail::decide_directions(sketch);
    detail::decide_extents(sketch);
    detail::decide_return(sketch);
    return sketch;
}

}  // namespace

Draft Drafter::draft(const FunctionDeclaration& function) const {
    Draft out;
    out.function = &function;
    if (registry_.find_member(function).line.entry || registry_.find_mistake(function.name)) {
        out.kind = Draft::Kind::Given;
        return out;
    }
    const Binding binding(registry_);
    const std::string alone = binding.try_declaration(function);
    out.obstacle = find_refusal(function, alone);
    if (!out.obstacle.empty()) {
        out.kind = Draft::Kind::Refused;
        return out;
    }
    const Sketch sketch = make_sketch(function, *scene_);
    out.line = sketch.write_line();
    out.certainty = sketch.certainty;
    out.reasons = sketch.reasons;
    if (out.line.empty()) {
        out.kind = alone.empty() ? Draft::Kind::Needless : Draft::Kind::Refused;
        out.obstacle = shorten(alone);
        return out;
    }
    const std::string wrong = binding.try_text(function, out.line);
    if (wrong.empty()) return out;
    if (!is_not_bound_yet(wrong)) out.certainty = Certainty::Blank;
    if (!is_about_blank(wrong)) out.obstacle = shorten(wrong);
    return out;
}

std::vector<HandleDraft> Drafter::list_handles() const {
    std::vector<HandleDraft> out;
    for (const auto& [handle, freed] : scene_->freed)
        out.push_back({"handle " + handle + ": free " + freed, freed + " takes a " + handle + " alone, and others return one"});
    return out;
}

std::string Drafter::suggest_line(const FunctionDeclaration& function) const {
    const Draft found = draft(function);
    if (found.kind != Draft::Kind::Line || !found.obstacle.empty()) return "";
    if (found.certainty == Certainty::Blank) return found.line + "   # a blank: nothing tells the rest";
    return found.certainty == Certainty::Guess ? found.line + "   # a guess: is it so?" : found.line;
}

}  // namespace ndcall
