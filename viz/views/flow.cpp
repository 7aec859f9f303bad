// "Where we are": the path of the data through the model, from tokens to the appended one. It is
// always on screen: what does not fit becomes shorter, never hidden without a count.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float gap = 5;
constexpr float least_phase = 24, most_phase = 38;  // heights, without the gap
constexpr float least_block = 66, most_block = 80;  // with its bars below each other
constexpr float least_short = 20, most_short = 30;  // a block in one line
constexpr float marker_height = 18;
constexpr float lens_label = 36, percent_room = 52;  // of an open block's last line
constexpr float least_bar = 28;                      // of the lens, with its change beside it
constexpr int phases_beside_blocks = 7;

// A card of the column. Blocks stand for one layer each.
struct Item {
    Phase phase;
    const char* name;
    std::string note;
};

std::vector<Item> before_blocks(const Scene& scene) {
    const std::string n = count(scene.length());
    return {{Phase::tokens, "Tokens", plural(scene.length(), "id")},
            {Phase::embedding, "Embedding", n + " × " + count(scene.model.config.d_model)}};
}

std::vector<Item> after_blocks(const Scene& scene) {
    const model::Config& c = scene.model.config;
    const auto& candidates = scene.step.ranking.candidates;
    const double sum = std::accumulate(
        candidates.begin(), candidates.end(), 0.0,
        [](double s, const model::Candidate& candidate) { return s + candidate.probability; });
    char sums[32];
    std::snprintf(sums, sizeof sums, "sums to %.6g", sum);
    const bool ended = scene.step.why != model::StopReason::none;
    return {
        {Phase::final_norm, "Final norm", count(scene.length()) + " × " + count(c.d_model)},
        {Phase::logits, "Logits", "1 × " + count(c.n_vocab)},
        {Phase::softmax, "Softmax", sums},
        {Phase::pick, "Pick", scene.decoding.sampled() ? "sampled" : "argmax"},
        {Phase::append, "Append",
         ended ? model::stop_reason_text(scene.step.why) : "→ position " + count(scene.length())}};
}

// Which blocks are drawn, and how high everything is.
struct Layout {
    float phase, block, opened;  // heights; a short block may be opened when it is selected
    int first, last;             // blocks [first, last)
};

Layout make_layout(float height, const Scene& scene) {
    const int layers = scene.model.config.n_layer;
    auto total = [&](float phase, float blocks_sum, int blocks) {
        return phases_beside_blocks * phase + blocks_sum +
               gap * static_cast<float>(phases_beside_blocks + blocks - 1);
    };
    auto between = [&](float least, float most, float low, float high) {
        return low + (high - low) * std::clamp((height - least) / (most - least), 0.0f, 1.0f);
    };
    const float n = static_cast<float>(layers);
    if (const float least = total(least_phase, n * least_block, layers); height >= least) {
        const float most = total(most_phase, n * most_block, layers);
        const float block = between(least, most, least_block, most_block);
        return {between(least, most, least_phase, most_phase), block, block, 0, layers};
    }
    const float opening = least_block - least_short;
    if (const float least = total(least_phase, n * least_short + opening, layers);
        height >= least) {
        const float most = total(most_phase, n * most_short + opening, layers);
        return {between(least, most, least_phase, most_phase),
                between(least, most, least_short, most_short), least_block, 0, layers};
    }
    // All of them in a line each, as high as there is room for.
    if (const float least = total(least_phase, n * least_short, layers); height >= least) {
        const float most = total(most_phase, n * most_short, layers);
        const float block = between(least, most, least_short, most_short);
        return {between(least, most, least_phase, most_phase), block, block, 0, layers};
    }
    // Some blocks around the selected one, and a marker for those left out on either side.
    auto around = [&](int markers) {
        const float room =
            height - total(least_phase, 0, 0) - static_cast<float>(markers) * (marker_height + gap);
        const int blocks = std::clamp(static_cast<int>(room / (least_short + gap)), 1, layers);
        return std::pair{std::clamp(scene.selection.layer - blocks / 2, 0, layers - blocks),
                         blocks};
    };
    auto [first, blocks] = around(1);
    if (first > 0 && first + blocks < layers) std::tie(first, blocks) = around(2);
    const int markers = (first > 0 ? 1 : 0) + (first + blocks < layers ? 1 : 0);
    const float needed = total(least_phase, static_cast<float>(blocks) * least_short, blocks) +
                         static_cast<float>(markers) * (marker_height + gap);
    const float squeeze = std::min(1.0f, height / needed);
    const float block = least_short * squeeze;
    return {least_phase * squeeze, block, block, first, first + blocks};
}

void draw_card(Canvas& canvas, Rect card, bool selected, const Scene& scene) {
    const Theme& t = scene.theme;
    const float radius = std::min(7.0f, card.h * 0.3f);
    draw_chip(canvas, card, selected ? t.accent_soft : mix(t.card, t.inset, 0.6f),
              {selected ? t.accent : t.border, selected ? 1.5f : 1.0f}, radius);
}

void draw_phase(Canvas& canvas, Rect card, const Item& item, const Scene& scene) {
    const Theme& t = scene.theme;
    const bool selected = scene.selection.phase == item.phase;
    draw_card(canvas, card, selected, scene);
    canvas.region(card, target::phase(phase_id(item.phase)));
    const TextStyle name = bold(13, selected ? t.accent : t.text);
    const Rect inside{card.x + 14, card.y, card.w - 28, card.h};
    draw_text_in(canvas, inside, item.name, name);
    draw_text_in(canvas, inside.without_left(width_of(name, item.name) + 8), item.note,
                 sans(11.5f, t.muted), Align::right);
}

struct BlockNumbers {
    double attn, mlp, most;  // lengths, and the longest of any layer
    std::string token;
    double probability;
    double before;  // of the same token at the position before; -1: there is none
    bool told;      // false: what the lens reads stays hidden, it may be what is chosen
    Phase cursor;   // where the reader is within this block; elsewhere: outside blocks
};

// The line of a block that is being read: a mark before its name.
void draw_cursor(Canvas& canvas, float x, float y, const Scene& scene) {
    const Point mark[] = {{x, y - 3.5f}, {x + 6, y}, {x, y + 3.5f}};
    canvas.fill_polygon(mark, scene.theme.accent);
}

// "▲ 12.3": points gained since the position before.
void draw_gained(Canvas& canvas, Rect rect, double gained, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle style = sans(10.5f, mix(gained < 0 ? t.down : t.up, t.text, 0.25f));
    std::string text = points(gained);
    if (gained == 0) {
        draw_text_in(canvas, rect, "=", sans(10.5f, t.muted), Align::right);
        return;
    }
    text.erase(0, 1);  // the triangle is its sign
    // A change too small for the column shows its direction alone.
    if (width_of(style, text) > rect.w - 15) text.clear();
    draw_text_in(canvas, rect, text, style, Align::right);
    const float x = rect.right() - width_of(style, text) - 6;
    draw_triangle(canvas, {x, rect.centre().y}, 3, gained > 0, style.colour);
}
float gain_width() {
    return width_of(sans(10.5f, {}), "88.8") + 16;
}
float lens_token_width(float lens_width, bool with_gain) {
    return std::min(84.0f, lens_width * (with_gain ? 0.36f : 0.42f));
}
// Whether an open block has room for it beside the bar of the lens.
bool room_for_gain(float card_width) {
    const float lens = card_width - (2 * 14 + lens_label);
    const float rest = lens - lens_token_width(lens, true) - (6 + percent_room);
    return rest - gain_width() >= least_bar;
}

// Three lines: attention, MLP, what the logit lens reads.
void draw_open_block(Canvas& canvas, Rect card, const BlockNumbers& numbers,
                     const std::string& name, bool selected, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle small = sans(11, t.muted);
    const TextStyle token = mono(12, t.text);
    const Rect inside{card.x + 14, card.y, card.w - 28, card.h};
    const float head = 20 + (card.h - least_block) * 0.4f;
    const float line = (card.h - head - 6) / 3;
    const Rect title{inside.x, card.y + 2, inside.w, head - 2};
    draw_text_in(canvas, title, name, bold(13, selected ? t.accent : t.text));
    draw_text_in(canvas, title, "attn · MLP", small, Align::right);
    const float label = lens_label;
    auto row = [&](int i) {
        return Rect{inside.x, card.y + head + line * static_cast<float>(i), inside.w, line};
    };
    auto bar = [&](Rect r) { return Rect{r.x, r.centre().y - 3.5f, r.w, 7}; };
    auto name_row = [&](int i, const char* text, bool read) {
        draw_text_in(canvas, row(i), text, read ? bold(11, t.accent) : small);
        if (read) draw_cursor(canvas, inside.x - 9, row(i).centre().y, scene);
    };
    name_row(0, "attn", numbers.cursor == Phase::attention);
    draw_bar(canvas, bar(row(0).without_left(label)), numbers.attn / numbers.most, t.attn);
    name_row(1, "mlp", numbers.cursor == Phase::mlp);
    draw_bar(canvas, bar(row(1).without_left(label)), numbers.mlp / numbers.most, t.mlp);
    draw_text_in(canvas, row(2), "lens", small);
    const Rect lens = row(2).without_left(label);
    const bool with_gained = numbers.before >= 0;
    const float token_width = lens_token_width(lens.w, with_gained);
    const float percent_width = percent_room + (with_gained ? gain_width() : 0);
    draw_text_in(canvas, lens.left(token_width + 1), fit_token(token, numbers.token, token_width),
                 token);
    if (!numbers.told) return;
    draw_bar(canvas, bar(lens.without_left(token_width + 6).without_right(percent_width)),
             numbers.probability, t.accent);
    const Rect value = lens.without_right(with_gained ? gain_width() : 0);
    draw_text_in(canvas, value, percent(numbers.probability), small, Align::right);
    if (with_gained)
        draw_gained(canvas, lens.without_left(lens.w - gain_width()),
                    numbers.probability - numbers.before, scene);
}

// The same in one line.
void draw_short_block(Canvas& canvas, Rect card, const BlockNumbers& numbers,
                      const std::string& name, bool selected, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle title = bold(12.5f, selected ? t.accent : t.text);
    const TextStyle token = mono(11.5f, t.text);
    const Rect inside{card.x + 14, card.y, card.w - 28, card.h};
    draw_text_in(canvas, inside, name, title);
    const std::string widest = "Block " + count(scene.model.config.n_layer);
    const float bars = width_of(bold(12.5f, {}), widest) + 10;
    const float percent_width = 48;
    const float rest = inside.w - bars - percent_width;
    // The token needs its room more than the bars.
    const bool barred = rest >= 84;
    const float bar_width = barred ? std::clamp(rest - 66.0f, rest * 0.28f, rest * 0.45f) : 0;
    const float thick = std::min(5.0f, card.h * 0.2f);
    const Rect upper{inside.x + bars, card.centre().y - thick - 1, bar_width, thick};
    if (barred) {
        draw_bar(canvas, upper, numbers.attn / numbers.most, t.attn);
        draw_bar(canvas, {upper.x, card.centre().y + 1, bar_width, thick},
                 numbers.mlp / numbers.most, t.mlp);
    }
    if (in_block(numbers.cursor)) {
        const float y =
            numbers.cursor == Phase::attention ? upper.centre().y : card.centre().y + 1 + thick / 2;
        draw_cursor(canvas, upper.x - 8, y, scene);
    }
    const float token_width = rest - bar_width - (barred ? 10 : 2);
    draw_text_in(canvas, {upper.right() + (barred ? 8 : 0), card.y, token_width + 1, card.h},
                 fit_token(token, numbers.token, token_width), token);
    if (!numbers.told) return;
    draw_text_in(canvas, inside, percent(numbers.probability), sans(11, t.muted), Align::right);
}

void draw_marker(Canvas& canvas, Rect rect, int left_out, const Scene& scene) {
    draw_text_in(canvas, rect, "… " + count(left_out) + " more", sans(11, scene.theme.muted),
                 Align::centre);
}

Size flow_size(const Scene& scene) {
    const int layers = scene.model.config.n_layer;
    const float block = layers <= 8 ? most_block : most_short;
    return {262,
            phases_beside_blocks * (most_phase + gap) + static_cast<float>(layers) * (block + gap)};
}

void draw_flow(Canvas& canvas, Rect rect, const Scene& scene) {
    const int layers = scene.model.config.n_layer;
    const Layout layout = make_layout(rect.h, scene);
    const bool openable = layout.opened > layout.block;
    Rect card{rect.x, rect.y, rect.w, 0};
    auto next = [&](float height) {
        card.h = height;
        const Rect here = card;
        card.y += height + gap;
        return here;
    };
    for (const Item& item : before_blocks(scene))
        draw_phase(canvas, next(layout.phase), item, scene);

    const model::RecordPtr& record = scene.step.records[scene.position()];
    const Norms& norms = scene.memo.norms.at(scene.step.records, scene.position());
    const std::vector<model::LensReading> lens =
        scene.memo.lens.read(scene.model, record, scene.followed());
    const bool with_gain = room_for_gain(rect.w) && scene.position() > 0;
    const bool told = scene.tells_choice();
    // What the position before gives the same token there.
    auto before = [&](int layer, int id) {
        const model::RecordPtr& last = scene.step.records[scene.position() - 1];
        const auto& readings = scene.memo.lens.read(scene.model, last, -1);
        return model::lens_probability(scene.model, *last, layer, readings[layer], id);
    };
    const double most = std::max(*std::max_element(norms.attn.begin(), norms.attn.end()),
                                 *std::max_element(norms.mlp.begin(), norms.mlp.end()));
    if (layout.first > 0) draw_marker(canvas, next(marker_height), layout.first, scene);
    for (int layer = layout.first; layer < layout.last; ++layer) {
        const bool current = layer == scene.selection.layer;
        const bool selected = current && in_block(scene.selection.phase);
        const bool open = layout.block >= least_block || (current && openable);
        const Rect place = next(open ? layout.opened : layout.block);
        draw_card(canvas, place, selected, scene);
        canvas.region(place, target::layer(layer));
        const BlockNumbers numbers{norms.attn[layer],
                                   norms.mlp[layer],
                                   most > 0 ? most : 1,
                                   told ? scene.shown(lens[layer].id) : "?",
                                   lens[layer].probability,
                                   open && with_gain && told ? before(layer, lens[layer].id) : -1,
                                   told,
                                   selected ? scene.selection.phase : Phase::tokens};
        const std::string name = "Block " + std::to_string(layer + 1);
        (open ? draw_open_block : draw_short_block)(canvas, place, numbers, name, selected, scene);
    }
    if (layout.last < layers) {
        draw_marker(canvas, next(marker_height), layers - layout.last, scene);
    }
    for (const Item& item : after_blocks(scene))
        draw_phase(canvas, next(layout.phase), item, scene);
}

}  // namespace

// Targets: "phase/NAME" and "layer/L" for blocks.
extern const View flow_view{
    .id = "flow",
    .title = "Where we are",
    .help = "the path from tokens to the appended token, block by block",
    .group = Group::stream,
    .tab = false,
    .preferred_size = flow_size,
    .draw = draw_flow,
    .least = {232, 330},
};

}  // namespace viz
