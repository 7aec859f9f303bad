// The shape of a GPT-2 style model, read from Hugging Face's config.json or OpenAI's hparams.json.
#pragma once

#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "model/pass/activation.h"

namespace model {

struct Config {
    int n_layer = 0;
    int n_head = 0;
    int d_model = 0;  // width of the residual stream ("n_embd")
    int d_mlp = 0;    // width of the MLP's hidden layer, 4 * d_model unless "n_inner" says so
    int n_vocab = 0;
    int n_ctx = 0;  // positions the model was trained for ("n_positions")
    float ln_eps = 1e-5f;
    std::vector<int> end_tokens;  // ids that end a text
    bool ends(int id) const { return std::ranges::find(end_tokens, id) != end_tokens.end(); }
    bool tied = true;  // no lm_head: logits are read with the token embedding
    // Where a pass may differ from GPT-2's.
    const Activation* activation = &gpt2_activation();
    bool scale_by_width = true;   // q . k / sqrt(d_head)
    bool scale_by_layer = false;  // and by the block's number
    bool biases = true;           // false: the parameters have none; load_model finds that out

    std::string name;  // what people call it: "name" in the file, else the folder's name, or the
                       // name under which it was downloaded

    int d_head() const { return d_model / n_head; }
};

// Where a pass may differ from GPT-2's by yes or no, as config.json says it.
struct ConfigFlag {
    const char* key;       // "scale_attn_weights"; GPT-2's value where it is missing
    const char* name;      // "scale_by_width": in `stepscope info --json`
    bool Config::*member;  // which has GPT-2's value from the beginning
    const char* differs;   // what to say of the other value
};
std::span<const ConfigFlag> config_flags();

// Reads and checks `folder`/config.json, or hparams.json where there is no config.json. Throws
// Error that names the file and the key; a model of another architecture is refused by name.
Config read_config(const std::filesystem::path& folder);

// What of a pass differs from GPT-2's: "activation relu, scores not divided by √d_head, no biases";
// empty for GPT-2 as it is.
std::string variant(const Config& config);

}  // namespace model
