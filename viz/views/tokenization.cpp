// Tokens: how the text became ids. The text cut into words, the tokens with their bytes, and the
// merges that made the selected token's word.
#include <algorithm>
#include <string>
#include <vector>

#include "model/base/error.h"
#include "viz/layout/parts.h"
#include "viz/paint/format.h"
#include "viz/scene/token_bytes.h"
#include "viz/views/drawings.h"

namespace viz {

namespace {

constexpr float header_height = 26;
constexpr float lowest_row = 24, highest_row = 30;
constexpr float ribbon_height = 66;
constexpr float merge_line = 28;
constexpr float between = 18;
constexpr float widest_byte = 34, readable_byte = 20;

// The text of a step and where things lie in it.
struct Text {
    std::string bytes;
    std::vector<size_t> begins;  // of each token, and the end
    std::vector<model::Word> words;
    bool encoded = false;  // false: the vocabulary has no ids for some of these bytes
};

Text text_of(const Scene& scene) {
    Text text;
    const model::Tokenizer& tokenizer = *scene.model.tokenizer;
    for (const model::RecordPtr& record : scene.step.records) {
        text.begins.push_back(text.bytes.size());
        text.bytes += tokenizer.bytes(record->id());
    }
    text.begins.push_back(text.bytes.size());
    try {
        text.words = tokenizer.words(text.bytes);
        text.encoded = true;
    } catch (const model::Error&) {
        text.words.clear();
    }
    return text;
}

// The word in which a token begins; -1 when there is none.
int word_at(const Text& text, int position) {
    const size_t begin = text.begins[static_cast<size_t>(position)];
    if (begin == text.begins[static_cast<size_t>(position) + 1]) return -1;
    for (size_t i = 0; i < text.words.size(); ++i) {
        if (begin >= text.words[i].begin && begin < text.words[i].end) return static_cast<int>(i);
    }
    return -1;
}

std::string_view bytes_of(const Text& text, const model::Word& word) {
    return std::string_view(text.bytes).substr(word.begin, word.end - word.begin);
}

// Words above a part of the page: a title, and more in grey where there is room.
void draw_title(Canvas& canvas, Rect line, const std::string& title, const std::string& more,
                const Scene& scene) {
    const TextStyle style = bold(13, scene.theme.text);
    const TextStyle quiet = sans(11.5f, scene.theme.muted);
    draw_text_in(canvas, line, fit_words(style, title, line.w), style);
    const float used = width_of(style, title) + 12;
    if (used + width_of(quiet, more) <= line.w) {
        draw_text_in(canvas, line.without_left(used), more, quiet);
    }
}

// ---- the words

// A word as it is drawn: its tokens side by side, or cut to one text where it is too long.
struct Frame {
    std::vector<int> positions;
    std::vector<std::string> shown;  // of each; one text when it was cut
    float width = 0;
};

Frame frame_of(const Text& text, const model::Word& word, const TextStyle& style, float longest,
               const Scene& scene) {
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
        const std::string_view bytes =
            std::string_view(text.bytes).substr(word.begin, word.end - word.begin);
        frame.shown = {fit_token(style, model::shown_text(bytes), longest)};
        frame.width = width_of(style, frame.shown[0]);
    }
    frame.width += 14;
    return frame;
}

void draw_frame(Canvas& canvas, Rect box, const Frame& frame, bool selected, const TextStyle& style,
                const Scene& scene) {
    const Theme& t = scene.theme;
    canvas.fill_rect(box, selected ? t.accent_soft : t.inset, 6);
    canvas.stroke_rect(box.inset(0.5f), {selected ? t.accent : t.border, selected ? 1.5f : 1}, 6);
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
            canvas.region({begin, box.y, end - begin, box.h}, "token/" + std::to_string(position));
        }
        x += width + 9;
        if (i + 1 < frame.shown.size()) {
            const Point line[] = {{x - 4.5f, box.y + 6}, {x - 4.5f, box.bottom() - 6}};
            canvas.polyline(line, hairline(selected ? t.accent : t.faint));
        }
    }
}

// The words of the pre-tokenizer as frames around their tokens, the selected one among them.
void draw_words(Canvas& canvas, Rect rect, const Text& text, int word, const Scene& scene) {
    const Theme& t = scene.theme;
    draw_title(canvas, rect.top(22), "First the text is cut into words",
               plural(static_cast<long long>(text.words.size()), "word") + ", " +
                   plural(scene.length(), "token") + ": nothing is merged across a frame",
               scene);
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

struct Columns {
    float index, token, token_width, id, bytes, bytes_width, what, what_width;
};

Columns make_columns(Rect rect, const Scene& scene) {
    Columns c{};
    const TextStyle digits = mono(12.5f, {});
    c.index = rect.x + 8 + width_of(digits, count(scene.length()));
    c.token = c.index + 14;
    c.token_width = std::clamp(rect.w * 0.21f, 60.0f, 150.0f);
    c.id =
        c.token + c.token_width + 16 + width_of(digits, std::to_string(scene.model.config.n_vocab));
    float left = c.id + 18;
    const float right = rect.right() - 8;
    const float rest = right - left;
    if (rest >= 70) {
        c.bytes = left;
        c.bytes_width = rest >= 215.0f ? std::min(rest * 0.42f, 190.0f) : rest;
        left += c.bytes_width + 16;
        if (right - left >= 80) {
            c.what = left;
            c.what_width = right - left;
        }
    }
    return c;
}

void draw_row(Canvas& canvas, Rect row, const Columns& c, int position, const Scene& scene) {
    const Theme& t = scene.theme;
    const int id = scene.step.records[static_cast<size_t>(position)]->id();
    const bool selected = position == scene.position();
    if (selected) canvas.fill_rect(row.inset(1), t.accent_soft, 6);
    canvas.region(row, "token/" + std::to_string(position));
    const TextStyle token = mono(13.5f, selected ? t.accent : t.text);
    const TextStyle plain = mono(12.5f, t.text), quiet = mono(12.5f, t.muted);
    auto right = [&](float x, const std::string& text, const TextStyle& style) {
        draw_text_in(canvas, {row.x, row.y, x - row.x, row.h}, text, style, Align::right);
    };
    right(c.index, count(position), quiet);
    draw_text_in(canvas, {c.token, row.y, c.token_width + 1, row.h},
                 fit_token(token, scene.shown(id), c.token_width), token);
    right(c.id, std::to_string(id), plain);
    if (!scene.model.tokenizer) return;
    const std::string& bytes = scene.model.tokenizer->bytes(id);
    if (c.bytes > 0) {
        draw_text_in(canvas, {c.bytes, row.y, c.bytes_width + 1, row.h},
                     fit_words(quiet, hex_of(bytes), c.bytes_width), quiet);
    }
    if (c.what > 0) {
        const TextStyle words = sans(12.5f, t.text);
        const std::string what = scene.model.tokenizer->special(id)
                                     ? "special token, known by its spelling"
                                     : characters_of(bytes);
        draw_text_in(canvas, {c.what, row.y, c.what_width + 1, row.h},
                     fit_words(words, what, c.what_width), words);
    }
}

void draw_table(Canvas& canvas, Rect rect, const Scene& scene) {
    const Columns c = make_columns(rect, scene);
    const TextStyle style = sans(11.5f, scene.theme.muted);
    const Rect head = rect.top(header_height);
    draw_text_in(canvas, {c.token, head.y, c.token_width, head.h}, "token", style);
    draw_text_in(canvas, {head.x, head.y, c.id - head.x, head.h}, "id", style, Align::right);
    if (scene.model.tokenizer && c.bytes > 0) {
        draw_text_in(canvas, {c.bytes, head.y, c.bytes_width, head.h}, "bytes", style);
    }
    if (scene.model.tokenizer && c.what > 0) {
        draw_text_in(canvas, {c.what, head.y, c.what_width, head.h}, "characters", style);
    }
    const int n = scene.length();
    const float body = rect.h - head.h;
    const int room = std::clamp(static_cast<int>(body / lowest_row), 1, n);
    const int first = std::clamp(scene.position() - room / 2, 0, n - room);
    const float height = std::min(body / static_cast<float>(room), highest_row);
    Rect row{rect.x, head.bottom(), rect.w, height};
    auto cut_at = [&](float y) {
        const Point line[] = {{rect.x, y}, {rect.right(), y}};
        canvas.polyline(line, hairline(scene.theme.faint, true));
    };
    if (first > 0) cut_at(row.y);
    for (int i = first; i < first + room; ++i) {
        draw_row(canvas, row, c, i, scene);
        row.y += height;
    }
    if (first + room < n) cut_at(row.y);
}

// ---- the merges

// Which states are drawn: all, or the first and the last ones around a gap.
std::vector<int> states_shown(int n, int room) {
    std::vector<int> shown;
    room = std::clamp(room, 1, n);
    if (room == n) {
        for (int i = 0; i < n; ++i) shown.push_back(i);
        return shown;
    }
    // The last state always; a line for the gap is part of the room.
    const int kept = std::max(room - 1, 1);
    const int head = kept / 2;
    for (int i = 0; i < head; ++i) shown.push_back(i);
    if (room > 1) shown.push_back(-1);
    for (int i = n - (kept - head); i < n; ++i) shown.push_back(i);
    return shown;
}

struct Pyramid {
    Rect rect;
    float byte;     // width of one byte
    float caption;  // where the words beside the pieces begin
    int word;       // index of the word
    size_t length;  // bytes of it
};

void draw_state(Canvas& canvas, float y, float height, const Pyramid& p,
                const model::MergeStep& step, const model::MergeStep* before, int number, bool last,
                size_t token_begin, const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Tokenizer& tokenizer = *scene.model.tokenizer;
    const TextStyle style = mono(12.5f, t.text);
    const float gap = std::min(1.5f, p.byte * 0.1f);
    size_t at = 0;
    for (size_t i = 0; i < step.ids.size(); ++i) {
        const std::string& bytes = tokenizer.bytes(step.ids[i]);
        const Rect chip{p.rect.x + p.byte * static_cast<float>(at) + gap, y + 2,
                        p.byte * static_cast<float>(bytes.size()) - 2 * gap, height - 4};
        const bool made = step.rank >= 0 && i == step.made;
        const bool selected = last && at == token_begin;
        const float radius = std::min(5.0f, chip.w / 3);
        canvas.fill_rect(chip, made || selected ? t.accent_soft : t.inset, radius);
        canvas.stroke_rect(chip.inset(0.5f),
                           {made || selected ? t.accent : t.border, selected ? 1.75f : 1}, radius);
        TextStyle ink = style;
        ink.colour = made || selected ? t.accent : bytes.size() == 1 ? t.muted : t.text;
        const std::string text = piece_text(bytes);
        if (width_of(ink, text) > chip.w - 2) ink.size = smallest_text;
        if (width_of(ink, text) <= chip.w - 2) {
            draw_text_in(canvas, {chip.x - 1, chip.y, chip.w + 2, chip.h}, text, ink,
                         Align::centre);
        }
        canvas.region(chip, "piece/" + std::to_string(p.word) + "/" + std::to_string(number) + "/" +
                                std::to_string(i));
        at += bytes.size();
    }
    const Rect beside{p.caption, y, p.rect.right() - p.caption, height};
    const TextStyle words = sans(12, t.muted);
    if (!before) {
        draw_text_in(canvas, beside,
                     fit_words(words, plural(static_cast<long long>(p.length), "byte"), beside.w),
                     words);
        return;
    }
    const std::string merge = "merge " + count(step.rank + 1);
    const std::string pair = piece_text(tokenizer.bytes(before->ids[step.made])) + " + " +
                             piece_text(tokenizer.bytes(before->ids[step.made + 1]));
    draw_text_in(canvas, beside, merge, words);
    const TextStyle pieces = mono(12, t.muted);
    const float used = width_of(words, "merge 88,888") + 12;
    if (beside.w - used >= width_of(pieces, pair)) {
        draw_text_in(canvas, beside.without_left(used), pair, pieces);
    }
}

// Where encoding the text again would give other tokens than those that stand there.
bool as_encoded(const Text& text, const model::Word& word, const std::vector<int>& ids,
                const Scene& scene) {
    const auto found = std::lower_bound(text.begins.begin(), text.begins.end(), word.begin);
    size_t i = static_cast<size_t>(found - text.begins.begin());
    for (const int id : ids) {
        if (i >= scene.step.records.size() || scene.step.records[i]->id() != id) return false;
        ++i;
    }
    return true;
}

void draw_note(Canvas& canvas, Rect rect, const std::string& title, const std::string& note,
               const Scene& scene) {
    draw_title(canvas, rect.top(22), title, "", scene);
    const TextStyle style = sans(12.5f, scene.theme.muted);
    draw_text_in(canvas, rect.without_top(26).top(20), fit_words(style, note, rect.w), style);
}

void draw_merges(Canvas& canvas, Rect rect, const Text& text, int index, const Scene& scene) {
    const Theme& t = scene.theme;
    const std::string token = scene.shown_at(scene.position());
    if (index < 0) {
        const char* why = text.encoded ? "The vocabulary's files name no bytes for this id."
                                       : "The vocabulary has no ids for some bytes of this text.";
        draw_note(canvas, rect, token, why, scene);
        return;
    }
    const model::Word& word = text.words[static_cast<size_t>(index)];
    if (word.kind != model::Word::Kind::ordinary) {
        draw_note(canvas, rect, token,
                  word.kind == model::Word::Kind::special
                      ? "A special token: known by its spelling, never merged."
                      : "A byte that is no character: it becomes a token by itself.",
                  scene);
        return;
    }
    const std::vector<model::MergeStep> steps = scene.model.tokenizer->merges(bytes_of(text, word));
    const auto n = static_cast<int>(steps.size());
    const auto tokens = static_cast<long long>(steps.back().ids.size());
    const std::string shown = model::shown_text(bytes_of(text, word));
    const TextStyle bold_style = bold(13, t.text);
    const std::string cut =
        fit_token(bold_style, shown, rect.w - width_of(bold_style, "The word  was merged") - 4);
    draw_title(canvas, rect.top(22), "How the word " + cut + " was merged",
               plural(n - 1, "merge") + ", " + plural(tokens, "token"), scene);
    Rect body = rect.without_top(28);
    const bool same = as_encoded(text, word, steps.back().ids, scene);
    const TextStyle note = sans(12, same ? t.muted : t.warning);
    const std::string all = count(scene.model.tokenizer->merge_count());
    std::string below = "The text has other tokens here than encoding it again would give.";
    std::string shorter = "Encoding it again would give other tokens.";
    if (same && n == 1) {
        below = word.end - word.begin == 1
                    ? "A single byte: there is nothing to merge."
                    : "No two neighbours are in the list of " + all + " merges.";
        shorter = "Nothing to merge.";
    } else if (same) {
        below = "The pair that stands first in the list of " + all + " merges is joined first.";
        shorter = "First in the list of " + all + ", first joined.";
    }
    if (width_of(note, below) > rect.w) below = shorter;
    const float note_height = 22;
    const bool with_note = body.h >= 3 * merge_line + note_height;
    if (with_note) body = body.without_bottom(note_height);

    Pyramid p{body, 0, 0, index, word.end - word.begin};
    // The bytes first, then the pairs beside the merges.
    const float merge = width_of(sans(12, {}), "merge 88,888") + 4, gap = 14;
    const auto length = static_cast<float>(p.length);
    p.byte = std::min((body.w - merge - gap) / length, widest_byte);
    const float with_pairs = (body.w - 220 - gap) / length;
    if (p.byte > readable_byte) p.byte = std::min(p.byte, std::max(with_pairs, readable_byte));
    p.caption = body.x + p.byte * length + gap;
    const int room = std::max(1, static_cast<int>(body.h / (0.8f * merge_line)));
    const std::vector<int> shown_states = states_shown(n, room);
    const float height = std::min(body.h / static_cast<float>(shown_states.size()), merge_line);
    const size_t at = text.begins[static_cast<size_t>(scene.position())] - word.begin;
    float y = body.y;
    for (const int i : shown_states) {
        if (i < 0) {
            const int hidden = n - (static_cast<int>(shown_states.size()) - 1);
            draw_text_in(canvas, {body.x, y, body.w, height}, "… " + plural(hidden, "more merge"),
                         sans(12, t.muted));
        } else {
            const size_t s = static_cast<size_t>(i);
            draw_state(canvas, y, height, p, steps[s], i > 0 ? &steps[s - 1] : nullptr, i,
                       i == n - 1, at, scene);
        }
        y += height;
    }
    if (with_note) {
        draw_text_in(canvas, {rect.x, y + 2, rect.w, note_height - 2},
                     fit_words(note, below, rect.w), note);
    }
}

}  // namespace

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
    const Text text = text_of(scene);
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
    const size_t lines =
        word >= 0 && text.words[static_cast<size_t>(word)].kind == model::Word::Kind::ordinary
            ? scene.model.tokenizer->merges(bytes_of(text, text.words[static_cast<size_t>(word)]))
                  .size()
            : 1;
    const float wanted = 28 + 24 + merge_line * static_cast<float>(lines);
    const float low = std::min(wanted, rect.h * 0.5f);
    draw_table(canvas, rect.without_bottom(low + between), scene);
    draw_merges(canvas, rect.without_top(rect.h - low), text, word, scene);
}

Lines pieces_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    if (!id.is("piece") || !scene.model.tokenizer) return {};
    const Text text = text_of(scene);
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

}  // namespace viz
