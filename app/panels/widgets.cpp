#include "app/panels/widgets.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "app/control/actions.h"

namespace app {

using viz::Align;
using viz::Colour;
using viz::Point;
using viz::Rect;

namespace {

constexpr float corner = 7;
constexpr float icon_width = 16;
constexpr float padding = 14;
constexpr float space = 8;

// A surface a little darker, or in the dark theme lighter, while it is pointed at.
Colour touched(const Painter& p, Colour surface, std::string_view id, bool enabled = true) {
    if (!enabled || p.hover != id) return surface;
    return viz::mix(surface, p.theme.text, p.pressed == id ? 0.12f : 0.05f);
}

void draw_triangle(const Painter& p, Point centre, float half, bool to_right, Colour colour) {
    const float tip = to_right ? half : -half;
    const Point corners[] = {{centre.x - tip * 0.8f, centre.y - half},
                             {centre.x - tip * 0.8f, centre.y + half},
                             {centre.x + tip, centre.y}};
    p.canvas.fill_polygon(corners, colour);
}

void draw_icon(const Painter& p, Icon icon, Point c, Colour colour) {
    viz::Canvas& canvas = p.canvas;
    switch (icon) {
        case Icon::none:
            return;
        case Icon::first:
            canvas.fill_rect({c.x - 7, c.y - 5, 2, 10}, colour);
            draw_triangle(p, {c.x + 1, c.y}, 5.5f, false, colour);
            return;
        case Icon::back:
            return draw_triangle(p, c, 5.5f, false, colour);
        case Icon::forward:
            return draw_triangle(p, c, 5.5f, true, colour);
        case Icon::play:
            draw_triangle(p, {c.x - 4, c.y}, 5, true, colour);
            draw_triangle(p, {c.x + 4, c.y}, 5, true, colour);
            return;
        case Icon::pause:
            canvas.fill_rect({c.x - 5, c.y - 5, 3, 10}, colour);
            canvas.fill_rect({c.x + 2, c.y - 5, 3, 10}, colour);
            return;
        case Icon::half_moon: {
            constexpr int arc = 16;
            constexpr float radius = 5.5f;
            std::vector<Point> half;
            for (int i = 0; i <= arc; ++i) {
                const float a = std::numbers::pi_v<float> * (0.5f + static_cast<float>(i) / arc);
                half.push_back({c.x + radius * std::cos(a), c.y - radius * std::sin(a)});
            }
            canvas.fill_polygon(half, colour);
            canvas.stroke_rect({c.x - radius, c.y - radius, 2 * radius, 2 * radius}, {colour, 1.4f},
                               radius);
            return;
        }
        case Icon::columns:
            canvas.stroke_rect({c.x - 7, c.y - 5.5f, 14, 11}, {colour, 1.4f}, 2);
            canvas.fill_rect({c.x - 0.7f, c.y - 5, 1.4f, 10}, colour);
            return;
        case Icon::dice:
            canvas.stroke_rect({c.x - 6.5f, c.y - 6.5f, 13, 13}, {colour, 1.4f}, 3);
            for (const float at : {-3.0f, 0.0f, 3.0f}) {
                canvas.fill_rect({c.x + at - 1.2f, c.y + at - 1.2f, 2.4f, 2.4f}, colour, 1.2f);
            }
            return;
        case Icon::close: {
            const Point falling[] = {{c.x - 4.5f, c.y - 4.5f}, {c.x + 4.5f, c.y + 4.5f}};
            const Point rising[] = {{c.x - 4.5f, c.y + 4.5f}, {c.x + 4.5f, c.y - 4.5f}};
            canvas.polyline(falling, {colour, 1.6f});
            canvas.polyline(rising, {colour, 1.6f});
            return;
        }
        case Icon::diamond: {
            const Point corners[] = {
                {c.x, c.y - 5.5f}, {c.x + 5.5f, c.y}, {c.x, c.y + 5.5f}, {c.x - 5.5f, c.y}};
            canvas.fill_polygon(corners, colour);
            return;
        }
    }
}

// The parts of a button from left to right.
struct Parts {
    viz::TextStyle label, token, key;
    float icon = 0, label_width = 0, token_width = 0, key_width = 0, menu = 0;
    float total() const { return icon + label_width + token_width + key_width + menu; }
};

Parts make_parts(const Painter& p, const Button& b) {
    const Colour ink = !b.enabled ? p.theme.faint : b.primary ? p.theme.on_accent : p.theme.text;
    Parts parts{
        b.primary ? p.bold(b.size, ink) : p.sans(b.size, ink), p.mono(b.size, ink),
        p.sans(b.size - 1, b.primary ? viz::mix(p.theme.accent, ink, 0.85f) : p.theme.muted)};
    const bool text = !b.label.empty();
    if (b.icon != Icon::none) parts.icon = icon_width + (text ? space : 0);
    if (text) parts.label_width = width_of(parts.label, b.label);
    if (!b.token.empty()) parts.token_width = space + width_of(parts.token, b.token);
    if (!b.key.empty()) parts.key_width = 2 * space + width_of(parts.key, b.key);
    if (b.menu) parts.menu = space + 8;
    return parts;
}

}  // namespace

void draw_in_window(const Painter& p, viz::Size window, viz::Size least,
                    const std::function<void(const Painter&, viz::Size)>& draw) {
    const float scale = std::min({window.w / least.w, window.h / least.h, 1.0f});
    if (scale >= 1) return draw(p, window);
    viz::PlacedCanvas smaller(p.canvas, {}, scale);
    const Painter inside = p.on(smaller);
    draw(inside, {window.w / scale, window.h / scale});
}

float width_of(const viz::TextStyle& style, std::string_view text) {
    return viz::text_width(style.face, style.size, text);
}

float button_width(const Painter& p, const Button& button) {
    return std::ceil(make_parts(p, button).total() + 2 * padding);
}

void draw_button(const Painter& p, Rect rect, const Button& b) {
    const viz::Theme& t = p.theme;
    const Colour surface = b.primary ? (b.enabled ? t.accent : t.inset) : t.card;
    p.canvas.fill_rect(rect, touched(p, surface, b.id, b.enabled), corner);
    if (!b.primary || !b.enabled) p.canvas.stroke_rect(rect.inset(0.5f), {t.border, 1}, corner);
    p.canvas.region(rect, b.id);

    Parts parts = make_parts(p, b);
    const float room = rect.w - 2 * std::min(padding, rect.w * 0.1f);
    if (parts.total() > room) {  // the key goes first: it stands on the key sheet as well
        parts.key_width = 0;
    }
    std::string label = b.label, token = b.token;
    if (const float over = parts.total() - room; over > 0) {
        if (!token.empty()) {
            token = viz::fit_middle(parts.token.face, parts.token.size, token,
                                    parts.token_width - space - over);
            parts.token_width = space + width_of(parts.token, token);
        } else {
            label =
                viz::fit_end(parts.label.face, parts.label.size, label, parts.label_width - over);
            parts.label_width = width_of(parts.label, label);
        }
    }
    float x = rect.centre().x - parts.total() / 2;
    const Point middle = rect.centre();
    if (parts.icon > 0) draw_icon(p, b.icon, {x + icon_width / 2, middle.y}, parts.label.colour);
    x += parts.icon;
    auto words = [&](const std::string& text, const viz::TextStyle& style, float from) {
        // On one baseline: that of the label.
        const float y = middle.y + viz::cap_height(parts.label.face, parts.label.size) / 2;
        p.canvas.text({from, y}, text, style);
    };
    if (parts.label_width > 0) words(label, parts.label, x);
    x += parts.label_width;
    if (parts.token_width > 0) words(token, parts.token, x + space);
    x += parts.token_width;
    if (parts.key_width > 0) words(b.key, parts.key, x + 2 * space);
    x += parts.key_width;
    if (b.menu) {
        const Point corners[] = {{x + space, middle.y - 2},
                                 {x + space + 8, middle.y - 2},
                                 {x + space + 4, middle.y + 3}};
        p.canvas.fill_polygon(corners, t.muted);
    }
}

void draw_card(const Painter& p, Rect rect) {
    p.canvas.fill_rect(rect, p.theme.card, 8);
    p.canvas.stroke_rect(rect.inset(0.5f), {p.theme.border, 1}, 8);
}

void draw_segments(const Painter& p, Rect rect, std::string_view prefix,
                   std::span<const Choice> choices, std::string_view chosen) {
    const viz::Theme& t = p.theme;
    p.canvas.fill_rect(rect, t.inset, corner);
    p.canvas.stroke_rect(rect.inset(0.5f), {t.border, 1}, corner);
    // What the labels leave is shared among them.
    float spare = rect.w;
    for (const Choice& choice : choices) spare -= width_of(p.bold(13, {}), choice.label);
    spare /= static_cast<float>(choices.size());
    Rect segment{rect.x, rect.y, 0, rect.h};
    for (const Choice& choice : choices) {
        const std::string id = std::string(prefix) + choice.id;
        segment.w = width_of(p.bold(13, {}), choice.label) + spare;
        const Rect body = segment.inset(3);
        const bool on = choice.id == chosen;
        if (on) {
            p.canvas.fill_rect(body, t.card, corner - 2);
            p.canvas.stroke_rect(body.inset(0.5f), {viz::mix(t.border, t.accent, 0.25f), 1},
                                 corner - 2);
        } else if (p.hover == id) {
            p.canvas.fill_rect(body, touched(p, t.inset, id), corner - 2);
        }
        viz::draw_text_in(p.canvas, body, choice.label,
                          on ? p.bold(13, t.accent) : p.sans(13, t.muted), Align::centre);
        p.canvas.region(segment, id);
        segment.x += segment.w;
    }
}

void draw_fitting_segments(const Painter& p, Rect rect, std::string_view prefix,
                           std::span<const Choice> choices, std::string_view chosen) {
    constexpr float least_around = 7;
    const viz::TextStyle widest = p.bold(13, {});
    auto width = [&](const std::string& label) { return width_of(widest, label) + least_around; };
    const std::string more = " ›";
    float all = 0, last = 0;  // wide
    for (const Choice& choice : choices) {
        all += width(choice.label);
        last = std::max(last, width(choice.label + more));
    }
    if (all <= rect.w) return draw_segments(p, rect, prefix, choices, chosen);
    size_t fit = 0;
    float taken = last;
    while (fit + 2 < choices.size() && (taken += width(choices[fit].label)) <= rect.w) ++fit;
    std::vector<Choice> shown(choices.begin(), choices.begin() + static_cast<std::ptrdiff_t>(fit));
    const std::span<const Choice> others = choices.subspan(fit);
    const auto at = std::ranges::find(others, chosen, &Choice::id) - others.begin();
    const auto here = static_cast<size_t>(at);  // others.size(): none of them is chosen
    const bool among = here < others.size();
    // Its region is what a click chooses: the next one.
    shown.push_back(
        {others[among ? (here + 1) % others.size() : 0].id, others[among ? here : 0].label + more});
    draw_segments(p, rect, prefix, shown, among ? std::string_view(shown.back().id) : chosen);
}

void draw_tabs(const Painter& p, Rect rect, std::string_view prefix,
               std::span<const Choice> choices, std::string_view chosen, const std::string& more) {
    constexpr float gap = 4, least_around = 14, most_around = 32;
    const viz::Theme& t = p.theme;
    // As wide as it is when chosen: tabs do not move.
    const viz::TextStyle widest = p.bold(13.5f, t.accent);
    auto width = [&](size_t i, float around) {
        return std::floor(width_of(widest, choices[i].label) + around);
    };
    // Those that fit, from the first; the chosen one takes the last place if it has none.
    Button menu;
    menu.id = more;
    menu.menu = true;
    menu.size = 13;
    menu.label = "+" + std::to_string(choices.size());
    const float menu_width = button_width(p, menu) + gap;
    auto sum = [&](std::span<const size_t> shown) {
        float all = 0;
        for (size_t i : shown) all += width(i, least_around) + gap;
        return all;
    };
    std::vector<size_t> shown(choices.size());
    std::iota(shown.begin(), shown.end(), size_t{0});
    const bool all_fit = sum(shown) <= rect.w;
    const float room = all_fit ? rect.w : rect.w - menu_width;
    while (shown.size() > 1 && sum(shown) > room) shown.pop_back();
    const auto on =
        static_cast<size_t>(std::ranges::find(choices, chosen, &Choice::id) - choices.begin());
    if (on < choices.size() && on >= shown.size()) {
        shown.back() = on;
        while (shown.size() > 1 && sum(shown) > room) shown.erase(shown.end() - 2);
    }
    const float spare = room - sum(shown);
    const float around =
        std::min(least_around + std::floor(spare / static_cast<float>(shown.size())), most_around);
    float x = rect.x;
    for (const size_t i : shown) {
        const std::string id = std::string(prefix) + choices[i].id;
        const Rect tab{x, rect.y, width(i, around), rect.h};
        if (i == on || p.hover == id) {
            p.canvas.fill_rect(tab, i == on ? t.accent_soft : touched(p, t.card, id), corner);
        }
        const viz::TextStyle style = i == on ? widest : p.sans(13.5f, t.muted);
        viz::draw_text_in(p.canvas, tab, choices[i].label, style, Align::centre);
        p.canvas.region(tab, id);
        x += tab.w + gap;
    }
    if (all_fit) return;
    menu.label = "+" + std::to_string(choices.size() - shown.size());
    draw_button(p, {x, rect.y + 2, menu_width - gap, rect.h - 4}, menu);
}

void draw_slider(const Painter& p, Rect rect, std::string_view id, float t, bool quiet) {
    const float y = rect.centre().y;
    const Rect track{rect.x + slider_end, y - 2.5f, rect.w - 2 * slider_end, 5};
    const float knob_x = track.x + track.w * std::clamp(t, 0.0f, 1.0f);
    const bool near = p.hover == id || p.pressed == id;
    const float radius = near ? 8.5f : 7.5f;
    const viz::Colour colour = quiet && !near ? p.theme.bar : p.theme.accent;
    p.canvas.fill_rect(track, p.theme.bar_faint, 2.5f);
    p.canvas.fill_rect(track.left(knob_x - track.x), colour, 2.5f);
    p.canvas.fill_rect({knob_x - radius, y - radius, 2 * radius, 2 * radius}, colour, radius);
    p.canvas.region(rect, id);
}

float checkbox_width(const Painter& p, std::string_view label) {
    return 15 + space + width_of(p.sans(12.5f, {}), label);
}

void draw_checkbox(const Painter& p, Rect rect, std::string_view id, std::string_view label,
                   bool checked) {
    const viz::Theme& t = p.theme;
    const float y = std::round(rect.centre().y);
    const Rect box{rect.x, y - 7, 14, 14};
    p.canvas.fill_rect(box, checked ? t.accent : touched(p, t.card, id), 3);
    if (!checked) p.canvas.stroke_rect(box.inset(0.5f), {t.faint, 1}, 3);
    if (checked) {
        const Point tick[] = {{box.x + 3.2f, y}, {box.x + 6, y + 3}, {box.x + 11, y - 3.2f}};
        p.canvas.polyline(tick, {t.on_accent, 1.8f});
    }
    viz::draw_text_in(p.canvas, rect.without_left(15 + space), label,
                      p.sans(12.5f, p.hover == id ? t.text : t.muted));
    p.canvas.region(rect, id);
}

void draw_field(const Painter& p, Rect rect, std::string_view id, bool active) {
    p.canvas.fill_rect(rect, p.theme.card, corner);
    if (active) {
        p.canvas.stroke_rect(rect.inset(0.75f), {p.theme.accent, 1.5f}, corner);
    } else {
        p.canvas.stroke_rect(rect.inset(0.5f), {p.hover == id ? p.theme.faint : p.theme.border, 1},
                             corner);
    }
    p.canvas.region(rect, id);
}

void draw_tooltip(const Painter& p, Rect about, const std::vector<std::string>& lines,
                  viz::Size window) {
    if (lines.empty()) return;
    constexpr float line = 20, inset = 12, away = 8, edge = 6;
    auto style = [&](size_t i) {
        return i == 0 ? p.bold(13, p.theme.on_tooltip)
                      : p.sans(12.5f, viz::mix(p.theme.tooltip, p.theme.on_tooltip, 0.78f));
    };
    const float widest = window.w - 2 * (inset + edge);
    Rect box{0, 0, 0, line * static_cast<float>(lines.size()) + inset};
    for (size_t i = 0; i < lines.size(); ++i) box.w = std::max(box.w, width_of(style(i), lines[i]));
    box.w = std::ceil(std::min(box.w, widest)) + 2 * inset;
    box.x = std::round(
        std::clamp(about.centre().x - box.w / 2, edge, std::max(edge, window.w - box.w - edge)));
    box.y = about.y - box.h - away;
    if (box.y < edge) box.y = about.bottom() + away;
    box.y = std::round(std::min(box.y, window.h - box.h - edge));
    p.canvas.fill_rect(box, p.theme.tooltip, 6);
    for (size_t i = 0; i < lines.size(); ++i) {
        const Rect row{box.x + inset, box.y + inset / 2 + line * static_cast<float>(i),
                       box.w - 2 * inset + 1, line};
        viz::draw_text_in(p.canvas, row, lines[i], style(i));
    }
}

}  // namespace app
