#include "python/review.hpp"

#include "plan/describe.hpp"

namespace ndcall {

namespace {

class Reviewer {
  public:
    explicit Reviewer(Library& library) : library_(library), registry_(library.registry()) {}

    Verdict review_member(const Offer& offer, const Offer::Member& member) {
        const FunctionDeclaration& function = *member.function;
        Verdict verdict = describe(offer.name, member.line, function.location);
        verdict.declaration = function.text;
        const bool has_symbol = library_.find_symbol(function.symbol) != nullptr;
        try {
            // Without its symbol a function is bound here, for its signature, and never gets an address.
            const auto plan = has_symbol ? library_.bind_member(member, offer.name)->plan : bind_alone(member);
            verdict.signature = describe_signature(*plan);
            if (!has_symbol) verdict.kind = VerdictKind::LacksSymbol;
        } catch (const BindFailure& failure) {
            refuse(verdict, failure.what(), failure.cure());
            if (registry_.find_mistake(function.name)) verdict.kind = VerdictKind::WrongContract;
        } catch (const TextError& error) {
            refuse(verdict, error.what(), "");
            verdict.kind = VerdictKind::WrongContract;
        }
        return verdict;
    }

    Verdict review_struct(const StructDeclaration& record) {
        const BoundLine line = registry_.find_struct_line(record.tag);
        Verdict verdict = describe(record.tag, line, record.location);
        try {
            (void)library_.bind_struct(record.tag);
        } catch (const BindFailure& failure) {
            refuse(verdict, failure.what(), failure.cure());
        }
        return verdict;
    }

  private:
    Verdict describe(const std::string& name, const BoundLine& line, const Location& location) const {
        Verdict verdict;
        verdict.name = name;
        verdict.file = registry_.declarations().files.at(location.file);
        verdict.line = location.line;
        if (line.entry) {
            verdict.contract = line.entry->source;
            verdict.contract_origin = line.origin;
        }
        return verdict;
    }

    static void refuse(Verdict& verdict, const std::string& problem, const std::string& cure) {
        verdict.problem = problem;
        verdict.cure = cure;
        verdict.kind = !verdict.contract_origin.empty() ? VerdictKind::WrongContract
                       : cure.empty()                   ? VerdictKind::Refused
                                                        : VerdictKind::LacksContract;
    }

    std::shared_ptr<Plan> bind_alone(const Offer::Member& member) {
        const std::string& name = member.function->name;
        if (const std::string* mistake = registry_.find_mistake(name)) throw BindFailure(*mistake, "");
        if (depth_ == deepest_callee) throw BindFailure("its contract calls " + name + " itself", "");
        struct Descent {
            int& depth;
            explicit Descent(int& at) : depth(at) { ++depth; }
            ~Descent() { --depth; }
        } descent{depth_};
        BindContext context;
        context.declarations = &registry_.declarations();
        context.find_struct_entry = [this](const std::string& tag) { return registry_.find_struct_entry(tag); };
        context.find_callee = [this](const std::string& callee) -> std::shared_ptr<const Plan> {
            return bind_alone(registry_.find_member(*registry_.declarations().find_function(callee)));
        };
        return bind_function(*member.function, member.line, context);
    }

    static constexpr int deepest_callee = 16;
    Library& library_;
    const Registry& registry_;
    int depth_ = 0;
};

Verdict review_stray(const std::pair<std::string, std::string>& mistake) {
    Verdict verdict;
    verdict.kind = VerdictKind::LineOfNothing;
    verdict.name = mistake.first;
    verdict.problem = mistake.second;
    return verdict;
}

}  // namespace

std::vector<Verdict> review(Library& library, const std::function<bool(const std::string&)>& selected) {
    const Registry& registry = library.registry();
    Reviewer reviewer(library);
    std::vector<Verdict> verdicts;
    for (const Offer& offer : registry.list_offers(selected))
        for (const Offer::Member& member : offer.members) verdicts.push_back(reviewer.review_member(offer, member));
    for (const StructDeclaration& record : registry.declarations().structs)
        if (registry.find_struct_entry(record.tag)) verdicts.push_back(reviewer.review_struct(record));
    for (const auto& mistake : registry.list_stray_mistakes()) verdicts.push_back(review_stray(mistake));
    return verdicts;
}

}  // namespace ndcall
