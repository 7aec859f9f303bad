// What the desktop's own programs do for the window: its clipboard, its choice of a folder, its
// file manager, its wish for less motion. Where one is missing, that is said, not done.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace app {

// Puts a PNG on the clipboard. Throws model::Error where no program does that (wl-copy, xclip).
void copy_png(std::string_view png);

// Shows a folder. Throws model::Error where nothing does (xdg-open).
void show_folder(const std::filesystem::path& folder);

// An answer that comes from another program, in its time, on a thread of its own.
class Answer {
  public:
    // `wake` is called on that thread when the answer is there.
    explicit Answer(void (*wake)()) : wake_(wake) {}

    void set(std::string text);
    std::optional<std::string> take();  // once
    // The program that is asked.
    void set_program(pid_t id);
    // Nobody waits any more: a dialog that is still open goes away.
    void forget();

  private:
    std::mutex mutex_;
    std::optional<std::string> text_;
    void (*wake_)();
    pid_t program_ = 0;
    bool forgotten_ = false;
};

// Asks for a folder; "": none was chosen. Null: there is no program that asks (zenity, kdialog).
std::shared_ptr<Answer> ask_for_folder(void (*wake)());

// Whether the desktop asks programs not to move things ("yes", "no"). Null: nothing knows.
std::shared_ptr<Answer> ask_for_less_motion(void (*wake)());

}  // namespace app
