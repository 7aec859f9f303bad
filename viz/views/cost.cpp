// Cost: what this step costs with the cache and without, how both grow with the text, and what the
// cache keeps. Counted by model/pass/cost; times are those that were measured.
#include "model/pass/cost.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/paint/paragraph.h"
#include "viz/views/cost_charts.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float headline_height = 50, short_headline = 26;
constexpr float header_height = 36;
constexpr float lowest_row = 21, highest_row = 28, part_row = 19;
constexpr float cache_height = 70;
constexpr float between = 16;
constexpr const char* why_valid =
    "The cache is valid because attention is causal: no position looks at a later one, so the keys "
    "and values of earlier positions never change when a token is appended.";

// A line of the table. A part is a share of the line above it.
struct Line {
    std::string name, naive, cached;
    double ratio = 0;  // 0: not said
    bool part = false;
};

std::vector<Line> make_lines(const Scene& scene, bool with_parts) {
    const int n = scene.length();
    const model::PassCost naive = naive_cost(scene, n), cached = cached_cost(scene, n);
    std::vector<Line> lines;
    auto add = [&](std::string name, double a, double b, std::string (*text)(double),
                   bool part = false) {
        lines.push_back({std::move(name), text(a), text(b), ratio(a, b), part});
    };
    auto add_count = [&](const char* name, int64_t a, int64_t b, bool part = true) {
        add(name, static_cast<double>(a), static_cast<double>(b), large, part);
    };
    add_count("multiply-adds", naive.multiply_adds(), cached.multiply_adds(), false);
    if (with_parts) {
        add_count("query, key, value", naive.qkv, cached.qkv);
        add_count("scores", naive.scores, cached.scores);
        add_count("weighted values", naive.weighted_values, cached.weighted_values);
        add_count("W_O", naive.attn_out, cached.attn_out);
        add_count("MLP", naive.mlp, cached.mlp);
        add_count("unembedding", naive.unembedding, cached.unembedding);
    }
    add("weights read", static_cast<double>(naive.weight_bytes),
        static_cast<double>(cached.weight_bytes), megabytes);
    lines.push_back(
        {"cache read", naive.cache_bytes ? "" : "none",
         cached.cache_bytes ? megabytes(static_cast<double>(cached.cache_bytes)) : "none"});
    if (const Cost* cost = measured(scene, n)) {
        add("time measured", cost->naive_ms, cost->cached_ms, milliseconds);
        lines.push_back({"their logits differ by", "", apart(cost->difference)});
    }
    return lines;
}

struct Run {
    int passes;
    double naive, cached;  // multiply-adds
};

Run run_so_far(const Scene& scene) {
    auto sum = [&](model::Passes passes) {
        return static_cast<double>(model::run_cost(scene.model.config,
                                                   scene.model.weights.precision,
                                                   scene.step.prompt_length, scene.length(), passes)
                                       .multiply_adds());
    };
    return {scene.step.number(), sum(model::Passes::naive), sum(model::Passes::cached)};
}

void draw_headline(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const int n = scene.length();
    const double fewer = ratio(static_cast<double>(naive_cost(scene, n).multiply_adds()),
                               static_cast<double>(cached_cost(scene, n).multiply_adds()));
    const TextStyle big = bold(22, t.text), words = bold(14, t.text);
    const std::string text = n == 1 ? "1×" : times(fewer);
    const Rect line = rect.top(short_headline);
    draw_text_in(canvas, line, text, big);
    const Rect rest = line.without_left(width_of(big, text) + 8);
    const bool first = scene.step.number() == 1;
    std::string said = n == 1  ? "one token costs the same either way"
                       : first ? "fewer multiply-adds from the next token on"
                               : "fewer multiply-adds with the cache";
    if (width_of(words, said) > rest.w) {
        said = n == 1 ? "either way" : first ? "fewer from the next on" : "fewer with the cache";
    }
    draw_text_in(canvas, rest, said, words);
    if (rect.h < headline_height - 1) return;
    const TextStyle small = sans(12, t.muted);
    std::string below =
        first ? "The prompt runs whole, once; from the next step on, the new token alone."
              : "With it only the new token runs; " + count(n - 1) +
                    (n == 2 ? " position is" : " positions are") + " read from the cache.";
    if (width_of(small, below) > rect.w) {
        below =
            first ? "At step 1 the prompt runs whole, once." : "With it only the new token runs.";
    }
    draw_text_in(canvas, rect.without_top(short_headline), below, small);
}

// Right edges of the columns; where there is little room, a line's name stands above its numbers.
struct Columns {
    float naive, cached, ratio;  // ratio 0: no room
    float width;
    bool names_above;
};

Columns make_columns(Rect rect) {
    Columns c{};
    c.width = width_of(mono(12.5f, {}), "888.8 thousand") + 10;
    const float ratios = width_of(mono(12.5f, {}), "88,888×") + 12;
    const float names = width_of(sans(12.5f, {}), "query, key, value") + 16;
    c.names_above = rect.w < names + 2 * c.width;
    float right = rect.right();
    if (rect.w >= (c.names_above ? 0 : names) + 2 * c.width + ratios) {
        c.ratio = right;
        right -= ratios;
    }
    c.width = std::min(c.width, (right - rect.x) / 2);
    c.cached = right;
    c.naive = right - c.width;
    return c;
}

void draw_table(Canvas& canvas, Rect rect, const std::vector<Line>& lines, float row_height,
                const Scene& scene) {
    const Theme& t = scene.theme;
    const Columns c = make_columns(rect);
    auto cell = [&](float right, float y, float h) { return Rect{right - c.width, y, c.width, h}; };
    const Rect header = rect.top(header_height);
    const float half = header.h / 2;
    auto head = [&](float right, const char* name, const std::string& rows, Colour colour) {
        const TextStyle style = bold(12.5f, t.text);
        const Rect top = cell(right, header.y, half);
        draw_text_in(canvas, top, name, style, Align::right);
        const float x = right - width_of(style, name) - 15;
        canvas.fill_rect({x, top.centre().y - 4, 8, 8}, colour, 2);
        draw_text_in(canvas, cell(right, header.y + half - 2, half), rows, sans(11, t.muted),
                     Align::right);
    };
    head(c.naive, "naive",
         scene.length() == 1 ? "1 token" : "all " + plural(scene.length(), "token"),
         naive_colour(t));
    head(c.cached, "cached", "1 token", cached_colour(t));
    if (c.ratio > 0) {
        draw_text_in(canvas, {c.cached, header.y, c.ratio - c.cached, half}, "ratio",
                     sans(12, t.muted), Align::right);
    }
    float y = header.bottom();
    draw_across(canvas, rect, y, hairline(t.border));
    for (const Line& line : lines) {
        const float high = line.part ? part_row : row_height;
        if (y + high > rect.bottom() + 0.5f) break;
        const Rect row{rect.x, y, rect.w, high};
        y += high;
        const float size = line.part ? 12.0f : 12.5f;
        const Colour ink = line.part ? t.muted : t.text;
        const TextStyle value = mono(size, ink);
        const TextStyle name = line.part ? sans(12, t.muted) : sans(12.5f, t.text);
        const float above = c.names_above ? row.h * 0.48f : 0;
        const Rect numbers = row.without_top(above);
        draw_text_in(canvas,
                     c.names_above ? row.top(above + 2)
                                   : row.without_left(line.part ? 12.0f : 0)
                                         .without_right(row.right() - c.naive + c.width),
                     line.name, name);
        draw_text_in(canvas, cell(c.naive, numbers.y, numbers.h), line.naive, value, Align::right);
        draw_text_in(canvas, cell(c.cached, numbers.y, numbers.h), line.cached, value,
                     Align::right);
        if (c.ratio > 0 && line.ratio > 0) {
            draw_text_in(canvas, {c.cached, numbers.y, c.ratio - c.cached, numbers.h},
                         times(line.ratio), value, Align::right);
        }
    }
    canvas.region(cell(c.naive, rect.y, y - rect.y), {"cost", "naive"});
    canvas.region(cell(c.cached, rect.y, y - rect.y), {"cost", "cached"});
}

// What the cache holds of what it has room for; keys above, values below.
void draw_cache(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Config& c = scene.model.config;
    const int n = scene.length();
    const double used = static_cast<double>(model::kv_bytes(c, n));
    const double whole = static_cast<double>(model::kv_bytes(c, c.n_ctx));
    const std::string bytes = megabytes(used) + " of " + megabytes(whole);
    const std::string of = count(n) + " of " + count(c.n_ctx) + " positions: ";
    const TextStyle title = bold(12.5f, t.text);
    const Rect line = rect.top(20);
    std::string words = "Keys and values of " + of + bytes;
    if (width_of(title, words) > line.w) words = of + bytes;
    if (width_of(title, words) > line.w) words = "Cache: " + megabytes(used);
    draw_text_in(canvas, line, words, title);
    const Rect bar{rect.x, line.bottom() + 5, rect.w, 14};
    canvas.fill_rect(bar, t.inset, 3);
    const double part = static_cast<double>(n) / c.n_ctx;
    draw_bar(canvas, {bar.x, bar.y, bar.w, bar.h / 2 - 0.5f}, part, t.key);
    draw_bar(canvas, {bar.x, bar.centre().y + 0.5f, bar.w, bar.h / 2 - 0.5f}, part, t.value);
    canvas.stroke_rect(bar, hairline(t.border), 3);
    const std::string shape = "[" + count(n) + ", " + count(c.d_head()) + "]";
    const TextStyle small = sans(12, t.muted);
    const std::string heads = plural(c.n_layer, "block") + " × " + plural(c.n_head, "head");
    std::string each = heads + ", each with keys " + shape + " and values " + shape;
    if (width_of(small, each) > rect.w) each = heads + ", keys and values " + shape;
    if (width_of(small, each) > rect.w) each = heads;
    draw_text_in(canvas, {rect.x, bar.bottom() + 4, rect.w, 20}, each, small);
    canvas.region(rect, {"cost", "cache"});
}

// Text, then bold text behind it, where both fit.
void draw_run(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const Run run = run_so_far(scene);
    const TextStyle name = sans(12.5f, t.muted), value = bold(12.5f, t.text);
    const std::string passes = plural(run.passes, "pass");
    const std::string naive = large(run.naive), cached = large(run.cached);
    std::string before = "The run so far, " + passes + ":";
    std::string after = naive + " naive, " + cached + " cached";
    std::string whole = after + ", " + times(ratio(run.naive, run.cached));
    if (run.passes == 1) after = whole = naive + " either way";
    auto fits = [&](const std::string& text) {
        return width_of(name, before) + 8 + width_of(value, text) <= rect.w;
    };
    if (!fits(after)) before = passes + ":";
    if (fits(whole)) after = whole;
    if (!fits(after)) before.clear();
    draw_text_in(canvas, rect, before, name);
    draw_text_in(canvas, before.empty() ? rect : rect.without_left(width_of(name, before) + 8),
                 after, value, Align::right);
    canvas.region(rect, {"cost", "run"});
}

// Headline, table, run, cache and reason below each other; each only where the more important ones
// leave room. Returns the height used, without drawing where there is no canvas.
float draw_words(Canvas& canvas, Rect rect, float reserved, const Scene& scene) {
    const Theme& t = scene.theme;
    const float end = rect.bottom();
    const float room = rect.h - reserved;
    const float headline = room >= 210.0f ? headline_height : short_headline;
    const bool above = make_columns(rect).names_above;
    const std::vector<Line> brief = make_lines(scene, false), full = make_lines(scene, true);
    const float low = lowest_row * (above ? 1.7f : 1.0f);
    float needed = headline + header_height + static_cast<float>(brief.size()) * low;
    auto take = [&](float height) {
        const bool fits = needed + height <= room;
        if (fits) needed += height;
        return fits;
    };
    const TextStyle why = sans(12.5f, t.muted);
    const float why_height =
        (static_cast<float>(broken_lines(why, why_valid, rect.w, 9).size()) * line_height(why)) + 8;
    const bool with_run = take(34);
    const bool with_cache = take(cache_height + 6);
    const bool with_why = take(why_height);
    const bool with_parts =
        !above && take(static_cast<float>(full.size() - brief.size()) * part_row);
    const std::vector<Line>& lines = with_parts ? full : brief;
    // What is left makes the lines higher, as far as that is good to look at.
    const float grown = low + std::max(room - needed, 0.0f) / static_cast<float>(brief.size());
    const float row = above ? low : std::clamp(grown, low, highest_row);
    draw_headline(canvas, rect.top(headline), scene);
    rect = rect.without_top(headline);
    float table = header_height;
    for (const Line& line : lines) table += line.part ? part_row : row;
    draw_table(canvas, rect.top(std::min(table, rect.h)), lines, row, scene);
    float y = rect.y + std::min(table, rect.h);
    if (with_run) {
        draw_across(canvas, rect, y + 3, hairline(t.border));
        draw_run(canvas, {rect.x, y + 6, rect.w, 22}, scene);
        y += 34;
    }
    if (with_cache) {
        draw_cache(canvas, {rect.x, y + 6, rect.w, cache_height - 6}, scene);
        y += cache_height + 6;
    }
    if (with_why) {
        y += draw_paragraph(canvas, {rect.x, y + 4, rect.w, end - y - 4}, why_valid, why) + 8;
    }
    return y;
}

void draw_page(Canvas& canvas, Rect rect, const Scene& scene) {
    if (rect.w >= 760) {
        const float width = std::clamp(rect.w * 0.46f, 432.0f, 520.0f);
        draw_words(canvas, rect.left(width), 0, scene);
        const Rect right = rect.without_left(width + 32);
        draw_charts(canvas, right.top(std::min(right.h, 620.0f)), scene);
        return;
    }
    const bool with_chart = rect.h >= least_chart + 180 && rect.w >= 260;
    const float chart = std::clamp(rect.h * 0.33f, least_chart, 260.0f);
    const float bottom = draw_words(canvas, rect, with_chart ? chart + between : 0, scene);
    if (with_chart) {
        const float top = bottom + between;
        draw_charts(canvas, {rect.x, top, rect.w, std::min(rect.bottom() - top, 460.0f)}, scene);
    }
}

Size cost_size(const Scene&) {
    return {940, 560};
}

void draw_cost(Canvas& canvas, Rect rect, const Scene& scene) {
    draw_filling(canvas, rect, {1000, 620}, 1.5f,
                 [&](Canvas& page, Rect whole) { draw_page(page, whole, scene); });
}

Lines cost_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    if (!id.is("cost")) return {};
    const int n = scene.length();
    const std::string_view what = id.word();
    if (what == "naive" || what == "cached") {
        const bool naive = what == "naive";
        const model::PassCost cost = naive ? naive_cost(scene, n) : cached_cost(scene, n);
        return {
            naive ? "naive: all " + plural(n, "token") + " run again"
                  : "cached: 1 token runs on the keys and values of " + count(n - 1),
            count(cost.multiply_adds()) + " multiply-adds",
            "query, key, value " + count(cost.qkv) + "   W_O " + count(cost.attn_out),
            "scores " + count(cost.scores) + "   weighted values " + count(cost.weighted_values),
            "MLP " + count(cost.mlp) + "   unembedding " + count(cost.unembedding),
            "reads " + count(cost.weight_bytes) + " bytes of weights, " + count(cost.cache_bytes) +
                " of the cache"};
    }
    if (what == "cache") {
        const model::Config& c = scene.model.config;
        return {
            "Keys and values: 2 × " + count(c.n_layer) + " blocks × " + count(n) + " positions × " +
                count(c.d_model) + " numbers × 4 bytes",
            count(model::kv_bytes(c, n)) + " of " + count(model::kv_bytes(c, c.n_ctx)) + " bytes"};
    }
    if (what == "run") {
        const Run run = run_so_far(scene);
        return {"Multiply-adds of all passes so far: the prompt's, then one for each token",
                "naive " + count(static_cast<long long>(run.naive)) + "   cached " +
                    count(static_cast<long long>(run.cached))};
    }
    if (what == "curve" && hit.col >= 0 && hit.col < curve_columns(scene)) {
        const int length = length_at(scene, hit.col);
        const int64_t naive = naive_cost(scene, length).multiply_adds();
        const int64_t cached = cached_cost(scene, length).multiply_adds();
        return {"at " + plural(length, "token") + ": " +
                    times(ratio(static_cast<double>(naive), static_cast<double>(cached))) +
                    " fewer with the cache",
                "naive " + count(naive) + " multiply-adds", "cached " + count(cached)};
    }
    const Lengths lengths = measured_lengths(scene);
    if (what == "time" && hit.col >= 0 && hit.col < lengths.columns()) {
        const int length = lengths.first + hit.col;
        const Cost* cost = measured(scene, length);
        if (!cost) return {"not measured at " + plural(length, "token")};
        return {
            "measured at " + plural(length, "token"),
            "naive " + milliseconds(cost->naive_ms) + "   cached " + milliseconds(cost->cached_ms)};
    }
    return {};
}

constexpr Pointing targets[] = {
    {.kind = "cost", .tooltip = cost_tooltip, .locks = true},
};

}  // namespace

// Targets: "cost/naive" and "cost/cached" (columns of the table), "cost/cache", "cost/run",
// "cost/time" and "cost/curve" of cells along the text's length.
extern const View cost_view{
    .id = "cost",
    .title = "Cost",
    .help = "what a step costs with the cache and without, counted and measured",
    .group = Group::stream,
    .preferred_size = cost_size,
    .draw = draw_cost,
    .least = {210, 150},
    .targets = targets,
};

}  // namespace viz
