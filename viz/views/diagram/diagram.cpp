// Diagram: the whole pass as a ring. Along the top the tokens become the residual stream and run
// through the blocks, the selected one is drawn large in the middle, along the bottom the stream
// becomes a token that is appended at the left.
#include <algorithm>
#include <string>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/paint/paragraph.h"
#include "viz/views/diagram/block.h"
#include "viz/views/diagram/boxes.h"
#include "viz/views/diagram/contents.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float gutter = 26;  // for the ring at both sides
constexpr float lowest_band = 34, highest_band = 78;

// Blocks that have a box along the stream: around the selected one when not all fit. Where boxes
// are too narrow for a number, the selected one is wider.
struct Blocks {
    int first, last;
    float pitch, selected_pitch;

    float whole() const { return pitch * static_cast<float>(last - first - 1) + selected_pitch; }
    float gap() const { return std::clamp(pitch * 0.14f, 1.5f, 12.0f); }
};

Blocks shown_blocks(const Scene& scene, float room) {
    const int layers = scene.model.config.n_layer;
    const float numbered = width_of(bold(11.5f, {}), count(layers)) + 12;
    const float even = room / static_cast<float>(layers);
    if (even >= numbered) {
        const float pitch = std::min(even, 118.0f);
        return {0, layers, pitch, pitch};
    }
    const float selected = std::min(std::max(numbered, 30.0f), room);
    const int others = std::min(static_cast<int>((room - selected) / 5), layers - 1);
    const int first = std::clamp(scene.selection.layer - others / 2, 0, layers - 1 - others);
    const float pitch = others > 0 ? (room - selected) / static_cast<float>(others) : selected;
    return {first, first + others + 1, std::min(pitch, selected), selected};
}

// The blocks as boxes on the stream; returns the rectangle of the selected one.
Rect draw_blocks(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const Blocks blocks = shown_blocks(scene, rect.w);
    const auto& lens =
        scene.memo.lens.read(scene.model, scene.step.records[scene.position()], scene.followed());
    float x = rect.x + (rect.w - blocks.whole()) / 2;
    const std::string widest = "Block " + count(scene.model.config.n_layer);
    const bool named = width_of(bold(11.5f, {}), widest) <= blocks.pitch - blocks.gap() - 6;
    Rect selected{};
    for (int layer = blocks.first; layer < blocks.last; ++layer) {
        const bool current = layer == scene.selection.layer;
        const bool read = current && in_block(scene.selection.phase);
        const float pitch = current ? blocks.selected_pitch : blocks.pitch;
        const Rect box{x + blocks.gap() / 2, rect.y, pitch - blocks.gap(), rect.h};
        x += pitch;
        const float radius = std::min(6.0f, box.w * 0.3f);
        draw_chip(canvas, box, current ? t.accent_soft : mix(t.card, t.inset, 0.6f),
                  {current ? t.accent : mix(t.border, t.faint, 0.5f), read      ? 2.0f
                                                                      : current ? 1.5f
                                                                                : 1.0f},
                  radius);
        canvas.region(box, target::layer(layer));
        if (current) selected = box;
        const std::string digits = count(layer + 1);
        const TextStyle name = bold(11.5f, current ? t.accent : t.text);
        const TextStyle token = mono(11, t.text), small = mono(10.5f, t.muted);
        const float width = box.w - 6;
        std::vector<TextLine> lines{
            {longest_fitting(name, {(named ? "Block " : "") + digits}, width), name}};
        if (box.w >= 40 && box.h >= 2 * box_line + 4) {
            lines.push_back({fit_token(token, scene.shown(lens[layer].id), width), token});
            const std::string sure = percent(lens[layer].probability);
            if (box.h >= 3 * box_line + 4 && width_of(small, sure) <= width)
                lines.push_back({sure, small});
        }
        draw_lines(canvas, box, lines);
    }
    return selected;
}

// What is read, in words. Returns the height used.
float draw_reading(Canvas& canvas, Rect rect, int most, const Scene& scene) {
    const Theme& t = scene.theme;
    const Phase phase = scene.selection.phase;
    const TextStyle title = bold(14, t.accent), words = sans(13, t.text);
    const Rect inside = rect.without_left(13);
    // The second sentence only where it fits.
    const std::vector<std::string> sentences = reading_sentences(scene, phase);
    std::string text = sentences[0];
    for (size_t i = 1; i < sentences.size(); ++i) text += " " + sentences[i];
    if (static_cast<int>(broken_lines(words, text, inside.w, most + 1).size()) > most) {
        text = sentences[0];
    }
    const auto lines = broken_lines(words, text, inside.w, most);
    const float high = line_height(words);
    const float used = 20 + high * static_cast<float>(lines.size());
    draw_text_in(canvas, inside.top(20), reading_title(scene, phase), title);
    draw_paragraph(canvas,
                   {inside.x, inside.y + 20, inside.w, high * static_cast<float>(lines.size())},
                   text, words);
    canvas.fill_rect({rect.x, rect.y + 2, 4, used - 4}, t.accent, 2);
    return used;
}

bool is_read(const DiagramBox& box, const Scene& scene) {
    return !in_block(scene.selection.phase) &&
           box.target == target::phase(phase_id(scene.selection.phase));
}

// Boxes that fit side by side: the norm goes first, then softmax, logits and append.
std::vector<DiagramBox> fitting(std::vector<DiagramBox> boxes, float room, float least,
                                const Scene& scene) {
    for (const char* dispensable : {"final_norm", "softmax", "logits", "append"}) {
        if (static_cast<float>(boxes.size()) * least <= room) break;
        std::erase_if(boxes, [&](const DiagramBox& box) {
            return box.target == target::phase(dispensable) && !is_read(box, scene);
        });
    }
    return boxes;
}

// The stream's box along the top, the ranking's along the bottom, and the ring that joins them.
void draw_ring(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const float band = std::clamp(rect.h * 0.138f, lowest_band, highest_band);
    const float gap = std::clamp(rect.h * 0.035f, 12.0f, 26.0f);
    const Rect top = rect.top(band);
    const float middle = rect.h - 2 * band - 2 * gap;
    const bool with_panel = middle >= block_head + 4;
    Rect bottom{rect.x, rect.bottom() - band, rect.w, band};
    if (!with_panel) bottom.y = std::min(bottom.y, top.bottom() + 22.0f);
    const float arrow = std::clamp(rect.w * 0.018f, 12.0f, 22.0f);

    // Tokens, embedding, then the stream through the blocks to the right edge and down.
    std::vector<DiagramBox> before = boxes_before(scene);
    const float box_width = std::clamp(rect.w * 0.13f, 58.0f, 176.0f);
    const float tokens_width = std::min(box_width, 112.0f);
    const Rect tokens = top.left(tokens_width);
    const DiagramBox w_e = embedding_weights(scene), w_u = unembedding_weights(scene);
    const bool weighted = rect.w >= 760;  // weights have room on their arrows
    const float embeds = weighted ? std::max(arrow, room_of_weights(w_e)) : arrow;
    const Rect embedding{tokens.right() + embeds, top.y, box_width, band};
    const float right = rect.right() - 10;
    const Point stream[] = {
        {embedding.right(), top.centre().y}, {right, top.centre().y}, {right, bottom.y - 9}};
    canvas.polyline(stream, {t.bar, stream_width});
    draw_arrow_head(canvas, {right, bottom.y - 1}, {right, bottom.y - 20}, 11, t.bar);
    draw_weights(canvas, {tokens.right(), top.centre().y}, {embedding.x, top.centre().y},
                 {wire(t), 1.5f}, 7, band, w_e, scene);
    draw_box(canvas, tokens, before[0], is_read(before[0], scene), scene);
    draw_box(canvas, embedding, before[1], is_read(before[1], scene), scene);
    const float first = embedding.right() + 12;
    const Rect selected = draw_blocks(canvas, {first, top.y, right - 14 - first, band}, scene);

    // Right to left to the token that is appended.
    const std::vector<DiagramBox> after = fitting(boxes_after(scene), rect.w, 66, scene);
    const float boxes = static_cast<float>(after.size());
    const bool unembeds = weighted && after[0].target == target::phase("final_norm");
    const float first_arrow = unembeds ? std::max(arrow, room_of_weights(w_u)) : arrow;
    const float width = (rect.w - first_arrow - arrow * (boxes - 2)) / boxes;
    const float y = bottom.centre().y;
    float x = rect.right() - width;
    for (size_t i = 0; i < after.size(); ++i) {
        draw_box(canvas, {x, bottom.y, width, band}, after[i], is_read(after[i], scene), scene);
        if (i + 1 == after.size()) break;
        const float length = i == 0 ? first_arrow : arrow;
        const Stroke line{wire(t), 1.5f};
        if (i == 0 && unembeds) {
            draw_weights(canvas, {x, y}, {x - length, y}, line, 7, band, w_u, scene);
        } else {
            draw_arrow(canvas, {{x, y}, {x - length, y}}, line, 7);
        }
        x -= width + length;
    }
    const float left = rect.x + 10;
    const bool goes_on = scene.step.why == model::StopReason::none;
    draw_arrow(canvas, {{left, bottom.y}, {left, top.bottom()}},
               {goes_on ? t.accent : t.faint, 1.75f, !goes_on}, 8);
    if (!with_panel) return;

    const Rect panel{rect.x + gutter, top.bottom() + gap, rect.w - 2 * gutter, middle};
    const Point wedge[] = {{selected.x, selected.bottom()},
                           {selected.right(), selected.bottom()},
                           {panel.right(), panel.y},
                           {panel.x, panel.y}};
    canvas.fill_polygon(wedge, t.accent.with_alpha(t.dark ? 0.16f : 0.08f));
    draw_chip(canvas, panel, t.inset, hairline(t.border), 8);
    draw_diagram_block(canvas, panel, scene);
}

void draw_pass(Canvas& canvas, Rect rect, const Scene& scene) {
    const int lines = rect.h >= 420.0f ? 3 : rect.h >= 240.0f ? 2 : 1;
    const float used = draw_reading(canvas, rect, lines, scene);
    const Rect ring = rect.without_top(used + std::min(14.0f, rect.h * 0.04f));
    draw_ring(canvas, ring.top(std::min(ring.h, 680.0f)), scene);
}

Size diagram_size(const Scene&) {
    return {960, 580};
}

void draw_diagram(Canvas& canvas, Rect rect, const Scene& scene) {
    draw_filling(canvas, rect, {1000, 660}, 1.6f,
                 [&](Canvas& page, Rect whole) { draw_pass(page, whole, scene); });
}

Lines diagram_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    for (Phase phase : {Phase::attention, Phase::mlp}) {
        if (id.words() == phase_id(phase)) {
            Lines lines = reading_sentences(scene, phase);
            lines.insert(lines.begin(), reading_title(scene, phase));
            return lines;
        }
    }
    if (id.word(1).empty()) return {};
    const DiagramBlock b = diagram_block(scene);
    const std::vector<DiagramBox> before = boxes_before(scene), after = boxes_after(scene);
    std::vector<const DiagramBox*> boxes{
        &b.ln1, &b.q,        &b.k,   &b.v,       &b.scores,   &b.mask,    &b.pattern,
        &b.z,   &b.attn_out, &b.ln2, &b.mlp_pre, &b.mlp_post, &b.mlp_out, &b.w_q,
        &b.w_k, &b.w_v,      &b.w_o, &b.w_in,    &b.w_out};
    const DiagramBox w_e = embedding_weights(scene), w_u = unembedding_weights(scene);
    boxes.insert(boxes.end(), {&w_e, &w_u});
    for (const DiagramBox& box : before) boxes.push_back(&box);
    for (const DiagramBox& box : after) boxes.push_back(&box);
    for (const DiagramBox* box : boxes) {
        if (box->target != hit.target) continue;
        Lines lines{box->name + (box->shape.empty() ? "" : "  " + box->shape)};
        if (!box->hook.empty()) lines.push_back(box->hook);
        if (!box->words.empty()) lines.push_back(box->words);
        return lines;
    }
    return {};
}

constexpr Pointing targets[] = {
    {.kind = "phase", .tooltip = diagram_tooltip},
};

}  // namespace

// Targets: "phase/NAME" (in a block "phase/NAME/BOX"), "layer/L", "head/L/H".
extern const View diagram_view{
    .id = "diagram",
    .title = "Diagram",
    .help = "the whole pass as boxes with shapes and live numbers",
    .group = Group::stream,
    .preferred_size = diagram_size,
    .draw = draw_diagram,
    .least = {210, 150},
    .tells_choice = true,
    .targets = targets,
};

}  // namespace viz
