// What happens to a text before its pairs are merged, and what is found in it.
#pragma once

#include <vector>

#include "model/load/added_tokens.h"
#include "model/load/text_steps.h"
#include "model/load/tokenizer.h"

namespace model {

struct Tokenizer::Steps {
    AddedTokens added;  // in the text as it is
    std::vector<Normalizer> normalizers;
    AddedTokens added_normalized;  // in the text as they leave it
    PreTokenizer pre;
};

}  // namespace model
