#include "model/load/plain_text.h"

#include <algorithm>

#include "model/load/tokenizer_parts.h"

namespace model {

namespace {

constexpr size_t most = 1200, at_each_end = 500;  // bytes

std::string escaped(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const Character c = first_character(text);
        const std::string escape = c.code == '\n' ? "\\n" : escape_of(c, text);
        const size_t bytes = std::max<size_t>(c.bytes, 1);
        plain += escape.empty() ? text.substr(0, bytes) : escape;
        text.remove_prefix(bytes);
    }
    return plain;
}

}  // namespace

std::string plain_text(std::string_view text) {
    if (text.size() <= most) return escaped(text);
    // Not within a character: bytes that go on are 10xxxxxx.
    const auto inside = [&](size_t at) {
        return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    size_t end = at_each_end, begin = text.size() - at_each_end;
    for (int i = 0; i < 3 && inside(end); ++i) --end;
    for (int i = 0; i < 3 && inside(begin); ++i) ++begin;
    return escaped(text.substr(0, end)) + " … " + escaped(text.substr(begin));
}

}  // namespace model
