// Reads the command line, runs the command, and turns what went wrong into one line and a status.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "app/cli/command_line.h"
#include "app/cli/ending.h"
#include "app/run/settings.h"
#include "model/base/errors.h"
#include "model/base/failure.h"
#include "model/load/plain_text.h"
#include "viz/paint/font.h"

namespace {

constexpr int failed = 1;

// A standard stream that was closed would give its number to the next file or connection, and
// messages would be written into that. So its place is taken, by what cannot be used either.
void take_closed_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(stream, F_GETFD) != -1) continue;
        // The lowest number that is free: this one.
        if (open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) return;
    }
}

}  // namespace

int main(int argc, char** argv) {
    take_closed_streams();
    model::keep_memory_for_the_end();
    app::watch_for_signals();
    std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is told like a full disk
    try {
        if (const auto assets = app::assets_folder(); !assets.empty()) {
            viz::set_font_folder(assets / "fonts");
        }
        return app::CommandLine().run(argc, argv);
    } catch (const std::bad_alloc&) {
        std::cerr << "stepscope: there is not enough memory for this model\n";
    } catch (const model::Errors& errors) {
        for (const std::string& line : errors.lines()) {
            std::cerr << "stepscope: " << model::plain_text(line) << "\n";
        }
    } catch (const std::exception& failure) {
        std::cerr << "stepscope: " << model::plain_text(model::failure_words(failure)) << "\n";
    }
    return failed;
}
