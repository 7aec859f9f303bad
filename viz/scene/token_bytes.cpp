#include "viz/scene/token_bytes.h"

#include <cstdio>
#include <vector>

#include "model/load/tokenizer.h"
#include "viz/paint/utf8.h"

namespace viz {

namespace {

std::string code_point(char32_t code) {
    char name[16];
    std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(code));
    return name;
}

// How many bytes the character has that begins with this one; 0: it continues one.
size_t promised(unsigned char lead) {
    return lead < 0x80 ? 1 : lead < 0xC0 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

}  // namespace

std::string hex_of(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        char hex[4];
        std::snprintf(hex, sizeof hex, "%02X", static_cast<unsigned char>(byte));
        text += (text.empty() ? "" : " ") + std::string(hex);
    }
    return text;
}

std::string characters_of(std::string_view bytes) {
    std::vector<std::string> parts;
    bool letters = false;  // the last part is a run of letters
    auto name = [&](std::string part) {
        parts.push_back(std::move(part));
        letters = false;
    };
    auto letter = [&](const std::string& one) {
        if (letters) {
            parts.back() += " " + one;
        } else {
            parts.push_back(one);
        }
        letters = true;
    };
    for (size_t at = 0; at < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[at]);
        size_t end = at;
        const char32_t code = next_character(bytes, end);
        const std::string_view here = bytes.substr(at, end - at);
        if (lead == ' ') {
            name("space");
        } else if (lead == '\n') {
            name("newline");
        } else if (lead == '\t') {
            name("tab");
        } else if (lead == '\r') {
            name("carriage return");
        } else if (lead < 0x20 || lead == 0x7F) {
            name("control character " + code_point(lead));
        } else if (code != replacement) {
            const std::string shown = model::shown_text(here);
            if (shown != here) {
                name(shown == "\\u00A0" ? "no-break space" : "invisible " + code_point(code));
            } else {
                letter(code < 0x80 ? std::string(here) : shown + " (" + code_point(code) + ")");
            }
        } else if (promised(lead) == 0) {
            size_t last = at;
            while (last < bytes.size() && promised(static_cast<unsigned char>(bytes[last])) == 0) {
                ++last;
            }
            end = last;
            name("half a character (its end)");
        } else {
            const size_t whole = promised(lead);
            name(here.size() < whole && end == bytes.size()
                     ? "half a character (" + std::to_string(here.size()) + " of " +
                           std::to_string(whole) + ")"
                     : "no character");
        }
        at = end;
    }
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text.empty() ? "no bytes" : text;
}

std::string piece_text(const std::string& bytes) {
    for (size_t at = 0; at < bytes.size();) {
        const bool control = static_cast<unsigned char>(bytes[at]) < 0x20;
        if (next_character(bytes, at) == replacement && !control) return hex_of(bytes);
    }
    return model::shown_text(bytes);
}

}  // namespace viz
