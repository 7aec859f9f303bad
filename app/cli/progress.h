// How a command speaks while it works, and how it is stopped.
#pragma once

#include <string>

namespace app {

// Columns that a line on stderr may have without being wrapped.
int terminal_columns();

// A line on stderr that is rewritten while work goes on, and only where somebody watches. It
// vanishes in the end.
class ProgressLine {
  public:
    ProgressLine();
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const char* what, int done, int all);  // "step 3 of 40"
    void show(const std::string& line);
    void clear();

  private:
    bool watched_;
    std::string line_;  // that is there
};

// While it lives, Ctrl+C (and a polite request to end) is a wish, to be asked for between pieces of
// work, so that nothing is left half-written. One at a time.
class Interruptible {
  public:
    Interruptible();
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;

    bool asked() const;
};
constexpr int interrupted = 130;  // exit status, as shells have it

}  // namespace app
