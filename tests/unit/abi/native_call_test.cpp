#include <iostream>

#include "abi/compiled_cases.hpp"

namespace ndcall {
namespace {

TEST(NativeCall, CompiledFunctionsReceiveRandomStructsComplexAndLongDouble) {
    std::cout << "seed " << seed << "\n";
    TypePool types;
    std::mt19937_64 dice(seed);
    for (const Case& checked : make_cases<12>(types, std::make_index_sequence<200>())) {
        SCOPED_TRACE(print_c(*checked.function, "f"));
        const CallLayout layout = lay_out_call(types.declarations, *checked.function);
        for (int repeat = 0; repeat < 3; ++repeat) check_case(types, checked, layout, dice);
    }
}

}  // namespace
}  // namespace ndcall
