#include "saved/target.hpp"

#include <algorithm>
#include <vector>

namespace ndcall {

namespace {

std::vector<std::string> split(std::string_view name) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t end = std::min(name.find('-', at), name.size());
        parts.emplace_back(name.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

// "x86_64-linux-gnu" of "x86_64-pc-linux-gnu", "aarch64-darwin" of "arm64-apple-darwin23.1.0".
std::string normalize(std::string_view name) {
    std::vector<std::string> parts = split(name);
    const bool has_vendor = parts.size() > 3 || (parts.size() == 3 && parts[1] != "linux");
    if (has_vendor) parts.erase(parts.begin() + 1);
    if (parts[0] == "amd64") parts[0] = "x86_64";
    if (parts[0] == "arm64") parts[0] = "aarch64";
    std::string out;
    for (const std::string& part : parts) out += (out.empty() ? "" : "-") + part;
    if (parts.size() == 2) out.resize(out.find_last_not_of("0123456789.") + 1);
    return out;
}

}  // namespace

std::string_view get_own_target() noexcept { return NDCALL_TARGET; }

bool is_same_target(std::string_view a, std::string_view b) { return normalize(a) == normalize(b); }

}  // namespace ndcall
