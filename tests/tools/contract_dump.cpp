// Reads contract files from stdin, one a line with '\n' and '\\' escaped, and answers each with one line: the dumps of its entries, or
// the first mistake. With --print: the entries printed, a line each.
#include <cstring>
#include <iostream>
#include <string>

#include "contract/dump.hpp"

namespace {

std::string unescape(const std::string& line) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool escaped = line[i] == '\\' && i + 1 < line.size();
        if (escaped) ++i;
        out += escaped && line[i] == 'n' ? '\n' : line[i];
    }
    return out;
}

std::string escape(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n' || c == '\\') out += '\\';
        out += c == '\n' ? 'n' : c;
    }
    return out;
}

std::string answer(const std::string& text, bool prints) {
    const ndcall::ContractFile file = ndcall::parse_contract_file(text, "test");
    if (!file.mistakes.empty()) return std::string("error ") + file.mistakes.front().error.what();
    std::string out = "ok";
    for (const ndcall::Entry& entry : file.entries) out += prints ? "\n" + ndcall::print(entry) : " " + ndcall::dump(entry);
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    const bool prints = argc > 1 && std::strcmp(argv[1], "--print") == 0;
    std::string line;
    while (std::getline(std::cin, line)) std::cout << escape(answer(unescape(line), prints)) << '\n' << std::flush;
}
