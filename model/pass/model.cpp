#include "model/pass/model.h"

#include <xxhash.h>

#include <algorithm>
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
        weights.check_unchanged();
        char text[17];
        std::snprintf(text, sizeof text, "%016llx", value);
        hash_->text = text;
    });
    return hash_->text;
}

namespace {

// Ids work without a tokenizer, so that what is wrong with it is told where a text is needed.
void read_tokenizer(Model& model) {
    if (!Tokenizer::present(model.folder)) {
        model.no_tokenizer =
            model.folder.string() +
            ": has no tokenizer files; give token ids instead of text (--ids 1,2,3)";
        return;
    }
    try {
        model.tokenizer = Tokenizer::load(model.folder);
    } catch (const Error& why) {
        model.no_tokenizer = why.what();
        return;
    }
    if (model.tokenizer->size() > model.config.n_vocab) {
        model.notes.push_back(model.folder.string() + ": the tokenizer has " +
                              std::to_string(model.tokenizer->size()) + " tokens, the model " +
                              std::to_string(model.config.n_vocab) + "; the others cannot be used");
    }
}

void note_weights(Model& model) {
    const std::string where = model.folder.string() + ": ";
    const std::vector<std::string>& unused = model.weights.unused;
    if (!unused.empty()) {
        constexpr size_t most_named = 4;
        std::string names;
        for (size_t i = 0; i < std::min(unused.size(), most_named); ++i) {
            names += (i > 0 ? ", " : "") + unused[i];
        }
        if (unused.size() > most_named) names += ", ...";
        model.notes.push_back(where + std::to_string(unused.size()) +
                              (unused.size() == 1 ? " tensor is" : " tensors are") +
                              " not GPT-2's and not used: " + names);
    }
    if (model.weights.transposed) {
        model.notes.push_back(where + "the linear weights are stored [out, in]; read transposed");
    }
}

const Tokenizer& tokenizer_of(const Model& model) {
    if (!model.tokenizer) throw Error(model.no_tokenizer);
    return *model.tokenizer;
}

// "token id 256 (<|endoftext|>)".
std::string token_named(const Model& model, int id) {
    const std::string text = model.tokenizer ? model.tokenizer->shown(id) : "";
    return "token id " + std::to_string(id) + (text.empty() ? "" : " (" + text + ")");
}

void check_vocabulary(const Model& model, const std::vector<int>& ids, const std::string& what) {
    for (const int id : ids) {
        if (id >= 0 && id < model.config.n_vocab) continue;
        throw Error(what + ": " + token_named(model, id) +
                    " is outside the vocabulary of the model (0 to " +
                    std::to_string(model.config.n_vocab - 1) + ")");
    }
}

}  // namespace

std::shared_ptr<const Model> load_model(const std::filesystem::path& folder, Precision precision) {
    auto model = std::make_shared<Model>();
    model->folder = folder;
    model->config = read_config(folder);
    model->weights = load_weights(folder, model->config, precision);
    model->config.biases = model->weights.biases;
    read_tokenizer(*model);
    note_weights(*model);
    return model;
}

std::vector<int> encode_prompt(const Model& model, const std::string& text) {
    const Tokenizer& tokenizer = tokenizer_of(model);
    if (text.empty()) throw Error("prompt: is empty; the model needs at least one token to go on");
    std::vector<int> ids = tokenizer.encode(text);
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
    check_vocabulary(model, ids, "prompt");
}

std::vector<int> encode_part(const Model& model, const std::string& text) {
    std::vector<int> ids = tokenizer_of(model).encode_part(text);
    check_vocabulary(model, ids, "tokens");
    return ids;
}

}  // namespace model
