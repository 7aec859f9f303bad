// Text as XML and HTML hold it, and colours as they name them.
#pragma once

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

#include "viz/paint/theme.h"
#include "viz/paint/utf8.h"

namespace viz {

// Between tags. What XML cannot hold becomes U+FFFD.
inline std::string xml_text(std::string_view text) {
    std::string out;
    for (size_t at = 0; at < text.size();) {
        switch (const char32_t code = next_character(text, at)) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            default:
                append_character(out, code);
        }
    }
    return out;
}

// Between double quotes.
inline std::string xml_attribute(std::string_view text) {
    std::string out;
    for (const char c : xml_text(text)) {
        if (c == '"') {
            out += "&quot;";
        } else {
            out += c;
        }
    }
    return out;
}

// The same of several lines: their ends stay.
inline std::string xml_lines(std::string_view text) {
    std::string out;
    for (size_t end = 0; (end = text.find('\n')) != std::string_view::npos;) {
        out += xml_text(text.substr(0, end)) + "\n";
        text.remove_prefix(end + 1);
    }
    return out + xml_text(text);
}

// "6c3ade"; without the transparency.
inline std::string rgb_hex(Colour c) {
    std::array<char, 8> digits;
    std::snprintf(digits.data(), digits.size(), "%02x%02x%02x", c.r, c.g, c.b);
    return digits.data();
}

}  // namespace viz
