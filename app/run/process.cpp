#include "app/run/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <sstream>
#include <utility>

// POSIX has it without a header.
extern "C" char** environ;

namespace app {

namespace {

constexpr size_t most_output = 1 << 16;

// Those that run, by number: kept as long as nobody has waited for their end, so a number is
// theirs.
std::mutex running_mutex;
std::set<pid_t> running;

// What a program is started with.
class Actions {
  public:
    Actions(int in, int out, int extra) {
        posix_spawn_file_actions_init(&files_);
        take(in, STDIN_FILENO, O_RDONLY);
        take(out, STDOUT_FILENO, O_WRONLY);
        posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        if (extra >= 0) posix_spawn_file_actions_adddup2(&files_, extra, STDERR_FILENO + 1);
        // We block and ignore signals that it shall see.
        posix_spawnattr_init(&attributes_);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Actions() {
        posix_spawn_file_actions_destroy(&files_);
        posix_spawnattr_destroy(&attributes_);
    }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    const posix_spawn_file_actions_t* files() const { return &files_; }
    const posix_spawnattr_t* attributes() const { return &attributes_; }

  private:
    void take(int from, int to, int mode) {
        if (from >= 0) {
            posix_spawn_file_actions_adddup2(&files_, from, to);
        } else {
            posix_spawn_file_actions_addopen(&files_, to, "/dev/null", mode, 0);
        }
    }

    posix_spawn_file_actions_t files_;
    posix_spawnattr_t attributes_;
};

}  // namespace

void Descriptor::close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
}

Descriptor memory_file(std::string_view text) {
    Descriptor file(memfd_create("stepscope", MFD_CLOEXEC));
    while (file.open() && !text.empty()) {
        const ssize_t n = write(file.number(), text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            file.close();
            break;
        }
        text.remove_prefix(static_cast<size_t>(n));
    }
    if (file.open()) lseek(file.number(), 0, SEEK_SET);
    return file;
}

std::string text_of(const Descriptor& file) {
    std::string text;
    lseek(file.number(), 0, SEEK_SET);
    char part[4096];
    for (ssize_t n = 0;
         text.size() < most_output && (n = read(file.number(), part, sizeof part)) > 0;) {
        text.append(part, static_cast<size_t>(n));
    }
    return text;
}

bool has_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const auto file = std::filesystem::path(folder) / name;
        std::error_code failed;
        if (std::filesystem::is_regular_file(file, failed) && access(file.c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

Process::Process(const std::vector<std::string>& words, int in, int out, int extra) {
    const Actions actions(in, out, extra);
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const int failed = posix_spawnp(&id_, words.front().c_str(), actions.files(),
                                    actions.attributes(), arguments.data(), environ);
    if (failed != 0) id_ = 0;
    if (id_ == 0) return;
    const std::lock_guard lock(running_mutex);
    running.insert(id_);
}

Process::~Process() {
    if (id_ > 0) kill(id_, SIGKILL);
    finish();
}

bool Process::finish() {
    if (id_ <= 0) return false;
    // Its end first, then its number is given back: end_programs() never meets another's.
    siginfo_t ended{};
    while (waitid(P_PID, static_cast<id_t>(id_), &ended, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
    }
    const std::lock_guard lock(running_mutex);
    running.erase(id_);
    int status = 0;
    const bool waited = waitpid(std::exchange(id_, 0), &status, 0) > 0;
    return waited && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void end_programs() {
    const std::lock_guard lock(running_mutex);
    for (const pid_t id : running) kill(id, SIGKILL);
}

std::optional<std::string> run_program(const std::vector<std::string>& words,
                                       std::string_view input, bool wants_output) {
    const Descriptor in = memory_file(input);
    const Descriptor out = wants_output ? memory_file() : Descriptor();
    if (!in.open() || (wants_output && !out.open())) return {};
    Process process(words, in.number(), out.number());
    if (!process.finish()) return {};
    return wants_output ? text_of(out) : std::string();
}

}  // namespace app
