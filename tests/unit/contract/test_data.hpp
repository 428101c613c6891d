// Files under tests/data, and the one format of expected errors there.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace ndcall::test {

inline std::string read_data(const std::string& name) {
    std::ifstream file(std::filesystem::path(NDCALL_TEST_DATA) / name);
    EXPECT_TRUE(file) << name;
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

inline std::vector<std::string> split_text(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) out.push_back(line);
    return out;
}

// Records with an empty line between them: the input, each line behind "| ", then what is expected.
struct Record {
    std::string input, expected;
};

inline std::vector<Record> read_records(const std::string& name) {
    std::vector<Record> out;
    bool begins = true;
    for (const std::string& line : split_text(read_data(name))) {
        if (line.empty()) {
            begins = true;
            continue;
        }
        if (begins) out.emplace_back();
        begins = false;
        const bool is_input = line.front() == '|';
        std::string& part = is_input ? out.back().input : out.back().expected;
        if (!part.empty()) part += '\n';
        part.append(line, is_input ? std::min<std::size_t>(2, line.size()) : 0);
    }
    return out;
}

}  // namespace ndcall::test
