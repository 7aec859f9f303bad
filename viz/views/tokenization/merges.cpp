#include "viz/views/tokenization/merges.h"

#include <algorithm>
#include <string>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/title.h"
#include "viz/paint/format.h"
#include "viz/scene/token_bytes.h"

namespace viz {

namespace {

constexpr float merge_line = 28;
constexpr float widest_byte = 34, readable_byte = 20;

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
        draw_chip(canvas, chip, made || selected ? t.accent_soft : t.inset,
                  {made || selected ? t.accent : t.border, selected ? 1.75f : 1}, radius);
        TextStyle ink = style;
        ink.colour = made || selected ? t.accent : bytes.size() == 1 ? t.muted : t.text;
        const std::string text = piece_text(bytes);
        if (width_of(ink, text) > chip.w - 2) ink.size = smallest_text;
        if (width_of(ink, text) <= chip.w - 2) {
            draw_text_in(canvas, {chip.x - 1, chip.y, chip.w + 2, chip.h}, text, ink,
                         Align::centre);
        }
        canvas.region(chip, {"piece", {p.word, number, static_cast<int>(i)}});
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
bool as_encoded(const TokenizedText& text, const model::Word& word, const std::vector<int>& ids,
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
    draw_title(canvas, rect.top(22), {.wordings = {title}}, scene.theme);
    const TextStyle style = sans(12.5f, scene.theme.muted);
    draw_text_in(canvas, rect.without_top(26).top(20), fit_words(style, note, rect.w), style);
}

}  // namespace

float merges_height(const TokenizedText& text, int index, const Scene& scene) {
    size_t states = 1;
    if (index >= 0) {
        const model::Word& word = text.words[static_cast<size_t>(index)];
        if (word.kind == model::Word::Kind::ordinary) {
            states = scene.model.tokenizer->merges(bytes_of(text, word)).size();
        }
    }
    return 28 + 24 + merge_line * static_cast<float>(states);
}

void draw_merges(Canvas& canvas, Rect rect, const TokenizedText& text, int index,
                 const Scene& scene) {
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
    draw_title(canvas, rect.top(22),
               {.wordings = {"How the word " + cut + " was merged"},
                .note = plural(n - 1, "merge") + ", " + plural(tokens, "token")},
               t);
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

}  // namespace viz
