#include "contract/dump.hpp"
#include "contract/entry.hpp"
#include "contract/test_data.hpp"

namespace ndcall {
namespace {

using test::read_data;

TEST(Contract, TakesEveryLineOfTheRealLibraries) {
    const ContractFile file = parse_contract_file(read_data("lines.contract"), "lines.contract");
    for (const Mistake& mistake : file.mistakes) ADD_FAILURE() << mistake.error.what();
    EXPECT_EQ(file.entries.size(), 202U);
}

TEST(Contract, PrintsEveryLineOfTheRealLibrariesSoThatItParsesToTheSameTree) {
    const ContractFile file = parse_contract_file(read_data("lines.contract"), "lines.contract");
    for (const Entry& entry : file.entries) {
        const ContractFile again = parse_contract_file(print(entry), "printed");
        ASSERT_EQ(again.entries.size(), 1U) << print(entry);
        EXPECT_EQ(dump(again.entries.front()), dump(entry)) << print(entry);
    }
}

}  // namespace
}  // namespace ndcall
