// The text of a step as the tokenizer sees it: bytes, tokens, words; what the view's parts share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "viz/scene/scene.h"

namespace viz {

// The text of a step and where things lie in it.
struct TokenizedText {
    std::string bytes;
    std::vector<size_t> begins;  // of each token, and the end
    std::vector<model::Word> words;
    bool encoded = false;  // false: the vocabulary has no ids for some of these bytes
};

// Of a model that has a tokenizer.
TokenizedText tokenized(const Scene& scene);

// The word in which a token begins; -1 when there is none.
int word_at(const TokenizedText& text, int position);
std::string_view bytes_of(const TokenizedText& text, const model::Word& word);

}  // namespace viz
