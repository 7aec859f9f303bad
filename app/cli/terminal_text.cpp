#include "app/cli/terminal_text.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "model/load/tokenizer_parts.h"

namespace app {

namespace {

// Whether more bytes may make it a character.
bool may_go_on(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const size_t whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
    return lead <= 0xF4 && text.size() < whole &&
           std::all_of(text.begin() + 1, text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; });
}

}  // namespace

TerminalText::TerminalText() : watched_(isatty(STDOUT_FILENO) != 0) {}

void TerminalText::write(std::string_view bytes) {
    if (!watched_) {
        std::cout << bytes << std::flush;
        return;
    }
    const std::string text = begun_ + std::string(bytes);
    std::string_view left = text;
    begun_.clear();
    while (!left.empty()) {
        const model::Character c = model::first_character(left);
        if (c.bytes == 0 && may_go_on(left)) {
            begun_ = left;
            break;
        }
        const size_t size = std::max<size_t>(c.bytes, 1);
        const bool moves_on = c.code == '\n' || c.code == '\t';
        const std::string escape = moves_on ? "" : model::escape_of(c, left);
        std::cout << (escape.empty() ? left.substr(0, size) : escape);
        left.remove_prefix(size);
    }
    std::cout << std::flush;
}

void TerminalText::finish() {
    for (const char byte : begun_) {
        std::cout << model::escape_of({}, std::string_view(&byte, 1));
    }
    begun_.clear();
}

}  // namespace app
