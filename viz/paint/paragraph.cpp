#include "viz/paint/paragraph.h"

#include <algorithm>
#include <cctype>

namespace viz {

namespace {

constexpr std::string_view opening = "“", closing = "”", space_sign = "␣";
constexpr float chip_text = 0.92f;  // of the text's size
constexpr float chip_padding = 4;   // pixels at each side

// A part of a line: plain words, or a token.
struct Part {
    std::string_view text;
    bool chip = false;
};

// “␣Paris”, “.”, “<|endoftext|>”: what stands in quotes and is a token by its looks.
bool is_token(std::string_view quoted) {
    if (quoted.empty() || quoted.find(' ') != quoted.npos) return false;
    if (quoted.starts_with(space_sign) || quoted.starts_with("<|")) return true;
    return std::ranges::none_of(quoted,
                                [](unsigned char c) { return c >= 0x80 || std::isalnum(c); });
}

std::vector<Part> parts_of(std::string_view line) {
    std::vector<Part> parts;
    size_t plain = 0;  // where words without a chip begin
    for (size_t begin = line.find(opening); begin != line.npos; begin = line.find(opening, begin)) {
        const size_t inside = begin + opening.size(), end = line.find(closing, inside);
        if (end == line.npos) break;
        const std::string_view quoted = line.substr(inside, end - inside);
        if (is_token(quoted)) {
            if (begin > plain) parts.push_back({line.substr(plain, begin - plain)});
            parts.push_back({quoted, true});
            plain = end + closing.size();
        }
        begin = end + closing.size();
    }
    if (plain < line.size()) parts.push_back({line.substr(plain)});
    return parts;
}

TextStyle chip_style(const TextStyle& style) {
    const bool bold = style.face == Face::sans_bold;
    return {bold ? Face::mono_bold : Face::mono, style.size * chip_text, style.colour};
}

float width_of(const TextStyle& style, const Part& part) {
    if (!part.chip) return text_width(style.face, style.size, part.text);
    const TextStyle chip = chip_style(style);
    return text_width(chip.face, chip.size, part.text) + 2 * chip_padding;
}

float width_of(const TextStyle& style, std::string_view line) {
    float width = 0;
    for (const Part& part : parts_of(line)) width += width_of(style, part);
    return width;
}

// A line with chips is wider than its words alone.
std::string cut(const TextStyle& style, const std::string& text, float width) {
    std::string line = text;
    for (float room = width; width_of(style, line) > width && room > 0; room -= 6) {
        line = fit_end(style.face, style.size, text, room);
    }
    return line;
}

void draw_line(Canvas& canvas, Rect rect, std::string_view line, const TextStyle& style) {
    // One baseline, that of the words.
    const float y = rect.centre().y + cap_height(style.face, style.size) / 2;
    float x = rect.x;
    for (const Part& part : parts_of(line)) {
        const float width = width_of(style, part);
        if (part.chip) {
            const float high = style.size * 1.28f;
            canvas.fill_rect({x, rect.centre().y - high / 2, width, high},
                             style.colour.with_alpha(0.09f), 3.5f);
            canvas.text({x + chip_padding, y}, part.text, chip_style(style));
        } else {
            canvas.text({x, y}, part.text, style);
        }
        x += width;
    }
}

}  // namespace

std::vector<std::string> broken_lines(const TextStyle& style, std::string_view text, float width,
                                      int most) {
    std::vector<std::string> lines;
    auto fits = [&](const std::string& line) { return width_of(style, line) <= width; };
    std::string line;
    while (!text.empty() && static_cast<int>(lines.size()) < most) {
        const size_t space = std::min(text.find(' '), text.size());
        const std::string word(text.substr(0, space));
        const std::string longer = line.empty() ? word : line + " " + word;
        if (fits(longer)) {
            line = longer;
        } else if (static_cast<int>(lines.size()) + 1 == most) {
            // No line is left: what does not fit here is cut.
            line = cut(style, line + " " + std::string(text), width);
            text = {};
            break;
        } else if (line.empty()) {
            lines.push_back(cut(style, word, width));
        } else {
            lines.push_back(line);
            line = fits(word) ? word : cut(style, word, width);
        }
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    if (!line.empty() && static_cast<int>(lines.size()) < most) lines.push_back(line);
    return lines;
}

float line_height(const TextStyle& style) {
    return style.size * 1.4f;
}

float draw_paragraph(Canvas& canvas, Rect rect, std::string_view text, const TextStyle& style) {
    const float high = line_height(style);
    const int most = static_cast<int>((rect.h + 0.5f) / high);
    float used = 0;
    for (const std::string& line : broken_lines(style, text, rect.w, most)) {
        draw_line(canvas, {rect.x, rect.y + used, rect.w, high}, line, style);
        used += high;
    }
    return used;
}

}  // namespace viz
