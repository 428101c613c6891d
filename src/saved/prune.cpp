#include "saved/prune.hpp"

#include <algorithm>
#include <unordered_map>

#include "contract/entry.hpp"

namespace ndcall {

namespace {

// Numbers files anew, in the order in which entries stand in them.
class Files {
  public:
    Files(const std::vector<std::string>& all, std::vector<std::string>& used) : all_(all), used_(used) {}

    void move(Location& location) {
        const std::string& path = all_.at(location.file);
        const std::string name = path.substr(path.find_last_of("/\\") + 1);  // npos + 1 is 0
        const auto [known, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(used_.size()));
        if (is_new) used_.push_back(name);
        location.file = known->second;
    }

    template <class Entry>
    std::vector<Entry> move_all(const std::vector<Entry>& entries) {
        std::vector<Entry> out = entries;
        for (Entry& entry : out) move(entry.location);
        return out;
    }

  private:
    const std::vector<std::string>& all_;
    std::vector<std::string>& used_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
};

// A comment that has this prose and no contract.
std::string write_comment(const std::string& prose) {
    std::string out;
    for (std::size_t at = 0; at < prose.size();) {
        const std::size_t end = std::min(prose.find('\n', at), prose.size());
        out += (out.empty() ? "//" : "\n//") + (end == at ? "" : " " + prose.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

}  // namespace

Declarations prune(const Declarations& whole, const std::function<bool(const std::string&)>& kept) {
    Declarations out;
    out.target = whole.target;
    Files files(whole.files, out.files);
    out.structs = files.move_all(whole.structs);
    out.enums = files.move_all(whole.enums);
    out.constants = files.move_all(whole.constants);
    out.variables = files.move_all(whole.variables);
    for (const FunctionDeclaration& function : whole.functions) {
        if (!kept(function.name)) continue;
        FunctionDeclaration& copy = out.functions.emplace_back(function);
        files.move(copy.location);
        copy.comment = write_comment(strip_comment(function.comment));
        if (copy.comment.empty())
            copy.comment_location = {};
        else
            files.move(copy.comment_location);
    }
    return out;
}

}  // namespace ndcall
