#include "text/nearest.hpp"

#include <algorithm>
#include <array>

namespace ndcall {

namespace {

constexpr std::size_t longest_name = 200;  // longer ones are generated, not typed

std::string fold(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '_') continue;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

// Insertions, deletions, replacements and exchanges of two neighbours that lead from one name to the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::array<std::vector<std::size_t>, 3> rows;
    for (auto& row : rows) row.resize(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        const auto& above = rows[(i - 1) % 3];
        const auto& two_above = rows[(i + 1) % 3];
        auto& row = rows[i % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (exchanged) row[j] = std::min(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a.size() % 3][b.size()];
}

struct Near {
    std::size_t distance;
    const std::string* name;
};

// Of names this short a third is less than a letter. One slip tells something when a letter is left and one name alone could be meant.
std::vector<std::string> find_only_short_one(std::string_view name, std::span<const std::string> candidates) {
    std::vector<std::string> found;
    for (const std::string& candidate : candidates) {
        const bool is_near = std::max(name.size(), candidate.size()) == 2 && edit_distance(name, candidate) == 1;
        if (is_near && std::find(found.begin(), found.end(), candidate) == found.end()) found.push_back(candidate);
    }
    return found.size() == 1 ? found : std::vector<std::string>();
}

}  // namespace

std::vector<std::string> find_nearest(std::string_view name, std::span<const std::string> candidates, std::size_t most) {
    std::vector<Near> near;
    if (name.size() > longest_name) return {};
    const std::string folded = fold(name);
    for (const std::string& candidate : candidates) {
        const std::size_t longer = std::max(name.size(), candidate.size());
        const std::size_t shorter = std::min(name.size(), candidate.size());
        if (longer > longest_name) continue;
        if (!folded.empty() && fold(candidate) == folded) {
            near.push_back({0, &candidate});
        } else if (longer - shorter <= longer / 3) {
            const std::size_t distance = edit_distance(name, candidate);
            if (distance <= longer / 3) near.push_back({distance, &candidate});
        }
    }
    std::sort(near.begin(), near.end(),
              [](const Near& a, const Near& b) { return a.distance != b.distance ? a.distance < b.distance : *a.name < *b.name; });
    std::vector<std::string> out;
    for (const Near& one : near) {
        if (out.size() == most) break;
        if (out.empty() || out.back() != *one.name) out.push_back(*one.name);
    }
    return out.empty() && name.size() <= 2 && most > 0 ? find_only_short_one(name, candidates) : out;
}

std::string suggest_nearest(std::string_view name, std::span<const std::string> candidates) {
    const std::vector<std::string> near = find_nearest(name, candidates);
    std::string out;
    for (std::size_t i = 0; i < near.size(); ++i) {
        if (i == 0) {
            out += "; did you mean ";
        } else {
            out += i + 1 == near.size() ? " or " : ", ";
        }
        out += "'" + near[i] + "'";
    }
    return near.empty() ? out : out + "?";
}

}  // namespace ndcall
