// What happens to a text before byte pairs are merged: normalizers change it, splitters cut it, as
// Hugging Face's tokenizer.json says them. What is not supported is refused by name.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/load/text_pattern.h"

namespace model {

// Changes a text of well-formed UTF-8.
using Normalizer = std::function<std::string(std::string_view)>;
// null, one normalizer or a Sequence. `where` begins the Error: "tokenizer.json".
std::vector<Normalizer> read_normalizers(const nlohmann::json& described, const std::string& where);

// Cuts a text of well-formed UTF-8; the pieces are in order, and may leave something out.
using Splitter = std::function<std::vector<std::string_view>(std::string_view)>;
struct PreTokenizer {
    std::vector<Splitter> splitters;
    // Then bytes become letters (ByteLevel), after GPT-2's pattern where it is used.
    bool gpt2_pattern = true;
    bool prefix_space = false;  // before each piece that does not begin with one
    bool sequence = false;
};
PreTokenizer read_pre_tokenizer(const nlohmann::json& described, const std::string& where);

// The pieces of `text`, the last splitter's. `prefix_space` and the byte letters are not done here.
std::vector<std::string_view> pieces_of(const PreTokenizer& steps, std::string_view text);

}  // namespace model
