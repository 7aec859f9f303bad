// What reading a tokenizer's files and splitting a text share: which files are there, characters of
// UTF-8, by the letter of the standard, and the keys of pairs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace model {

struct Character {
    char32_t code = 0;
    size_t bytes = 0;  // 0 where no well-formed UTF-8 character begins
};

inline Character first_character(std::string_view text) {
    if (text.empty()) return {};
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) return {lead, 1};
    const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
    char32_t code = lead & (0x7Fu >> bytes);
    for (size_t i = 1; i < bytes; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0) != 0x80) return {};
        code = code << 6 | (next & 0x3F);
    }
    const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
    if (overlong || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) return {};
    return {code, bytes};
}

// Whether nothing is drawn for it, or something that cannot be told from a space.
inline bool invisible(char32_t code) {
    constexpr std::pair<char32_t, char32_t> ranges[] = {
        {0x80, 0xA0},     {0xAD, 0xAD},     {0x1680, 0x1680}, {0x180B, 0x180E},
        {0x2000, 0x200F}, {0x2028, 0x202F}, {0x205F, 0x206F}, {0x3000, 0x3000},
        {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}};
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [code](auto range) { return code >= range.first && code <= range.second; });
}

// How `text`, which begins with c, shows it where it cannot be drawn: "\\x1B", also a byte that is
// no character, or "\\u202E"; "" where it can.
inline std::string escape_of(const Character& c, std::string_view text) {
    char escape[16] = "";
    if (c.bytes == 0 || c.code < 0x20 || c.code == 0x7F) {
        std::snprintf(escape, sizeof escape, "\\x%02X", static_cast<unsigned char>(text[0]));
    } else if (invisible(c.code)) {
        std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(c.code));
    }
    return escape;
}

// Of Tokenizer's merges: two ids.
inline uint64_t pair_key(int left, int right) {
    return static_cast<uint64_t>(left) << 32 | static_cast<uint32_t>(right);
}

inline bool there(const std::filesystem::path& file) {
    std::error_code ignored;
    return std::filesystem::exists(file, ignored);
}

}  // namespace model
