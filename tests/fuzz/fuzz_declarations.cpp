// Declarations that parse are printed, and parse again to the same text.
#include "declaration/text.hpp"
#include "fuzz.hpp"
#include "text/error.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ndcall;
    std::string printed;
    try {
        printed = print_declarations(parse_declarations({reinterpret_cast<const char*>(data), size}));
    } catch (const TextError&) {
        return 0;
    }
    fuzz::demand_equal("declarations, printed and parsed again", printed, print_declarations(parse_declarations(printed)));
    return 0;
}
