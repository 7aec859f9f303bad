#include "model/pass/model.h"

#include <xxhash.h>

#include <cstdio>

#include "model/base/error.h"

namespace model {

std::string Model::shown(int id) const {
    const std::string text = tokenizer ? tokenizer->shown(id) : std::string();
    return text.empty() ? "#" + std::to_string(id) : text;
}

std::string Model::hash() const {
    std::call_once(hash_->once, [this] {
        XXH3_state_t* state = XXH3_createState();
        XXH3_64bits_reset(state);
        for (const auto bytes : weights.stored) {
            XXH3_64bits_update(state, bytes.data(), bytes.size());
        }
        // The same parameters in another kind of pass are another model.
        const std::string pass = variant(config);
        XXH3_64bits_update(state, pass.data(), pass.size());
        const unsigned long long value = XXH3_64bits_digest(state);
        XXH3_freeState(state);
        char text[17];
        std::snprintf(text, sizeof text, "%016llx", value);
        hash_->text = text;
    });
    return hash_->text;
}

std::shared_ptr<const Model> load_model(const std::filesystem::path& folder, Precision precision) {
    auto model = std::make_shared<Model>();
    model->folder = folder;
    model->config = read_config(folder);
    model->weights = load_weights(folder, model->config, precision);
    model->config.biases = model->weights.biases;
    if (Tokenizer::present(folder)) {
        model->tokenizer = Tokenizer::load(folder);
        if (model->tokenizer->size() > model->config.n_vocab) {
            throw Error(folder.string() + ": the tokenizer has " +
                        std::to_string(model->tokenizer->size()) + " tokens, the model only " +
                        std::to_string(model->config.n_vocab) + "; they do not belong together");
        }
    }
    return model;
}

std::vector<int> encode_prompt(const Model& model, const std::string& text) {
    if (!model.tokenizer) {
        throw Error(model.folder.string() +
                    ": has no tokenizer files; give token ids instead of text (--ids 1,2,3)");
    }
    if (text.empty()) throw Error("prompt: is empty; the model needs at least one token to go on");
    std::vector<int> ids = model.tokenizer->encode(text);
    check_ids(model, ids);
    return ids;
}

void check_ids(const Model& model, const std::vector<int>& ids) {
    if (ids.empty()) throw Error("prompt: is empty; the model needs at least one token to go on");
    if (ids.size() > static_cast<size_t>(model.config.n_ctx)) {
        throw Error("prompt: is " + std::to_string(ids.size()) + " tokens long, the context of " +
                    model.config.name + " holds " + std::to_string(model.config.n_ctx) +
                    "; shorten it");
    }
    for (int id : ids) {
        if (id < 0 || id >= model.config.n_vocab) {
            throw Error("prompt: token id " + std::to_string(id) +
                        " is outside the vocabulary (0 to " +
                        std::to_string(model.config.n_vocab - 1) + ")");
        }
    }
}

}  // namespace model
