// The models that other programs have downloaded already: Hugging Face's cache on this machine.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace model {

struct FoundModel {
    std::string name;              // "gpt2", "org/name"
    std::filesystem::path folder;  // to be given to load_model
    std::string problem;           // why it cannot be opened, "" when it can
};

// Where the cache lies: $HF_HUB_CACHE, else $HF_HOME/hub, else $XDG_CACHE_HOME/huggingface/hub,
// else
// ~/.cache/huggingface/hub. It need not exist.
std::filesystem::path hub_folder();

// The GPT-2 models in a cache, by name. What is damaged, unfinished or of another architecture is
// passed over; one that has only pickle files is listed with its problem. Never throws for what it
// finds.
std::vector<FoundModel> cached_models(const std::filesystem::path& hub = hub_folder());

// What --model means: a folder when there is one, else the cached model of that name, with or
// without its organisation. Throws Error that says what the cache holds.
std::filesystem::path resolve_model(const std::string& name_or_folder,
                                    const std::filesystem::path& hub = hub_folder());

// "org/name" for a folder in a cache (models--org--name/snapshots/REVISION), "" for any other.
std::string hub_name(const std::filesystem::path& folder);

}  // namespace model
