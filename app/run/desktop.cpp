#include "app/run/desktop.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <thread>
#include <utility>

#include "model/base/error.h"

// POSIX has it without a header.
extern "C" char** environ;

namespace app {

namespace {

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }
    void close() {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }

  private:
    int number_;
};

// What a program writes, in memory's stead a file without a name: nobody waits for a pipe that a
// program which goes on in the background holds open.
int unnamed_file(std::string_view text) {
    char name[] = "/tmp/stepscope-XXXXXX";
    const int file = mkstemp(name);
    if (file < 0) return -1;
    unlink(name);
    while (!text.empty()) {
        const ssize_t n = write(file, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        text.remove_prefix(static_cast<size_t>(n));
    }
    lseek(file, 0, SEEK_SET);
    return file;
}

std::string all_of(int file) {
    std::string text;
    lseek(file, 0, SEEK_SET);
    char part[4096];
    for (ssize_t n = 0; (n = read(file, part, sizeof part)) > 0 && text.size() < (1 << 16);) {
        text.append(part, static_cast<size_t>(n));
    }
    return text;
}

std::string without_line_end(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
}

// The work of another thread that nobody waits for when the window is closed.
std::shared_ptr<Answer> ask(std::vector<std::string> words, void (*wake)(),
                            std::string (*read)(std::optional<std::string>)) {
    auto answer = std::make_shared<Answer>();
    std::thread([answer, words = std::move(words), wake, read] {
        answer->set(read(run_program(words, {}, true)));
        wake();
    }).detach();
    return answer;
}

}  // namespace

bool has_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (access((std::filesystem::path(folder) / name).c_str(), X_OK) == 0) return true;
    }
    return false;
}

std::optional<std::string> run_program(const std::vector<std::string>& words,
                                       std::string_view input, bool wants_output) {
    Descriptor in(unnamed_file(input)), out(wants_output ? unnamed_file("") : -1);
    if (in.number() < 0 || (wants_output && out.number() < 0)) return {};
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) return {};
    posix_spawn_file_actions_adddup2(&actions, in.number(), STDIN_FILENO);
    if (wants_output) {
        posix_spawn_file_actions_adddup2(&actions, out.number(), STDOUT_FILENO);
    } else {
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    }
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t process = 0;
    const int failed =
        posix_spawnp(&process, words.front().c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) return {};
    int status = 0;
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR) return {};
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return {};
    return wants_output ? all_of(out.number()) : std::string();
}

void copy_png(std::string_view png) {
    const char* wayland = std::getenv("WAYLAND_DISPLAY");
    std::vector<std::vector<std::string>> ways = {
        {"xclip", "-selection", "clipboard", "-t", "image/png"}};
    if (wayland && *wayland) ways.insert(ways.begin(), {"wl-copy", "--type", "image/png"});
    for (const auto& words : ways) {
        if (has_program(words.front()) && run_program(words, png)) return;
    }
    throw model::Error(
        "copy: install xclip, or wl-clipboard on Wayland, to copy pictures; E saves "
        "one to a file");
}

void show_folder(const std::filesystem::path& folder) {
    if (has_program("xdg-open")) {
        std::thread([folder] { (void)run_program({"xdg-open", folder.string()}); }).detach();
        return;
    }
    throw model::Error("the files are in " + folder.string() +
                       "; install xdg-utils to have the folder shown");
}

void Answer::set(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
}

std::optional<std::string> Answer::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(text_, {});
}

std::shared_ptr<Answer> ask_for_folder(void (*wake)()) {
    const char* title = "The folder of a GPT-2 model";
    std::vector<std::string> words;
    if (has_program("zenity")) {
        words = {"zenity", "--file-selection", "--directory", std::string("--title=") + title};
    } else if (has_program("kdialog")) {
        words = {"kdialog", "--title", title, "--getexistingdirectory", "."};
    } else {
        return nullptr;
    }
    return ask(std::move(words), wake,
               [](std::optional<std::string> said) { return without_line_end(said.value_or("")); });
}

std::shared_ptr<Answer> ask_for_less_motion(void (*wake)()) {
    if (!has_program("gsettings")) return nullptr;
    return ask({"gsettings", "get", "org.gnome.desktop.interface", "enable-animations"}, wake,
               [](std::optional<std::string> said) {
                   const bool less = said && without_line_end(*said) == "false";
                   return std::string(less ? "yes" : "no");
               });
}

}  // namespace app
