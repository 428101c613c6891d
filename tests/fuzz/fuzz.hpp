// What the fuzz targets share: a demand that, not met, is a finding.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace ndcall::fuzz {

inline void demand_equal(std::string_view what, const std::string& expected, const std::string& found) {
    if (expected == found) return;
    std::fprintf(stderr, "== %.*s\n-- expected\n%s\n-- found\n%s\n", static_cast<int>(what.size()), what.data(), expected.c_str(),
                 found.c_str());
    std::abort();
}

}  // namespace ndcall::fuzz

// libFuzzer's door. `data` ends at a red zone: a view of it, not a copy, shows a read past the end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
