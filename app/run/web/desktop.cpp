// What the browser does for the window in the place of a desktop's programs.
#include "app/run/desktop.h"

#include <utility>

#include "model/base/error.h"

extern "C" {                                        // of app/screen/web/page.js
int page_copy_png(const char* bytes, size_t size);  // 0: it cannot
void page_choose_folder();                          // what is chosen comes as if it were dropped
int page_wants_less_motion();
}

namespace app {

void copy_png(std::string_view png) {
    if (page_copy_png(png.data(), png.size()) == 0) {
        throw model::Error("copy: this browser takes no pictures here; E saves one as a download");
    }
}

void show_folder(const std::filesystem::path&) {
    throw model::Error("the files are among the browser's downloads");
}

void Answer::set(std::string text) {
    text_ = std::move(text);
    if (wake_) wake_();
}

std::optional<std::string> Answer::take() {
    return std::exchange(text_, {});
}

void Answer::set_program(pid_t) {}

void Answer::forget() {
    wake_ = nullptr;
}

std::shared_ptr<Answer> ask_for_folder(void (*wake)()) {
    page_choose_folder();
    auto answer = std::make_shared<Answer>(wake);
    answer->set("");
    return answer;
}

std::shared_ptr<Answer> ask_for_less_motion(void (*wake)()) {
    auto answer = std::make_shared<Answer>(wake);
    answer->set(page_wants_less_motion() != 0 ? "yes" : "no");
    return answer;
}

}  // namespace app
