// A saved library that parses has its contracts bound to its declarations, as far as they fit, and is printed; the print parses again and
// gives the same text.
#include <algorithm>
#include <map>

#include "fuzz.hpp"
#include "plan/describe.hpp"
#include "saved/saved.hpp"
#include "text/error.hpp"

namespace ndcall::fuzz {
namespace {

// Binds like a loaded library, without opening one.
class Binding {
  public:
    explicit Binding(const Registry& registry) : registry_(registry) {
        context_.declarations = &registry.declarations();
        context_.find_struct_entry = [&](const std::string& tag) { return registry.find_struct_entry(tag); };
        context_.find_callee = [this](const std::string& name) { return bind_callee(name); };
    }

    void bind_all() {
        for (const Offer& offer : registry_.list_offers([](const std::string&) { return true; }))
            for (const Offer::Member& member : offer.members) bind_one(member);
        for (const StructDeclaration& record : registry_.declarations().structs) {
            try {
                bind_struct(record, registry_.find_struct_line(record.tag), context_);
            } catch (const BindFailure&) {
                continue;
            }
        }
    }

  private:
    void bind_one(const Offer::Member& member) {
        try {
            (void)describe_docstring(*bind_function(*member.function, member.line, context_));
        } catch (const BindFailure&) {
            return;
        }
    }

    std::shared_ptr<const Plan> bind_callee(const std::string& name) {
        const auto [known, is_new] = callees_.try_emplace(name, nullptr);
        if (is_new) {
            const Offer::Member member = registry_.find_member(*registry_.declarations().find_function(name));
            auto plan = bind_function(*member.function, member.line, context_);
            callees_[name] = std::move(plan);
        }
        if (const auto& plan = callees_[name]) return plan;
        throw BindFailure("it calls itself, or cannot be bound", "");
    }

    const Registry& registry_;
    BindContext context_;
    std::map<std::string, std::shared_ptr<const Plan>> callees_;
};

std::string print_again(std::string_view text, bool binds) {
    const SavedLibrary saved = parse_saved(text);
    const Registry registry = make_registry(saved, "fuzz");
    if (binds) Binding(registry).bind_all();
    const auto selected = [&](const std::string& name) {
        return std::find(saved.hidden.begin(), saved.hidden.end(), name) == saved.hidden.end();
    };
    return print_saved(saved.files, registry, selected);
}

}  // namespace
}  // namespace ndcall::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ndcall;
    std::string printed;
    try {
        printed = fuzz::print_again({reinterpret_cast<const char*>(data), size}, true);
    } catch (const TextError&) {
        return 0;
    }
    fuzz::demand_equal("a saved library, printed and parsed again", printed, fuzz::print_again(printed, false));
    return 0;
}
