// The shape of a GPT-2 style model, read from Hugging Face's config.json or OpenAI's hparams.json.
#pragma once

#include <filesystem>
#include <string>

namespace model {

struct Config {
    int n_layer = 0;
    int n_head = 0;
    int d_model = 0;  // width of the residual stream ("n_embd")
    int d_mlp = 0;    // width of the MLP's hidden layer, 4 * d_model unless "n_inner" says so
    int n_vocab = 0;
    int n_ctx = 0;  // positions the model was trained for ("n_positions")
    float ln_eps = 1e-5f;
    int end_token = -1;  // id that ends a text, -1 when there is none
    bool tied = true;    // no lm_head: logits are read with the token embedding
    std::string name;    // what people call it: "name" in the file, else the folder's name, or the
                         // name under which it was downloaded

    int d_head() const { return d_model / n_head; }
};

// Reads and checks `folder`/config.json, or hparams.json where there is no config.json. Throws
// Error that names the file and the key; a model of another architecture is refused by name.
Config read_config(const std::filesystem::path& folder);

}  // namespace model
