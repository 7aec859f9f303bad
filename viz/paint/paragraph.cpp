#include "viz/paint/paragraph.h"

#include <algorithm>

namespace viz {

std::vector<std::string> broken_lines(const TextStyle& style, std::string_view text, float width,
                                      int most) {
    std::vector<std::string> lines;
    auto fits = [&](const std::string& line) {
        return text_width(style.face, style.size, line) <= width;
    };
    std::string line;
    while (!text.empty() && static_cast<int>(lines.size()) < most) {
        const size_t space = std::min(text.find(' '), text.size());
        const std::string word(text.substr(0, space));
        const std::string longer = line.empty() ? word : line + " " + word;
        if (fits(longer)) {
            line = longer;
        } else if (static_cast<int>(lines.size()) + 1 == most) {
            // No line is left: what does not fit here is cut.
            line = fit_end(style.face, style.size, line + " " + std::string(text), width);
            text = {};
            break;
        } else if (line.empty()) {
            lines.push_back(fit_middle(style.face, style.size, word, width));
        } else {
            lines.push_back(line);
            line = fits(word) ? word : fit_middle(style.face, style.size, word, width);
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
        draw_text_in(canvas, {rect.x, rect.y + used, rect.w, high}, line, style);
        used += high;
    }
    return used;
}

}  // namespace viz
