// One opened model folder: shape, parameters, and the tokenizer where it has one.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "model/load/tokenizer.h"
#include "model/pass/config.h"
#include "model/pass/weights.h"

namespace model {

struct Model {
    std::filesystem::path folder;
    Config config;
    Weights weights;
    std::optional<Tokenizer> tokenizer;
    std::string no_tokenizer;        // why there is none, as an Error's words
    std::vector<std::string> notes;  // what somebody who opens it should know, a line each

    // How a token is shown: its text, or "#17" in a model without a tokenizer.
    std::string shown(int id) const;
    // XXH3 of the parameters as they lie in their files, and of what the pass does otherwise than
    // GPT-2's: 16 hexadecimal digits. Reads them all, the first time. Any thread.
    std::string hash() const;

  private:
    struct Hash {
        std::once_flag once;
        std::string text;
    };
    std::shared_ptr<Hash> hash_ = std::make_shared<Hash>();
};

// Throws Error that names what is wrong with the folder.
std::shared_ptr<const Model> load_model(const std::filesystem::path& folder,
                                        Precision precision = Precision::f32);

// Ids of a prompt. Throws Error when it is empty, or longer than the context, or the model has no
// tokenizer.
std::vector<int> encode_prompt(const Model& model, const std::string& text);
// Of a part of a text, which is typed into one. Throws Error that names what the model lacks.
std::vector<int> encode_part(const Model& model, const std::string& text);
// The same checks for ids: none, too many, outside the vocabulary.
void check_ids(const Model& model, const std::vector<int>& ids);

}  // namespace model
