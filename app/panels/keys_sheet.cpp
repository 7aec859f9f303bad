// The key sheet: all commands in groups, as columns; a click on a key does what it does.
#include <algorithm>

#include "app/control/commands.h"
#include "app/panels/panels.h"

namespace app {

using viz::Align;
using viz::Rect;

namespace {

constexpr float key_size = 11.5f;

float key_width(const Painter& p, const std::string& key) {
    return width_of(p.mono(key_size, {}), key) + 12;
}

void draw_row(const Painter& p, Rect row, const SheetRow& it, float keys, const State& state) {
    const viz::Theme& t = p.theme;
    float x = row.x;
    const float high = std::min(row.h - 2, 19.0f);
    bool hover = false, enabled = false;
    for (const SheetKey& key : it.keys) {
        const Rect cap{x, row.centre().y - high / 2, key_width(p, key.key), high};
        if (key.command.empty()) {
            viz::draw_text_in(p.canvas, cap, key.key, p.mono(key_size, t.muted), Align::centre);
        } else {
            const std::string id = "command/" + key.command;
            const bool on = p.hover == id;
            hover = hover || on;
            enabled = enabled || command(key.command).enabled(state);
            p.canvas.fill_rect(cap, on ? t.accent_soft : t.inset, 4);
            p.canvas.stroke_rect(cap.inset(0.5f), {on ? t.accent : t.border, 1}, 4);
            viz::draw_text_in(p.canvas, cap, key.key, p.mono(key_size, t.text), Align::centre);
            // The words belong to a key that stands alone.
            p.canvas.region(it.keys.size() == 1 ? row : cap, id);
        }
        x += cap.w + 4;
    }
    const float begin = std::max(keys, x - row.x + 4);
    const viz::TextStyle style = p.sans(12.5f, hover ? t.accent : enabled ? t.text : t.muted);
    viz::draw_text_in(p.canvas, row.without_left(begin),
                      viz::fit_end(style.face, style.size, it.help, row.w - begin), style);
}

}  // namespace

void draw_keys(const Painter& p, viz::Size window, const State& state) {
    const std::vector<SheetGroup> groups = key_sheet();
    const float width = std::min(window.w - 40, 1380.0f);
    const int columns = width >= 1100 ? 3 : 2;
    constexpr float heading = 1.35f;  // of a line, with the room above it
    float lines = 0;
    for (const SheetGroup& group : groups) lines += static_cast<float>(group.rows.size()) + heading;
    // Groups go on in the next column where the middle of them lies beyond this one.
    const float each = lines / static_cast<float>(columns);
    float most = 0, taken = 0;
    std::vector<int> column_of;
    std::vector<float> high(static_cast<size_t>(columns));
    for (const SheetGroup& group : groups) {
        const float rows = static_cast<float>(group.rows.size()) + heading;
        const int column = std::min(static_cast<int>((taken + rows / 2) / each), columns - 1);
        column_of.push_back(column);
        high[static_cast<size_t>(column)] += rows;
        taken += rows;
    }
    for (const float one : high) most = std::max(most, one);
    const float line = std::clamp((window.h - 30 - 96) / most, 15.0f, 25.0f);
    const Rect inside = open_card(p, window, {width, 96 + line * most}, "Keys");
    constexpr float gutter = 26;
    const float wide =
        (inside.w - gutter * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    std::vector<float> keys(static_cast<size_t>(columns));
    for (size_t g = 0; g < groups.size(); ++g) {
        float& widest = keys[static_cast<size_t>(column_of[g])];
        for (const SheetRow& row : groups[g].rows) {
            float one = 8;
            for (const SheetKey& key : row.keys) one += key_width(p, key.key) + 4;
            widest = std::min(std::max(widest, one), wide * 0.4f);
        }
    }
    std::vector<float> y(static_cast<size_t>(columns), inside.y);
    for (size_t g = 0; g < groups.size(); ++g) {
        const auto column = static_cast<size_t>(column_of[g]);
        const float x = inside.x + (wide + gutter) * static_cast<float>(column);
        viz::draw_text_in(p.canvas, {x, y[column] + line * (heading - 1), wide, line},
                          groups[g].title, p.bold(13, p.theme.accent));
        y[column] += line * heading;
        for (const SheetRow& row : groups[g].rows) {
            draw_row(p, {x, y[column], wide, line}, row, keys[column], state);
            y[column] += line;
        }
    }
}

}  // namespace app
