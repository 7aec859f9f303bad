// All heads as a grid of thumbnails: a row for each layer, a column for each head.
#include <algorithm>
#include <cmath>
#include <string>

#include "viz/parts.h"
#include "viz/views.h"

namespace viz {

namespace {

constexpr float comfortable_thumbnail = 58;
constexpr float label_size = 11;

struct Grid {
    Rect rect;         // of the thumbnails
    float pitch, gap;  // from one to the next; between them
};

Grid make_grid(Rect rect, const Scene& scene) {
    const model::Config& c = scene.model.config;
    const float k = scene.text_scale;
    const TextStyle style = sans(scene, label_size, {});
    const float left = width_of(style, "L" + std::to_string(c.n_layer)) + 8 * k;
    const float above = 18 * k;
    const float pitch =
        std::max(1.0f, std::min((rect.w - left) / c.n_head, (rect.h - above) / c.n_layer));
    const float gap = pitch >= 40 ? 6.0f : pitch >= 16 ? 3.0f : pitch >= 6 ? 1.0f : 0.0f;
    return {{rect.x + left, rect.y + above, pitch * c.n_head, pitch * c.n_layer}, pitch, gap};
}

void draw_thumbnail(Canvas& canvas, Rect rect, int layer, int head, const Scene& scene) {
    const Theme& t = scene.theme;
    const Thumbnail& thumbnail = scene.memo.thumbnails.read(
        scene.model.config, scene.step.records, layer, head, scene.attention.hide_first);
    const int pixels = std::max(1, static_cast<int>(rect.w));
    const int merged = (thumbnail.side + pixels - 1) / pixels;  // cells that share a pixel
    const int side = (thumbnail.side + merged - 1) / merged;
    Heatmap map{side, side, {}, 0, 0};
    map.colours.reserve(static_cast<size_t>(side) * side);
    for (int row = 0; row < side; ++row) {
        for (int col = 0; col < side; ++col) {
            float largest = thumbnail.at(row * merged, col * merged);
            for (int i = row * merged; i < std::min((row + 1) * merged, thumbnail.side); ++i) {
                for (int j = col * merged; j < std::min((col + 1) * merged, thumbnail.side); ++j) {
                    largest = std::fmax(largest, thumbnail.at(i, j));
                }
            }
            map.colours.push_back(sequential(t, scene.colormap, largest));
        }
    }
    canvas.heatmap(rect, map);
}

void draw_labels(Canvas& canvas, Rect rect, const Grid& grid, const Scene& scene) {
    const model::Config& c = scene.model.config;
    const Selection& s = scene.selection;
    const Theme& t = scene.theme;
    const TextStyle plain = sans(scene, label_size, t.muted);
    const float widest = width_of(plain, "H" + std::to_string(c.n_head)) * 1.25f;
    auto style = [&](bool selected) {
        return selected ? bold(scene, label_size, t.accent) : plain;
    };
    for (int layer : thinned(c.n_layer, grid.pitch, plain.size * 1.2f, s.layer)) {
        const float high = std::max(grid.pitch, plain.size * 1.2f);
        const float middle =
            grid.rect.y + grid.pitch * (static_cast<float>(layer) + 0.5f) - grid.gap / 2;
        draw_text_in(canvas, {rect.x, middle - high / 2, grid.rect.x - rect.x, high},
                     "L" + std::to_string(layer + 1), style(layer == s.layer));
    }
    for (int head : thinned(c.n_head, grid.pitch, widest, s.head)) {
        const float wide = std::max(grid.pitch, widest);
        const float middle =
            grid.rect.x + grid.pitch * (static_cast<float>(head) + 0.5f) - grid.gap / 2;
        draw_text_in(canvas, {middle - wide / 2, rect.y, wide, grid.rect.y - rect.y - 4},
                     "H" + std::to_string(head + 1), style(head == s.head), Align::centre);
    }
}

}  // namespace

Size heads_size(const Scene& scene) {
    const model::Config& c = scene.model.config;
    const float k = scene.text_scale;
    const float pitch = std::min(comfortable_thumbnail * k,
                                 1400 * k / static_cast<float>(std::max(c.n_layer, c.n_head)));
    return {pitch * c.n_head + 34 * k, pitch * c.n_layer + 18 * k};
}

void draw_heads(Canvas& canvas, Rect rect, const Scene& scene) {
    const model::Config& c = scene.model.config;
    const Theme& t = scene.theme;
    const Grid grid = make_grid(rect, scene);
    draw_labels(canvas, rect, grid, scene);
    for (int layer = 0; layer < c.n_layer; ++layer) {
        for (int head = 0; head < c.n_head; ++head) {
            const Rect slot{grid.rect.x + grid.pitch * head, grid.rect.y + grid.pitch * layer,
                            grid.pitch - grid.gap, grid.pitch - grid.gap};
            const bool selected = layer == scene.selection.layer && head == scene.selection.head;
            const std::string id = "head/" + std::to_string(layer) + "/" + std::to_string(head);
            const bool framed = grid.gap >= 3;
            if (framed) canvas.stroke_rect(slot.inset(0.5f), {t.border, 1}, 3);
            draw_thumbnail(canvas, framed ? slot.inset(2) : slot, layer, head, scene);
            canvas.region(slot, id);
            if (selected) {
                canvas.stroke_rect(slot.inset(framed ? 0.0f : -1.0f),
                                   {t.accent, framed ? 2.0f : 1.5f}, framed ? 4.0f : 0.0f);
            }
        }
    }
}

}  // namespace viz
