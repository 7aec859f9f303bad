// The models that were fetched already, by us or by other programs: Hugging Face's cache on this
// machine.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace model {

// A model that people mean by a short name, and about how much is to be fetched for it.
struct KnownModel {
    const char* name;   // that the hub leads on from: "gpt2-medium"
    const char* full;   // with its owner: "openai-community/gpt2-medium"
    const char* title;  // "GPT-2 medium"
    double bytes;       // of its weights

    // Not somebody else's model of the same last name.
    bool is(std::string_view other) const { return other == name || other == full; }
};
const std::vector<KnownModel>& known_models();

// Whether a text can be a model's name on the hub: "name" or "owner/name" of letters, digits, '_',
// '.' and '-', with neither ".." nor "--" in it. Such a name cannot lead out of a folder.
bool is_hub_name(std::string_view text);
// The folder of its files in a cache: "models--owner--name".
std::string hub_folder_name(const std::string& name);

// Whether this config.json is one of GPT-2.
bool is_gpt2(const nlohmann::json& config);

struct FoundModel {
    std::string name;              // "gpt2", "org/name"
    std::filesystem::path folder;  // to be given to load_model
    std::string problem;           // why it cannot be opened, "" when it can
};

// $HOME, else what the password database says; empty where neither says anything.
std::filesystem::path home_folder();
// The path in a variable of the environment, where ~ at the beginning is the home folder; empty
// where there is none.
std::filesystem::path path_of(const char* variable);
// Where the cache lies: $HF_HUB_CACHE, else $HF_HOME/hub, else $XDG_CACHE_HOME/huggingface/hub,
// else ~/.cache/huggingface/hub. It need not exist.
std::filesystem::path hub_folder();

// The GPT-2 models in a cache, by name. What is damaged, unfinished or of another architecture is
// passed over; one that has only pickle files is listed with its problem. Never throws for what it
// finds.
std::vector<FoundModel> cached_models(const std::filesystem::path& hub = hub_folder());

// What --model means: a folder when there is one (of the cache's own, models--OWNER--NAME, the
// snapshot in it), else the cached model of that name, with or without its organisation. Throws
// Error that says what the cache holds, and how to fetch what it lacks.
std::filesystem::path resolve_model(const std::string& name_or_folder,
                                    const std::filesystem::path& hub = hub_folder());

// "org/name" for a folder in a cache (models--org--name/snapshots/REVISION), "" for any other.
std::string hub_name(const std::filesystem::path& folder);

}  // namespace model
