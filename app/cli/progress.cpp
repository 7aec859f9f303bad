#include "app/cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace app {

int terminal_columns() {
    constexpr int usual = 80;
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return (known ? size.ws_col : usual) - 1;  // some wrap when the last column is written
}

ProgressLine::ProgressLine() : watched_(isatty(STDERR_FILENO) != 0) {}

void ProgressLine::show(const char* what, int done, int all) {
    if (!watched_ || all < 2 || done < 1) return;
    show(std::string(what) + " " + std::to_string(done) + " of " + std::to_string(all));
}

void ProgressLine::show(const std::string& line) {
    if (!watched_ || line == line_) return;
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
    line_ = line;
}

void ProgressLine::clear() {
    if (!line_.empty()) std::fputs("\r\033[K", stderr);
    line_.clear();
}

}  // namespace app
