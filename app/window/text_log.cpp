#include "app/window/text_log.h"

#include <algorithm>
#include <sstream>

#include "viz/paint/theme.h"

namespace app {

namespace {

using viz::Rect;

viz::Colour over(viz::Colour ground, viz::Colour colour) {
    return viz::mix(ground, colour.with_alpha(1), static_cast<float>(colour.a) / 255);
}

}  // namespace

// What was written under it is not read any more; of what it covers at one end the rest is.
void TextLog::cover(Rect rect) {
    std::erase_if(texts_, [&](const Text& text) {
        const Rect hidden = viz::intersection(text.box, rect);
        const bool half = hidden.w > 0 && hidden.h > 0.2f * text.box.h && hidden.h < text.box.h;
        return half || rect.contains(text.box.centre());
    });
    for (Text& text : texts_) {
        Rect& box = text.box;
        if (viz::intersection(box, rect).h < box.h || viz::intersection(box, rect).w <= 0) continue;
        if (rect.x > box.x)
            box.w = rect.x - box.x;
        else
            box = box.without_left(rect.right() - box.x);
    }
}

void TextLog::fill_rect(Rect rect, viz::Colour colour, float) {
    rect = viz::intersection(rect, clips_.back());
    if (rect.w <= 0 || rect.h <= 0) return;
    constexpr int hides = 76;  // of 255: a veil over what stands behind an open sheet
    if (colour.a >= hides) cover(rect);
    surfaces_.push_back({rect, colour, true});
}

void TextLog::heatmap(Rect rect, const viz::Heatmap&) {
    surfaces_.push_back({viz::intersection(rect, clips_.back()), {}, false});
}

void TextLog::text(viz::Point at, std::string_view text, const viz::TextStyle& style,
                   float degrees) {
    if (text.empty() || degrees != 0) return;
    const float above = viz::cap_height(style.face, style.size), below = 0.18f * style.size;
    const Rect box{at.x, at.y - above, viz::text_width(style.face, style.size, text),
                   above + below};
    const Rect seen = viz::intersection(box, clips_.back());
    if (seen.w <= 0 || seen.h <= 0) return;
    const float cut = std::max(box.w - seen.w, box.h - seen.h);
    viz::Colour ground{255, 255, 255};
    bool known = false;
    for (const Surface& surface : surfaces_) {
        if (!surface.rect.contains(box.centre())) continue;
        known = surface.known && (known || surface.colour.a == 255);
        ground = over(ground, surface.colour);
    }
    const viz::Colour ink = over(ground, style.colour);
    texts_.push_back(
        {box, cut, known ? viz::contrast(ink, ground) : 0, style.size, std::string(text)});
}

void TextLog::push_clip(Rect rect) {
    clips_.push_back(viz::intersection(rect, clips_.back()));
}

std::string TextLog::lines() const {
    std::ostringstream out;
    for (const Text& text : texts_) {
        const Rect& b = text.box;
        out << b.x << " " << b.y << " " << b.w << " " << b.h << " " << text.cut << " "
            << text.contrast << " " << text.size << " " << text.words << "\n";
    }
    return out.str();
}

}  // namespace app
