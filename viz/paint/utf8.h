// Reading UTF-8 that may be broken: a token of a byte-level tokenizer can be half a character.
#pragma once

#include <string>
#include <string_view>

namespace viz {

inline constexpr char32_t replacement = 0xFFFD;

// The character at `at`, which moves past it. What cannot be drawn gives U+FFFD: broken UTF-8
// (once for every part that could have become a character), control characters, U+FFFE, U+FFFF.
inline char32_t next_character(std::string_view text, size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) return lead < 0x20 || lead == 0x7F ? replacement : lead;
    const int more = lead >= 0xC2 && lead < 0xE0   ? 1
                     : lead >= 0xE0 && lead < 0xF0 ? 2
                     : lead >= 0xF0 && lead < 0xF5 ? 3
                                                   : 0;
    if (more == 0) return replacement;
    // The first byte that follows is bounded where overlong forms, surrogates and what lies
    // beyond U+10FFFF would begin.
    unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    char32_t code = lead & (0x3Fu >> more);
    for (int i = 0; i < more; ++i, ++at) {
        if (at == text.size()) return replacement;
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < low || byte > high) return replacement;
        code = code << 6 | (byte & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    return code < 0xA0 || (code & 0xFFFE) == 0xFFFE ? replacement : code;
}

inline void append_character(std::string& text, char32_t code) {
    auto byte = [&text](char32_t value) { text += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
        return;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    byte((0xFF00 >> (more + 1) & 0xFF) | code >> (6 * more));
    for (int i = more - 1; i >= 0; --i) byte(0x80 | (code >> (6 * i) & 0x3F));
}

// The text as it is drawn, and what XML and PDF accept.
inline std::string drawable(std::string_view text) {
    std::string out;
    for (size_t at = 0; at < text.size();) append_character(out, next_character(text, at));
    return out;
}

// The last bytes of a text, from the beginning of a character on, and a sign for the others.
inline std::string ending(const std::string& text, size_t most) {
    if (text.size() <= most) return text;
    size_t begin = text.size() - most;
    while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
    return "… " + text.substr(begin);
}

}  // namespace viz
