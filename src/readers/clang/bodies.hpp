// What function bodies read and write through their parameters, and which static variables they touch.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "readers/clang/origins.hpp"
#include "readers/clang/unit.hpp"

namespace ndcall::clang {

// The bodies of all files that are read in one go, so that facts follow calls from file to file.
class Bodies {
  public:
    struct Call {
        std::string callee;
        unsigned argument = 0;  // position
        Path path;              // whose memory is handed on
    };
    struct Body {
        std::vector<std::string> parameters;
        std::set<std::string> reads, writes, statics;
        std::map<std::string, std::vector<std::string>> spans;
        std::vector<Call> calls;
        std::set<std::string> uses;  // functions that it calls or whose address it takes
    };

    // The name under which a function's body is kept: a static one is another function in each file.
    static std::string name_body(const std::string& function, const std::string& file, bool is_static);

    Body& add(const std::string& name) { return bodies_[name]; }

    // Lets what a function does count for those that call it, then writes all into the declarations.
    void finish(Declarations& declarations);

  private:
    bool spread(Body& caller);

    std::map<std::string, Body> bodies_;
};

class BodyReader {
  public:
    // `file` is the one that the unit was made from.
    BodyReader(Unit& unit, std::string file, Bodies& bodies) : unit_(unit), file_(std::move(file)), bodies_(bodies) {}

    // `function` is a definition whose body clang has parsed.
    void read(Cursor function, Cursor body);

  private:
    Unit& unit_;
    std::string file_;
    Bodies& bodies_;
};

}  // namespace ndcall::clang
