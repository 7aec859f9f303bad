#include "viz/layout/parts.h"

#include <algorithm>

namespace viz {

TextStyle sans(float size, Colour colour) {
    return {Face::sans, size, colour};
}

TextStyle bold(float size, Colour colour) {
    return {Face::sans_bold, size, colour};
}

TextStyle mono(float size, Colour colour) {
    return {Face::mono, size, colour};
}

float width_of(const TextStyle& style, std::string_view text) {
    return text_width(style.face, style.size, text);
}

std::string fit_token(const TextStyle& style, std::string_view text, float width) {
    return fit_middle(style.face, style.size, text, width);
}

std::string fit_words(const TextStyle& style, std::string_view text, float width) {
    return fit_end(style.face, style.size, text, width);
}

std::string fit_wording(const TextStyle& style, const std::vector<std::string>& wordings,
                        float width) {
    for (const std::string& wording : wordings) {
        if (width_of(style, wording) <= width) return wording;
    }
    return fit_words(style, wordings.back(), width);
}

void draw_if_room(Canvas& canvas, Rect rect, const std::vector<std::string>& wordings,
                  const TextStyle& style) {
    const auto fitting = std::ranges::find_if(
        wordings, [&](const std::string& words) { return width_of(style, words) <= rect.w; });
    if (fitting != wordings.end()) draw_text_in(canvas, rect, *fitting, style);
}

void draw_filling(Canvas& canvas, Rect rect, Size usual, float most,
                  const std::function<void(Canvas&, Rect)>& draw) {
    const float larger = std::clamp(std::min(rect.w / usual.w, rect.h / usual.h), 1.0f, most);
    draw_enlarged(canvas, rect, larger, draw);
}

}  // namespace viz
