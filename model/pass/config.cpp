#include "model/pass/config.h"

#include <cmath>

#include "model/base/error.h"
#include "model/base/json.h"
#include "model/load/hub_cache.h"
#include "model/load/other_formats.h"
#include "model/load/tf_checkpoint.h"

namespace model {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// Larger than any GPT-2, small enough that no product of two sizes overflows.
constexpr int largest_size = 1 << 24;

constexpr ConfigFlag flags[] = {
    {"scale_attn_weights", "scale_by_width", &Config::scale_by_width,
     "scores not divided by √d_head"},
    {"scale_attn_by_inverse_layer_idx", "scale_by_layer", &Config::scale_by_layer,
     "scores divided by the block's number"},
};

int positive(const json& object, const char* key, const fs::path& file) {
    auto found = object.find(key);
    if (found == object.end()) throw Error(file.string() + ": \"" + key + "\" is missing");
    if (!found->is_number_integer() || *found < 1 || *found > largest_size) {
        throw Error(file.string() + ": \"" + key + "\" must be a whole number of at least 1, not " +
                    shown(*found));
    }
    return found->get<int>();
}

std::string folder_name(const fs::path& folder) {
    // A cached model's folder is named by its revision.
    if (std::string name = hub_name(folder); !name.empty()) return name;
    std::error_code ignored;  // of a current folder that was removed
    const fs::path full = fs::absolute(folder, ignored).lexically_normal();
    return full.has_filename() ? full.filename().string() : full.parent_path().filename().string();
}

// A key that is true or false; `otherwise` where it is not there.
bool flag(const json& object, const char* key, bool otherwise, const fs::path& file) {
    auto found = object.find(key);
    if (found == object.end()) return otherwise;
    if (!found->is_boolean()) {
        throw Error(file.string() + ": \"" + key + "\" must be true or false, not " +
                    shown(*found));
    }
    return found->get<bool>();
}

void refuse_other_architectures(const json& object, const fs::path& file) {
    auto type = object.find("model_type");
    if (type != object.end() && type->is_string() && *type != "" && *type != "gpt2") {
        throw Error(file.string() + ": the architecture is " + shown(*type) +
                    "; supported is gpt2 (GPT-2 of any size, DistilGPT-2 and fine-tunes)");
    }
    if (flag(object, "add_cross_attention", false, file)) {
        throw Error(file.string() + ": \"add_cross_attention\" is set, which GPT-2 does not have");
    }
}

void read_variant(const json& object, const fs::path& file, Config& config) {
    if (auto named = object.find("activation_function"); named != object.end()) {
        config.activation =
            named->is_string() ? find_activation(named->get<std::string>()) : nullptr;
        if (!config.activation) {
            throw Error(file.string() + ": \"activation_function\" " + shown(*named) +
                        " is not supported; supported are " + activation_names());
        }
    }
    for (const ConfigFlag& f : flags) {
        config.*f.member = flag(object, f.key, config.*f.member, file);
    }
    // The same product in another order of operations.
    flag(object, "reorder_and_upcast_attn", false, file);
}

// One id, or a list; nothing for anything else.
std::vector<int> end_ids(const json& object, int n_vocab) {
    std::vector<int> ids;
    const json named = object.value("eos_token_id", json());
    for (const json& id : named.is_array() ? named : json::array({named})) {
        // Fine-tunes sometimes keep GPT-2's 50256 with a smaller vocabulary: then there is none.
        if (id.is_number_integer() && id >= 0 && id < n_vocab) ids.push_back(id.get<int>());
    }
    return ids;
}

// generation_config.json is what Hugging Face generates by; where it says nothing, config.json.
std::vector<int> read_end_tokens(const fs::path& folder, const json& config, int n_vocab) {
    const fs::path file = folder / "generation_config.json";
    std::error_code ignored;
    if (fs::exists(file, ignored)) {
        const json generation = read_json(file);
        if (!generation.is_object()) throw Error(file.string() + ": must hold a JSON object");
        if (generation.contains("eos_token_id") && !generation["eos_token_id"].is_null()) {
            return end_ids(generation, n_vocab);
        }
    }
    return end_ids(config, n_vocab);
}

}  // namespace

std::span<const ConfigFlag> config_flags() {
    return flags;
}

Config read_config(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::exists(folder, ignored)) {
        throw Error(folder.string() + ": no such folder; name a folder with a GPT-2 model");
    }
    if (!fs::is_directory(folder, ignored)) {
        throw Error(folder.string() + ": is not a folder; name the folder that holds config.json");
    }
    // OpenAI's original releases have hparams.json, with fewer keys and other names.
    const bool original = !fs::exists(folder / "config.json", ignored) &&
                          fs::exists(folder / "hparams.json", ignored);
    const fs::path file = folder / (original ? "hparams.json" : "config.json");
    if (!fs::exists(file, ignored)) {
        if (const std::string other = other_format(folder); !other.empty()) {
            throw Error(folder.string() + ": " + other);
        }
        if (TfCheckpoint::present(folder)) {
            throw Error(folder.string() +
                        ": hparams.json is missing, which says the shape of OpenAI's checkpoint");
        }
    }
    const json object = read_json(file);
    if (!object.is_object()) throw Error(file.string() + ": must hold a JSON object");
    refuse_other_architectures(object, file);

    Config config;
    read_variant(object, file, config);
    config.n_layer = positive(object, "n_layer", file);
    config.n_head = positive(object, "n_head", file);
    config.d_model = positive(object, "n_embd", file);
    config.n_vocab = positive(object, original ? "n_vocab" : "vocab_size", file);
    config.n_ctx = positive(object, object.contains("n_positions") ? "n_positions" : "n_ctx", file);
    const bool inner = object.contains("n_inner") && !object["n_inner"].is_null();
    config.d_mlp = inner ? positive(object, "n_inner", file) : 4 * config.d_model;
    if (config.d_model % config.n_head != 0) {
        throw Error(file.string() + ": \"n_embd\" " + std::to_string(config.d_model) +
                    " cannot be divided by \"n_head\" " + std::to_string(config.n_head));
    }
    if (auto eps = object.find("layer_norm_epsilon"); eps != object.end()) {
        const float value = eps->is_number() ? eps->get<float>() : -1;
        if (!(value >= 0) || !std::isfinite(value)) {
            throw Error(file.string() + ": \"layer_norm_epsilon\" must be a number >= 0, not " +
                        shown(*eps));
        }
        config.ln_eps = value;
    }
    config.end_tokens = read_end_tokens(folder, object, config.n_vocab);
    // "<|endoftext|>", which hparams.json leaves to the reader.
    if (original && config.n_vocab == 50257) config.end_tokens = {50256};
    if (auto tie = object.find("tie_word_embeddings"); tie != object.end() && tie->is_boolean()) {
        config.tied = tie->get<bool>();
    }
    auto name = object.find("name");
    config.name =
        name != object.end() && name->is_string() ? name->get<std::string>() : folder_name(folder);
    return config;
}

std::string variant(const Config& config) {
    std::string text;
    auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (config.activation != &gpt2_activation()) {
        add("activation " + std::string(config.activation->names[0]));
    }
    const Config gpt2;
    for (const ConfigFlag& f : flags) {
        if (config.*f.member != gpt2.*f.member) add(f.differs);
    }
    if (!config.biases) add("no biases");
    return text;
}

}  // namespace model
