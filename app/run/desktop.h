// What the desktop's own programs do for the window: its clipboard, its choice of a folder, its
// file manager, its wish for less motion. Where one is missing, that is said, not done.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app {

// Whether a program of this name can be run.
bool has_program(const std::string& name);

// Runs a program, found on the path: it reads `input`, and what it writes comes back where that is
// asked for. None: it could not be run, or failed.
std::optional<std::string> run_program(const std::vector<std::string>& words,
                                       std::string_view input = {}, bool wants_output = false);

// Puts a PNG on the clipboard. Throws model::Error where no program does that (wl-copy, xclip).
void copy_png(std::string_view png);

// Shows a folder. Throws model::Error where nothing does.
void show_folder(const std::filesystem::path& folder);

// An answer that comes from another program, in its time.
class Answer {
  public:
    void set(std::string text);
    std::optional<std::string> take();  // once

  private:
    std::mutex mutex_;
    std::optional<std::string> text_;
};

// Asks for a folder; "": none was chosen. Null: there is no program that asks (zenity, kdialog).
// `wake` is called on another thread when the answer is there.
std::shared_ptr<Answer> ask_for_folder(void (*wake)());

// Whether the desktop asks programs not to move things ("yes", "no").
std::shared_ptr<Answer> ask_for_less_motion(void (*wake)());

}  // namespace app
