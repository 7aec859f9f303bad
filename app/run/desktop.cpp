#include "app/run/desktop.h"

#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "app/run/process.h"
#include "model/base/error.h"

namespace app {

namespace {

std::string without_line_end(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
}

// Null where the system gives no thread. What is said of a program that failed is "".
std::shared_ptr<Answer> ask(std::vector<std::string> words, void (*wake)(),
                            std::string (*read)(const std::string&)) {
    auto answer = std::make_shared<Answer>(wake);
    try {
        std::thread([answer, words = std::move(words), read] {
            const Descriptor out = memory_file();
            Process process(words, -1, out.number());
            answer->set_program(process.id());
            const bool done = process.finish();
            answer->set_program(0);
            answer->set(read(done && out.open() ? without_line_end(text_of(out)) : ""));
        }).detach();
    } catch (const std::system_error&) {
        return nullptr;
    }
    return answer;
}

}  // namespace

void copy_png(std::string_view png) {
    const char* wayland = std::getenv("WAYLAND_DISPLAY");
    std::vector<std::vector<std::string>> ways = {
        {"xclip", "-selection", "clipboard", "-t", "image/png"}};
    if (wayland && *wayland) ways.insert(ways.begin(), {"wl-copy", "--type", "image/png"});
    bool tried = false;
    for (const auto& words : ways) {
        if (!has_program(words.front())) continue;
        tried = true;
        if (run_program(words, png)) return;
    }
    if (tried) throw model::Error("copy: the clipboard does not take the picture; E saves it");
    throw model::Error(
        "copy: install xclip, or wl-clipboard on Wayland, to copy pictures; E saves one to a file");
}

void show_folder(const std::filesystem::path& folder) {
    if (!has_program("xdg-open")) {
        throw model::Error("the files are in " + folder.string() +
                           "; install xdg-utils to have the folder shown");
    }
    if (!run_program({"xdg-open", folder.string()})) {
        throw model::Error("the files are in " + folder.string() + "; nothing here shows folders");
    }
}

void Answer::set(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
    if (wake_) wake_();
}

std::optional<std::string> Answer::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(text_, {});
}

void Answer::set_program(pid_t id) {
    const std::lock_guard lock(mutex_);
    program_ = id;
    if (forgotten_ && program_ > 0) kill(program_, SIGTERM);
}

void Answer::forget() {
    const std::lock_guard lock(mutex_);
    wake_ = nullptr;
    forgotten_ = true;
    if (program_ > 0) kill(program_, SIGTERM);
}

std::shared_ptr<Answer> ask_for_folder(void (*wake)()) {
    const std::string title = "The folder of a GPT-2 model";
    std::vector<std::string> words;
    if (has_program("zenity")) {
        words = {"zenity", "--file-selection", "--directory", "--title=" + title};
    } else if (has_program("kdialog")) {
        words = {"kdialog", "--title", title, "--getexistingdirectory", "."};
    } else {
        return nullptr;
    }
    return ask(std::move(words), wake, [](const std::string& said) { return said; });
}

std::shared_ptr<Answer> ask_for_less_motion(void (*wake)()) {
    if (!has_program("gsettings")) return nullptr;
    return ask({"gsettings", "get", "org.gnome.desktop.interface", "enable-animations"}, wake,
               [](const std::string& said) { return std::string(said == "false" ? "yes" : "no"); });
}

}  // namespace app
