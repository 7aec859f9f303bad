// How a command speaks while it works.
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

}  // namespace app
