#include "viz/views/tokenization/text.h"

#include "model/base/error.h"
#include "viz/layout/parts.h"

namespace viz {

TokenizedText tokenized(const Scene& scene) {
    TokenizedText text;
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

int word_at(const TokenizedText& text, int position) {
    const size_t begin = text.begins[static_cast<size_t>(position)];
    if (begin == text.begins[static_cast<size_t>(position) + 1]) return -1;
    for (size_t i = 0; i < text.words.size(); ++i) {
        if (begin >= text.words[i].begin && begin < text.words[i].end) return static_cast<int>(i);
    }
    return -1;
}

std::string_view bytes_of(const TokenizedText& text, const model::Word& word) {
    return std::string_view(text.bytes).substr(word.begin, word.end - word.begin);
}

void draw_part_title(Canvas& canvas, Rect line, const std::string& title, const std::string& more,
                     const Scene& scene) {
    const TextStyle style = bold(13, scene.theme.text);
    const TextStyle quiet = sans(11.5f, scene.theme.muted);
    draw_text_in(canvas, line, fit_words(style, title, line.w), style);
    const float used = width_of(style, title) + 12;
    if (used + width_of(quiet, more) <= line.w) {
        draw_text_in(canvas, line.without_left(used), more, quiet);
    }
}

}  // namespace viz
