#include "viz/views/diagram/block.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/views/diagram/boxes.h"
#include "viz/views/diagram/contents.h"
#include "viz/views/drawings.h"

namespace viz {

namespace {

constexpr float strip = 22;  // what a part of the block adds
constexpr float lowest_attention = 62, highest_attention = 216;
constexpr float lowest_mlp = 34, highest_mlp = 92;

// One square for each head, as dark as its largest weight at the selected position.
void draw_heads_line(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const int heads = scene.model.config.n_head, layer = scene.selection.layer;
    const float room = rect.w / static_cast<float>(heads);
    const float gap = room >= 14.0f ? 5.0f : 2.5f;
    const float side = std::min(16.0f, room - gap);
    if (side < 4) return;
    const float pitch = side + gap;
    const TextStyle label = sans(11.5f, t.muted);
    const float whole = pitch * static_cast<float>(heads);
    const std::string words = longest_fitting(
        label, {"heads, by their largest weight", "heads by weight", "heads"}, rect.w - whole - 10);
    draw_text_in(canvas, rect.without_right(whole + 7), words, label, Align::right);
    float x = rect.right() - whole;
    for (int head = 0; head < heads; ++head, x += pitch) {
        const auto row = model::attention_row(scene.model.config, scene.step.records, layer, head,
                                              scene.position());
        const float most = *std::max_element(row.begin(), row.end());
        const Rect square{x, rect.centre().y - side / 2, side, side};
        const bool selected = head == scene.selection.head;
        canvas.fill_rect(square, sequential(t, scene.colormap, most), 3);
        canvas.stroke_rect(selected ? square.inset(-2.5f) : square.inset(-0.5f),
                           {selected ? t.accent : t.border, selected ? 2.0f : 1.0f}, 3);
        canvas.region(square, target::head(layer, head));
    }
}

// A plus on the stream and, to its right, what is added there.
void draw_sum(Canvas& canvas, Rect rect, float stream_x, float from_x, const std::string& part,
              double added, const char* hook, double after, Colour colour, bool read,
              const Scene& scene) {
    const Theme& t = scene.theme;
    const float y = rect.centre().y, radius = 7.5f;
    const TextStyle name = bold(12, read ? t.accent : t.text);
    const TextStyle words = sans(12, t.muted);
    const float begin = stream_x + radius + 12;
    // The line from the last box comes down behind the words.
    const float until = from_x > 0 ? from_x - 16.0f : rect.right();
    const float room = until - begin - 8 - width_of(name, part + " ");
    const std::string length = number(added);
    const std::string block = "blocks." + std::to_string(scene.selection.layer) + ".";
    const std::string shape = count(scene.length()) + " × " + count(scene.model.config.d_model);
    const std::string text = longest_fitting(
        words,
        {"adds length " + length + " to the stream: " + block + hook + ", " + shape + ", length " +
             number(after),
         "adds length " + length + " → " + hook + ", " + shape + ", length " + number(after),
         "adds length " + length + " → " + hook + ", " + shape, "adds length " + length,
         "adds " + length},
        room);
    const float end = begin + width_of(name, part + " ") + width_of(words, text) + 8;
    if (from_x > 0) {
        const Point back[] = {{from_x, rect.y}, {from_x, y}, {end, y}};
        canvas.polyline(back, {colour, 1.75f});
    }
    draw_arrow(canvas, {{begin - 3, y}, {stream_x + radius, y}}, {colour, 1.75f}, 6);
    draw_text_in(canvas, {begin, rect.y, rect.right() - begin, rect.h}, part, name);
    draw_text_in(canvas, {begin + width_of(name, part + " "), rect.y, room + 8, rect.h}, text,
                 words);
    draw_dot(canvas, {stream_x, y}, radius, t.card);
    canvas.stroke_rect({stream_x - radius, y - radius, 2 * radius, 2 * radius},
                       {read ? t.accent : t.muted, 1.5f}, radius);
    const float arm = 4;
    draw_line(canvas, {stream_x - arm, y}, {stream_x + arm, y}, {t.text, 1.5f});
    draw_line(canvas, {stream_x, y - arm}, {stream_x, y + arm}, {t.text, 1.5f});
}

struct Column {
    const DiagramBox* box;
    float weight;
    const DiagramBox* through = nullptr;  // weights on the arrow that leads here
    Rect rect = {};
};

constexpr float weights_from = 620;  // width of a part whose arrows are long enough for weights

// Columns side by side, arrows between them; no wider than looks good.
void place(std::vector<Column>& columns, Rect rect, float gap, float widest) {
    auto before = [&](const Column& column) {
        if (&column == &columns[0]) return 0.0f;
        if (!column.through || rect.w < weights_from) return gap;
        return std::max(gap, room_of_weights(*column.through));
    };
    float sum = 0, gaps = 0;
    for (const Column& column : columns) sum += column.weight, gaps += before(column);
    const float unit = std::min((rect.w - gaps) / sum, widest);
    float x = rect.x;
    for (Column& column : columns) {
        x += before(column);
        column.rect = {x, rect.y, unit * column.weight, rect.h};
        x += column.rect.w;
    }
}

void draw_branch(Canvas& canvas, float stream_x, Point to, const Scene& scene) {
    draw_arrow(canvas, {{stream_x, to.y}, to}, {wire(scene.theme), 1.5f}, 6);
}

// Returns where its last box ends, for the way back to the stream.
float draw_attention(Canvas& canvas, Rect rect, float stream_x, const DiagramBlock& b,
                     const Scene& scene) {
    const Theme& t = scene.theme;
    const float gap = std::clamp(rect.w * 0.022f, 8.0f, 20.0f);
    const bool all = rect.w >= 310, masked = rect.w >= 430;
    std::vector<Column> columns;
    if (all) columns.push_back({&b.ln1, 1});
    columns.push_back({&b.q, 1.15f, &b.w_q});
    columns.push_back({&b.scores, 1.2f});
    if (masked) columns.push_back({&b.mask, 0.72f});
    columns.push_back({&b.pattern, masked ? 1.2f : 1.45f});
    columns.push_back({&b.z, 1.15f});
    columns.push_back({&b.attn_out, 1, &b.w_o});
    place(columns, rect, gap, 150);
    const float between = std::min(6.0f, rect.h * 0.05f);
    const float third = (rect.h - 2 * between) / 3;
    const float upper = 2 * third + between;  // of what queries and keys become
    const Stroke line{wire(t), 1.5f};
    const float head = 6;
    const float y = rect.y + upper / 2;
    auto at = [&](const DiagramBox& box) -> Rect& {
        return std::find_if(columns.begin(), columns.end(),
                            [&](const Column& column) { return column.box == &box; })
            ->rect;
    };
    for (const DiagramBox* box : {&b.scores, &b.mask, &b.pattern}) {
        if (masked || box != &b.mask) at(*box).h = upper;
    }
    const Rect qkv = at(b.q);
    std::array<Rect, 3> stack;
    for (int i = 0; i < 3; ++i) {
        stack[i] = {qkv.x, qkv.y + (third + between) * static_cast<float>(i), qkv.w, third};
    }
    // Wires first, boxes over them.
    if (all) {
        draw_branch(canvas, stream_x, {at(b.ln1).x, at(b.ln1).centre().y}, scene);
        const DiagramBox* weights[] = {&b.w_q, &b.w_k, &b.w_v};
        for (size_t i = 0; i < stack.size(); ++i) {
            const float row = stack[i].centre().y;
            draw_weights(canvas, {at(b.ln1).right(), row}, {stack[i].x, row}, line, head,
                         third + between, *weights[i], scene);
        }
    } else {
        draw_branch(canvas, stream_x, {qkv.x, qkv.centre().y}, scene);
    }
    for (int i = 0; i < 2; ++i) {
        const float from = stack[i].centre().y;
        draw_arrow(canvas, {{qkv.right(), from}, {at(b.scores).x, from}},
                   {i == 0 ? t.query : t.key, 1.75f}, head);
    }
    draw_arrow(canvas, {{qkv.right(), stack[2].centre().y}, {at(b.z).x, stack[2].centre().y}},
               {t.value, 1.75f}, head);
    float from = at(b.scores).right();
    if (masked) {
        draw_arrow(canvas, {{from, y}, {at(b.mask).x, y}}, line, head);
        from = at(b.mask).right();
    }
    draw_arrow(canvas, {{from, y}, {at(b.pattern).x, y}}, line, head);
    draw_arrow(canvas, {{at(b.pattern).right(), y}, {at(b.z).x, y}}, line, head);
    draw_weights(canvas, {at(b.z).right(), at(b.z).centre().y},
                 {at(b.attn_out).x, at(b.z).centre().y}, line, head, rect.h, b.w_o, scene);
    for (const Column& column : columns) {
        if (column.box != &b.q) draw_box(canvas, column.rect, *column.box, false, scene);
    }
    draw_box(canvas, stack[0], b.q, false, scene);
    draw_box(canvas, stack[1], b.k, false, scene);
    draw_box(canvas, stack[2], b.v, false, scene);
    return at(b.attn_out).centre().x;
}

float draw_mlp(Canvas& canvas, Rect rect, float stream_x, const DiagramBlock& b,
               const Scene& scene) {
    std::vector<Column> columns{
        {&b.ln2, 1}, {&b.mlp_pre, 1.2f, &b.w_in}, {&b.mlp_post, 1.2f}, {&b.mlp_out, 1, &b.w_out}};
    place(columns, rect, std::clamp(rect.w * 0.03f, 10.0f, 26.0f), 190);
    const float y = rect.centre().y;
    draw_branch(canvas, stream_x, {columns[0].rect.x, y}, scene);
    for (size_t i = 1; i < columns.size(); ++i) {
        const Point from{columns[i - 1].rect.right(), y}, to{columns[i].rect.x, y};
        const Stroke line{wire(scene.theme), 1.5f};
        if (columns[i].through) {
            draw_weights(canvas, from, to, line, 6, rect.h, *columns[i].through, scene);
        } else {
            draw_arrow(canvas, {from, to}, line, 6);
        }
    }
    for (const Column& column : columns) draw_box(canvas, column.rect, *column.box, false, scene);
    return columns.back().rect.centre().x;
}

// Heights within the selected block; 0: only what it adds is said.
struct Heights {
    float attention = 0, mlp = 0;
};

Heights block_heights(float room, float width, bool mlp_first) {
    Heights heights;
    room -= 2 * (strip + 6);
    if (width < 230) return heights;
    const float pad = 8;
    auto take = [&](float& height, float low) {
        if (room < (low) + pad) return;
        height = low;
        room -= height + pad;
    };
    if (mlp_first) take(heights.mlp, lowest_mlp);
    take(heights.attention, lowest_attention);
    if (!mlp_first) take(heights.mlp, lowest_mlp);
    auto grow = [&](float& height, float high, float share) {
        if (height <= 0) return;
        const float more = std::clamp(room * share, 0.0f, high - height);
        height += more;
    };
    const float before = room;
    const float attention = heights.attention;
    grow(heights.attention, highest_attention, heights.mlp > 0 ? 0.68f : 1);
    room = before - (heights.attention - attention);
    grow(heights.mlp, highest_mlp, 1);
    return heights;
}

}  // namespace

void draw_diagram_block(Canvas& canvas, Rect panel, const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Config& c = scene.model.config;
    const DiagramBlock block = diagram_block(scene);
    const Phase phase = scene.selection.phase;
    const float stream_x = panel.x + 22;
    const float inside_x = stream_x + 22;
    Rect body = panel.without_top(block_head).without_bottom(8);
    const Heights heights =
        block_heights(body.h, panel.right() - 12 - inside_x, phase == Phase::mlp);
    const float used = heights.attention + heights.mlp + 2 * (strip + 6) +
                       (heights.attention > 0 ? 8.0f : 0) + (heights.mlp > 0 ? 8.0f : 0);
    const bool whole = used <= body.h + 0.5f;
    body.h = std::min(body.h, used + 4.0f);

    const TextStyle title = bold(13, t.text), small = sans(12, t.muted);
    const Rect head = Rect{panel.x + 12, panel.y + 2, panel.w - 24, block_head - 4};
    const std::string name =
        "Block " + count(scene.selection.layer + 1) + " of " + count(c.n_layer);
    draw_text_in(canvas, head, name, title);
    const Rect rest = head.without_left(width_of(title, name) + 12);
    const std::string at = scene.shown_at(scene.position());
    const std::string head_words = "head " + count(scene.selection.head + 1);
    const std::string words = longest_fitting(
        small, {head_words + ", numbers at " + at, head_words + " at " + at, head_words},
        rest.w * 0.55f);
    draw_text_in(canvas, rest, words, small);
    draw_heads_line(canvas, rest.without_left(width_of(small, words) + 12), scene);
    if (!whole) return;

    // The stream runs down the left side.
    const float bottom = body.y + used;
    draw_line(canvas, {stream_x, body.y - 2}, {stream_x, bottom}, {t.bar, stream_width});
    float y = body.y;
    auto part = [&](Phase which, float height, auto draw_inside, const char* called, double added,
                    const char* hook, double after, Colour colour) {
        const bool read = phase == which;
        const float chain = height > 0 ? height + 8.0f : 0;
        const Rect row{panel.x + 6, y, panel.w - 12, chain + strip + 6};
        if (read) {
            draw_chip(canvas, row, t.accent_soft, {t.accent, 1.5f}, 8);
            draw_down(canvas, row, stream_x, {t.bar, stream_width});
        }
        canvas.region(row, target::phase(phase_id(which)));
        const Rect inside{inside_x, y + 7, panel.right() - 14 - inside_x, height};
        const float from = height > 0 ? draw_inside(inside) : 0;
        draw_sum(canvas, {inside_x, y + chain, inside.w, strip}, stream_x, from, called, added,
                 hook, after, colour, read, scene);
        // The line from the last box begins at its lower edge.
        y += row.h;
    };
    part(
        Phase::attention, heights.attention,
        [&](Rect inside) { return draw_attention(canvas, inside, stream_x, block, scene); },
        "Attention", block.attn_added, "hook_resid_mid", block.resid_mid, t.attn);
    part(
        Phase::mlp, heights.mlp,
        [&](Rect inside) { return draw_mlp(canvas, inside, stream_x, block, scene); }, "MLP",
        block.mlp_added, "hook_resid_post", block.resid_post, t.mlp);
    draw_arrow_head(canvas, {stream_x, bottom + 6}, {stream_x, bottom - 10}, 11, t.bar);
}

}  // namespace viz
