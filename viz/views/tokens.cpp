// The ribbon of tokens: what the model reads, and the token it is about to append.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/scene/likelihood.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float chip_height = 36;
constexpr float label_height = 18;
constexpr float gap = 8;
constexpr float padding = 12;
constexpr float longest_token = 180;
constexpr int most_lines = 3;
constexpr float line_gap = 5;
constexpr float small_chips = 0.76f;  // scale of several lines
constexpr float facts_width = 190;
constexpr float facts_from = 620;  // narrower ribbons keep their room for chips

struct Chip {
    std::string text, label;
    float chip = 0, slot = 0;  // widths; the label may be the wider one
};

TextStyle label_style(bool proposed, Colour colour) {
    return proposed ? sans(smallest_text, colour) : mono(smallest_text, colour);
}

Chip make_chip(const std::string& token, std::string label, bool labelled, bool proposed) {
    const TextStyle style = mono(16, {});
    Chip chip{fit_token(style, token, longest_token), std::move(label), 0, 0};
    chip.chip = std::max(width_of(style, chip.text) + 2 * padding, 30.0f);
    chip.slot = chip.chip;
    if (labelled) {
        const float label_width = width_of(label_style(proposed, {}), chip.label);
        chip.slot = std::max(chip.slot, label_width);
        if (!proposed) chip.chip = chip.slot;
    }
    return chip;
}

std::vector<Chip> make_chips(const Scene& scene, bool labelled) {
    std::vector<Chip> chips;
    for (int i = 0; i < scene.length(); ++i) {
        const int id = scene.step.records[i]->id();
        chips.push_back(make_chip(scene.shown(id), std::to_string(i) + " · #" + std::to_string(id),
                                  labelled, false));
    }
    if (scene.step.why == model::StopReason::none) {
        const int id = scene.step.ranking.proposed().id;
        const bool appended = scene.reveal == Reveal::appended;
        chips.push_back(make_chip(scene.tells_choice() ? scene.shown(id) : "?",
                                  appended
                                      ? std::to_string(scene.length()) + " · #" + std::to_string(id)
                                      : "not appended yet",
                                  labelled, !appended));
    }
    return chips;
}

// Which chips are drawn: [first, last). All of them, or the end, or a stretch around the selected
// position when that lies before the end.
struct Window {
    int first, last;
};

Window visible(const std::vector<Chip>& chips, float width, float marker, float space,
               int selected) {
    const int n = static_cast<int>(chips.size());
    float all = -space;
    for (const Chip& chip : chips) all += chip.slot + space;
    if (all <= width) return {0, n};
    int first = n;
    float used = marker;
    while (first > 0 && used + chips[first - 1].slot + space <= width) {
        --first;
        used += chips[first].slot + space;
    }
    if (selected >= first) return {std::min(first, n - 1), n};
    first = std::max(0, selected - 1);
    int last = first;
    used = first > 0 ? 2 * marker : marker;
    while (last < n && (last <= selected || used + chips[last].slot + space <= width)) {
        used += chips[last].slot + space;
        ++last;
    }
    if (used > width && first < selected) first = selected;  // two wide chips, a narrow ribbon
    return {first, last};
}

void draw_chip(Canvas& canvas, Rect slot, const Chip& chip, const Scene& scene, int index) {
    const Theme& t = scene.theme;
    const Rect body{slot.x + (slot.w - chip.chip) / 2, slot.y, chip.chip, slot.h};
    const float radius = 7;
    Colour ink = t.text;
    if (index == scene.length() && scene.reveal == Reveal::appended) {
        ink = t.on_accent;  // it is there now
        canvas.fill_rect(body, t.accent, radius);
        canvas.region(slot, target::proposed());
    } else if (index == scene.length()) {
        ink = t.accent;
        canvas.stroke_rect(body.inset(1), {t.accent, 2, true}, radius);
        canvas.region(slot, target::proposed());
    } else {
        const model::ChosenBy by = scene.step.choices[index].by;
        const bool generated = by != model::ChosenBy::prompt;
        if (index == scene.position()) {
            canvas.fill_rect(body, t.accent_soft, radius);
            canvas.stroke_rect(body.inset(0.75f), {t.accent, 1.5f}, radius);
        } else {
            draw_chip(canvas, body, generated ? mix(t.card, t.accent_soft, 0.35f) : t.inset,
                      hairline(generated ? mix(t.border, t.accent, 0.45f) : t.border), radius);
        }
        if (by == model::ChosenBy::forced) {  // a pin: somebody put it there
            draw_dot(canvas, {body.right() - 8, body.y + 7}, 3, t.warning);
        }
        canvas.region(slot, target::token(index));
    }
    draw_text_in(canvas, body, chip.text, mono(16, ink), Align::centre);
}

void draw_marker(Canvas& canvas, Rect rect, const std::string& text, const Scene& scene) {
    draw_text_in(canvas, rect, text, sans(12, scene.theme.muted));
}

// `labels` 0: chips alone.
void draw_ribbon(Canvas& canvas, Rect rect, const Scene& scene, float labels) {
    const float space = gap;
    const std::vector<Chip> chips = make_chips(scene, labels > 0);
    const float marker = width_of(sans(12, {}), "… 8,888 earlier") + space;
    const Window shown = visible(chips, rect.w, marker, space, scene.position());
    const float chip_h = rect.h - labels;
    float x = rect.x;
    if (shown.first > 0) {
        draw_marker(canvas, {x, rect.y, marker - space, chip_h},
                    "… " + count(shown.first) + " earlier", scene);
        x += marker;
    }
    for (int i = shown.first; i < shown.last; ++i) {
        const Chip& chip = chips[i];
        draw_chip(canvas, {x, rect.y, chip.slot, chip_h}, chip, scene, i);
        if (labels > 0) {
            const bool proposed = i == scene.length();
            const bool selected = i == scene.position();
            const Colour ink = proposed || selected ? scene.theme.accent : scene.theme.muted;
            draw_text_in(canvas, {x - 1, rect.bottom() - labels * 0.85f, chip.slot + 2, labels},
                         chip.label, label_style(proposed, ink), Align::centre);
        }
        x += chip.slot + space;
    }
    const int later = static_cast<int>(chips.size()) - shown.last;
    if (later > 0) {
        draw_marker(canvas, {x, rect.y, marker - space, chip_h}, count(later) + " later …", scene);
    }
}

// Lines that all chips take, side by side.
int lines_of(const std::vector<Chip>& chips, float width) {
    int lines = 1;
    float x = 0;
    for (const Chip& chip : chips) {
        if (x > 0 && x + chip.slot > width) {
            ++lines;
            x = 0;
        }
        x += chip.slot + gap;
    }
    return lines;
}

// All tokens in a few lines of smaller chips, without labels; false where that leaves some out or
// makes them too small to read.
bool draw_in_lines(Canvas& canvas, Rect rect, const Scene& scene) {
    const std::vector<Chip> chips = make_chips(scene, false);
    for (int lines = 2; lines <= most_lines; ++lines) {
        const auto n = static_cast<float>(lines);
        const float scale = std::min(rect.h / (n * chip_height + (n - 1) * line_gap), 1.0f);
        if (16 * scale < smallest_text) return false;
        if (lines_of(chips, rect.w / scale) > lines) continue;
        draw_enlarged(canvas, rect, scale, [&](Canvas& small, Rect room) {
            Point at{room.x, room.y};
            for (size_t i = 0; i < chips.size(); ++i) {
                if (at.x > room.x && at.x + chips[i].slot > room.right()) {
                    at = {room.x, at.y + chip_height + line_gap};
                }
                draw_chip(small, {at.x, at.y, chips[i].slot, chip_height}, chips[i], scene,
                          static_cast<int>(i));
                at.x += chips[i].slot + gap;
            }
        });
        return true;
    }
    return false;
}

void draw_facts(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const std::string filled =
        count(scene.length()) + " of " + count(scene.model.config.n_ctx) + " positions";
    const std::string text = likelihood(scene.step);
    const float line = 20;
    const float y = rect.y + (rect.h - (text.empty() ? line : 2 * line)) / 2;
    draw_text_in(canvas, {rect.x, y, rect.w, line}, filled, sans(12.5f, t.muted), Align::right);
    if (text.empty()) return;
    draw_text_in(canvas, {rect.x, y + line, rect.w, line}, text, sans(12, t.muted), Align::right);
    canvas.region({rect.x, y, rect.w, 2 * line}, target::text());
}

}  // namespace

void draw_chips(Canvas& canvas, Rect rect, const Scene& scene) {
    if (lines_of(make_chips(scene, false), rect.w) > 1 && draw_in_lines(canvas, rect, scene))
        return;
    draw_ribbon(canvas, rect.top(std::min(rect.h, chip_height)), scene, 0);
}

int chip_lines(float width, const Scene& scene) {
    const std::vector<Chip> chips = make_chips(scene, false);
    if (chips.empty()) return 1;
    // A line ends before a chip that does not fit; of the last one a part is full.
    const auto filled = [&](float room) {
        float lines = 0, x = 0;
        for (const Chip& chip : chips) {
            if (x > 0 && x + chip.slot > room) {
                lines += 1;
                x = 0;
            }
            x += chip.slot + gap;
        }
        return lines + std::min((x - gap) / room, 1.0f);
    };
    const auto n = static_cast<float>(chips.size());
    const auto ahead = static_cast<float>(std::max(scene.total_steps - scene.step.number(), 0));
    const float grows = (n + ahead) / n;
    if (filled(width) * grows <= 1) return 1;
    const int lines = static_cast<int>(std::ceil(filled(width / small_chips) * grows - 0.01f));
    return lines <= most_lines ? std::max(lines, 2) : 1;
}

float chip_lines_height(int lines) {
    if (lines <= 1) return chip_height;
    const auto n = static_cast<float>(lines);
    return (n * chip_height + (n - 1) * line_gap) * small_chips;
}

namespace {

Size tokens_size(const Scene&) {
    return {1536, chip_height + label_height};
}

void draw_tokens(Canvas& canvas, Rect rect, const Scene& scene) {
    if (rect.w >= facts_from) {
        const std::string text = likelihood(scene.step);
        const float width = std::max(facts_width, width_of(sans(12, {}), text) + 4);
        draw_facts(canvas, rect.without_left(rect.w - width), scene);
        rect = rect.without_right(width + 24);
    }
    if (lines_of(make_chips(scene, true), rect.w) > 1 && draw_in_lines(canvas, rect, scene)) return;
    const float height = std::min(rect.h, chip_height + label_height);
    const Rect ribbon{rect.x, rect.y + (rect.h - height) / 2, rect.w, height};
    draw_ribbon(canvas, ribbon, scene, label_height);
}

}  // namespace

// Targets: "token/I", "proposed", "text".
extern const View tokens_view{
    .id = "tokens",
    .title = "Token ribbon",
    .help = "the sequence as chips with index and id, and the proposed token",
    .group = Group::text,
    .tab = false,
    .preferred_size = tokens_size,
    .draw = draw_tokens,
    .least = {420, 54},
};

}  // namespace viz
