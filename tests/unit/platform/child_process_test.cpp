#include "platform/child_process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <system_error>

namespace ndcall {
namespace {

struct Pipe {
    int ends[2];
    Pipe() { EXPECT_EQ(pipe(ends), 0); }
    ~Pipe() {
        close(ends[0]);
        close_writer();
    }
    void close_writer() {
        if (ends[1] >= 0) close(ends[1]);
        ends[1] = -1;
    }
    std::string read_all() {
        close_writer();
        std::string text;
        std::array<char, 256> buffer;
        for (ssize_t count; (count = read(ends[0], buffer.data(), buffer.size())) > 0;)
            text.append(buffer.data(), static_cast<size_t>(count));
        return text;
    }
};

struct Done {
    int status;
    std::string output, error;
};

Done run(const std::string& script, const std::vector<std::string>& environment = {}) {
    Pipe output, error;
    const int input = open("/dev/null", O_RDONLY);
    const int child = start_process({"/bin/sh", "-c", script}, environment, "/usr", {input, output.ends[1], error.ends[1]});
    close(input);
    Done done{0, output.read_all(), error.read_all()};
    EXPECT_EQ(waitpid(child, &done.status, 0), child);
    return done;
}

TEST(ChildProcess, RunsInItsFolderWithItsFilesAndEnvironment) {
    const Done done = run("pwd; echo \"$A-$B\"; echo no >&2; exit 3", {"A=one two", "B=\xe9"});
    EXPECT_EQ(done.output, "/usr\none two-\xe9\n");
    EXPECT_EQ(done.error, "no\n");
    EXPECT_EQ(WEXITSTATUS(done.status), 3);
}

TEST(ChildProcess, HasAGroupOfItsOwn) {
    const Done done = run("read -r pid name state parent group rest </proc/self/stat; test $group = $$ && echo own");
    EXPECT_EQ(done.output, "own\n");
}

TEST(ChildProcess, HeedsSignalsThatItsStarterIgnores) {
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    const Done done = run("kill -PIPE $$; echo alive");
    std::signal(SIGPIPE, before);
    EXPECT_EQ(done.output, "");
    EXPECT_EQ(WTERMSIG(done.status), SIGPIPE);
}

TEST(ChildProcess, InheritsNoOtherDescriptor) {
    const int open_here = open("/dev/null", O_RDONLY);  // not marked close-on-exec
    const Done done = run("[ -e /proc/$$/fd/" + std::to_string(open_here) + " ] || echo closed");
    close(open_here);
    EXPECT_EQ(done.output, "closed\n");
}

TEST(ChildProcess, AProgramOrFolderThatIsNotThereIsAnError) {
    const auto code_of = [](const std::string& program, const std::string& folder) {
        try {
            start_process({program}, {}, folder, {0, 1, 2});
        } catch (const std::system_error& error) {
            return error.code().value();
        }
        return 0;
    };
    EXPECT_EQ(code_of("/nowhere/program", "/"), ENOENT);
    EXPECT_EQ(code_of("/bin/true", "/nowhere"), ENOENT);
    EXPECT_EQ(code_of("/etc/passwd", "/"), EACCES);
}

}  // namespace
}  // namespace ndcall
