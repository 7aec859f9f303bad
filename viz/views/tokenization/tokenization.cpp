// Tokens: how the text became ids. The text cut into words, the tokens with their bytes, and the
// merges that made the selected token's word.
#include <algorithm>
#include <string>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/stretch.h"
#include "viz/layout/table.h"
#include "viz/layout/title.h"
#include "viz/paint/format.h"
#include "viz/scene/token_bytes.h"
#include "viz/views/drawings.h"
#include "viz/views/tokenization/merges.h"
#include "viz/views/tokenization/text.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float header_height = 26;
constexpr float lowest_row = 24, highest_row = 30;
constexpr float ribbon_height = 66;
constexpr float between = 18;

// ---- the words

// A word as it is drawn: its tokens side by side, or cut to one text where it is too long.
struct Frame {
    std::vector<int> positions;
    std::vector<std::string> shown;  // of each; one text when it was cut
    float width = 0;
};

Frame frame_of(const TokenizedText& text, const model::Word& word, const TextStyle& style,
               float longest, const Scene& scene) {
    Frame frame;
    // Tokens that begin in the word; one that began before it belongs to the frame before.
    auto at = std::lower_bound(text.begins.begin(), text.begins.end() - 1, word.begin);
    for (; at != text.begins.end() - 1 && *at < word.end; ++at) {
        const int position = static_cast<int>(at - text.begins.begin());
        frame.positions.push_back(position);
        frame.shown.push_back(scene.shown_at(position));
        frame.width += width_of(style, frame.shown.back()) + (frame.shown.size() > 1 ? 9.0f : 0);
    }
    if (frame.width > longest || frame.positions.empty()) {
        frame.shown = {fit_token(style, model::shown_text(bytes_of(text, word)), longest)};
        frame.width = width_of(style, frame.shown[0]);
    }
    frame.width += 14;
    return frame;
}

void draw_frame(Canvas& canvas, Rect box, const Frame& frame, bool selected, const TextStyle& style,
                const Scene& scene) {
    const Theme& t = scene.theme;
    draw_chip(canvas, box, selected ? t.accent_soft : t.inset,
              {selected ? t.accent : t.border, selected ? 1.5f : 1}, 6);
    float x = box.x + 7;
    for (size_t i = 0; i < frame.shown.size(); ++i) {
        const float width = width_of(style, frame.shown[i]);
        TextStyle ink = style;
        const bool cut = frame.shown.size() < frame.positions.size();
        const int position = frame.positions.empty() ? -1 : frame.positions[i];
        if (cut ? selected : position == scene.position()) ink.colour = t.accent;
        draw_text_in(canvas, {x, box.y, width + 1, box.h}, frame.shown[i], ink);
        if (position >= 0) {
            const float begin = i == 0 ? box.x : x - 4.5f;
            const float end = i + 1 == frame.shown.size() ? box.right() : x + width + 4.5f;
            canvas.region({begin, box.y, end - begin, box.h}, target::token(position));
        }
        x += width + 9;
        if (i + 1 < frame.shown.size()) {
            draw_line(canvas, {x - 4.5f, box.y + 6}, {x - 4.5f, box.bottom() - 6},
                      hairline(selected ? t.accent : t.faint));
        }
    }
}

// The words of the pre-tokenizer as frames around their tokens, the selected one among them.
void draw_words(Canvas& canvas, Rect rect, const TokenizedText& text, int word,
                const Scene& scene) {
    const Theme& t = scene.theme;
    draw_title(canvas, rect.top(22),
               {.wordings = {"First the text is cut into words"},
                .note = plural(static_cast<long long>(text.words.size()), "word") + ", " +
                        plural(scene.length(), "token") + ": nothing is merged across a frame"},
               t);
    const Rect line{rect.x, rect.y + 26, rect.w, 30};
    const TextStyle style = mono(13, t.text);
    const float gap = 6, longest = std::min(260.0f, rect.w * 0.5f);
    auto frame = [&](int i) {
        return frame_of(text, text.words[static_cast<size_t>(i)], style, longest, scene);
    };
    const auto n = static_cast<int>(text.words.size());
    const float dots = width_of(style, "…") + gap;
    int first = std::max(word, 0), last = first;
    float used = 2 * dots;
    while (true) {  // grows to both sides while there is room
        const bool right = last < n && used + frame(last).width + gap <= line.w;
        if (right) used += frame(last++).width + gap;
        const bool left = first > 0 && used + frame(first - 1).width + gap <= line.w;
        if (left) used += frame(--first).width + gap;
        if (!left && !right) break;
    }
    float x = line.x;
    TextStyle quiet = style;
    quiet.colour = t.muted;
    if (first > 0) {
        draw_text_in(canvas, {x, line.y, dots, line.h}, "…", quiet);
        x += dots;
    }
    for (int i = first; i < last; ++i) {
        const Frame f = frame(i);
        draw_frame(canvas, {x, line.y, f.width, line.h}, f, i == word, style, scene);
        x += f.width + gap;
    }
    if (last < n) draw_text_in(canvas, {x, line.y, dots, line.h}, "…", quiet);
}

// ---- the table

namespace column {
enum { index, token, id, bytes, what };
}

Table table_of(Rect rect, const Scene& scene) {
    const TextStyle digits = mono(12.5f, {});
    const float index = width_of(digits, count(scene.length()));
    const float token = std::clamp(rect.w * 0.21f, 60.0f, 150.0f);
    const float id = width_of(digits, std::to_string(scene.model.config.n_vocab));
    const float rest = rect.w - (8 + index + 14 + token + 16 + id + 18 + 8);
    // Both, or the bytes alone.
    const bool both = rest >= 215;
    const float bytes = both ? std::min(rest * 0.42f, 190.0f) : rest;
    const bool told = scene.model.tokenizer.has_value();
    return Table(rect,
                 {{.width = index, .align = Align::right},
                  {.name = "token", .width = token, .before = 14},
                  {.name = "id", .width = id, .align = Align::right, .before = 16},
                  {.name = "bytes", .width = bytes, .before = 18, .there = told && rest >= 70},
                  {.name = "characters", .before = 16, .there = told && both}},
                 8);
}

void draw_row(Canvas& canvas, Rect row, const Table& table, int position, const Scene& scene) {
    const Theme& t = scene.theme;
    const int id = scene.step.records[static_cast<size_t>(position)]->id();
    const bool selected = position == scene.position();
    if (selected) canvas.fill_rect(row.inset(1), t.accent_soft, 6);
    canvas.region(row, target::token(position));
    const TextStyle token = mono(13.5f, selected ? t.accent : t.text);
    const TextStyle plain = mono(12.5f, t.text), quiet = mono(12.5f, t.muted);
    table.write(canvas, row, column::index, count(position), quiet);
    table.write_token(canvas, row, column::token, scene.shown(id), token);
    table.write(canvas, row, column::id, std::to_string(id), plain);
    if (!scene.model.tokenizer) return;
    const std::string& bytes = scene.model.tokenizer->bytes(id);
    table.write(canvas, row, column::bytes, hex_of(bytes), quiet);
    table.write(canvas, row, column::what,
                scene.model.tokenizer->special(id) ? "special token, known by its spelling"
                                                   : characters_of(bytes),
                sans(12.5f, t.text));
}

void draw_table(Canvas& canvas, Rect rect, const Scene& scene) {
    const Table table = table_of(rect, scene);
    const Rect head = rect.top(header_height);
    table.write_names(canvas, head, sans(11.5f, scene.theme.muted));
    const int n = scene.length();
    const float body = rect.h - head.h;
    const int room = std::clamp(static_cast<int>(body / lowest_row), 1, n);
    const Stretch shown = stretch_around(scene.position(), n, room, room / 2);
    const float height = std::min(body / static_cast<float>(room), highest_row);
    const Stroke left_out = hairline(scene.theme.faint, true);
    Rect row{rect.x, head.bottom(), rect.w, height};
    if (shown.first > 0) draw_across(canvas, rect, row.y, left_out);
    for (int i = shown.first; i < shown.last; ++i) {
        draw_row(canvas, row, table, i, scene);
        row.y += height;
    }
    if (shown.last < n) draw_across(canvas, rect, row.y, left_out);
}

Size pieces_size(const Scene& scene) {
    const auto rows = static_cast<float>(std::clamp(scene.length(), 8, 18));
    return {980, ribbon_height + between + header_height + 28 * rows};
}

void draw_pieces(Canvas& canvas, Rect rect, const Scene& scene) {
    if (!scene.model.tokenizer) {
        const TextStyle style = sans(13, scene.theme.muted);
        draw_text_in(
            canvas, rect.top(24),
            fit_words(style, "This model's folder has no tokenizer: its tokens are numbers alone.",
                      rect.w),
            style);
        draw_table(canvas, rect.without_top(34), scene);
        return;
    }
    // What is shown are the ids, which need not be the letters that were typed.
    if (scene.model.tokenizer->changes_prompts()) {
        const TextStyle style = sans(13, scene.theme.muted);
        draw_text_in(canvas, rect.top(24),
                     fit_words(style,
                               "As it was encoded: this tokenizer normalises a prompt, or puts a "
                               "space or tokens around it.",
                               rect.w),
                     style);
        rect = rect.without_top(30);
    }
    const TokenizedText text = tokenized(scene);
    const int word = word_at(text, scene.position());
    const bool beside = rect.w >= 820;
    const float least = beside ? 200.0f : 330.0f;
    if (text.encoded && rect.h >= ribbon_height + between + least) {
        draw_words(canvas, rect.top(ribbon_height), text, word, scene);
        rect = rect.without_top(ribbon_height + between);
    }
    if (beside) {
        const float left = rect.w * 0.57f;
        draw_table(canvas, rect.left(left), scene);
        draw_merges(canvas, rect.without_left(left + 28), text, word, scene);
        return;
    }
    // The merges take what they need, up to half of the height.
    const float low = std::min(merges_height(text, word, scene), rect.h * 0.5f);
    draw_table(canvas, rect.without_bottom(low + between), scene);
    draw_merges(canvas, rect.without_top(rect.h - low), text, word, scene);
}

Lines pieces_tooltip(const Scene& scene, const Hit& hit) {
    if (!scene.model.tokenizer) return {};
    const Target& id = hit.target;
    const TokenizedText text = tokenized(scene);
    const int word = id.number(0, static_cast<int>(text.words.size()));
    if (word < 0 || text.words[static_cast<size_t>(word)].kind != model::Word::Kind::ordinary) {
        return {};
    }
    const auto steps =
        scene.model.tokenizer->merges(bytes_of(text, text.words[static_cast<size_t>(word)]));
    const int state = id.number(1, static_cast<int>(steps.size()));
    if (state < 0) return {};
    const model::MergeStep& step = steps[static_cast<size_t>(state)];
    const int piece = id.number(2, static_cast<int>(step.ids.size()));
    if (piece < 0) return {};
    const int token = step.ids[static_cast<size_t>(piece)];
    const std::string& bytes = scene.model.tokenizer->bytes(token);
    Lines lines{scene.shown(token) + "  id " + std::to_string(token),
                "bytes " + hex_of(bytes) + ": " + characters_of(bytes)};
    if (step.rank >= 0 && static_cast<size_t>(piece) == step.made) {
        lines.push_back("made by merge " + count(step.rank + 1) + " of " +
                        count(scene.model.tokenizer->merge_count()));
    }
    return lines;
}

constexpr Pointing targets[] = {
    {.kind = "piece", .tooltip = pieces_tooltip},
};

}  // namespace

// Targets: "token/I", "piece/WORD/STEP/INDEX".
extern const View pieces_view{
    .id = "pieces",
    .title = "Tokens",
    .help = "how the text became ids: words, bytes, merges",
    .group = Group::text,
    .preferred_size = pieces_size,
    .draw = draw_pieces,
    .targets = targets,
};

}  // namespace viz
