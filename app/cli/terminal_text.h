// A model's text on standard output.
#pragma once

#include <string>
#include <string_view>

namespace app {

// To a file or a pipe every byte as it is. On a terminal nothing in the text moves the cursor or
// colours: but for line breaks and tabs, what cannot be seen is escaped, as model/load/plain_text
// has it. A character may come in pieces.
class TerminalText {
  public:
    TerminalText();
    ~TerminalText() { finish(); }
    TerminalText(const TerminalText&) = delete;
    TerminalText& operator=(const TerminalText&) = delete;

    void write(std::string_view bytes);
    void finish();  // what is left of a character

  private:
    bool watched_;
    std::string begun_;  // a character whose end has not come yet
};

}  // namespace app
