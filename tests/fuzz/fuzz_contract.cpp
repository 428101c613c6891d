// Contract lines that parse are printed, in the language's spelling and in their author's, and parse again to the same trees.
#include <map>
#include <vector>

#include "contract/dump.hpp"
#include "fuzz.hpp"
#include "text/error.hpp"

namespace ndcall::fuzz {
namespace {

// The trees of a text without mistakes, or the first mistake.
std::string dump_file(const std::string& text) {
    const ContractFile file = parse_contract_file(text, "printed");
    if (!file.mistakes.empty()) return file.mistakes.front().error.what();
    std::string out;
    for (const Entry& entry : file.entries) out += dump(entry) + "\n";
    return out;
}

void check_file(std::string_view text) {
    const ContractFile file = parse_contract_file(text, "fuzz");
    std::map<const SourceText*, std::vector<const Entry*>> lines;
    for (const Entry& entry : file.entries) {
        demand_equal("an entry, printed and parsed again", dump(entry) + "\n", dump_file(print(entry)));
        lines[entry.contract.source.get()].push_back(&entry);
    }
    for (const auto& [source, members] : lines) {
        if (members.front()->kind != Entry::Kind::Function && members.front()->kind != Entry::Kind::Struct) continue;
        std::string expected;
        for (const Entry* member : members) expected += dump(*member) + "\n";
        const std::string written = print_as_written(members);
        demand_equal("a line as it was written, parsed again", expected, dump_file(written));
        const ContractFile again = parse_contract_file(written, "written");
        std::vector<const Entry*> same;
        for (const Entry& entry : again.entries) same.push_back(&entry);
        demand_equal("a line as it was written, written again", written, print_as_written(same));
    }
}

void check_comment(std::string_view text) {
    try {
        const std::optional<Entry> entry = parse_comment_contract(text, "f", "fuzz");
        const Entry* const member = entry ? &*entry : nullptr;
        if (member) demand_equal("a contract in a comment, parsed again", dump(*entry) + "\n", dump_file(print_as_written({&member, 1})));
    } catch (const TextError&) {
        return;
    }
}

}  // namespace
}  // namespace ndcall::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    ndcall::fuzz::check_file(text);
    ndcall::fuzz::check_comment(text);
    return 0;
}
