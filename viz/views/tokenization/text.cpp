#include "viz/views/tokenization/text.h"

#include "model/base/error.h"

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

}  // namespace viz
