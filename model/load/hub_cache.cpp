#include "model/load/hub_cache.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"
#include "model/load/shard_index.h"

namespace model {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view folder_prefix = "models--";

// Links to files count, broken links do not: a download may have been cut off.
bool has_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

// What lies in a folder, in order; nothing when it cannot be read.
std::vector<fs::path> children(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end;
         it.increment(failed)) {
        paths.push_back(it->path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

// The snapshots of a model: the one that "main" refers to first, then the others, newest first.
std::vector<fs::path> snapshots(const fs::path& model) {
    std::string main;
    if (const fs::path ref = model / "refs/main"; has_file(ref)) main = read_file(ref);
    main.erase(std::find_if(main.begin(), main.end(), [](char c) { return c >= 0 && c <= ' '; }),
               main.end());
    auto goes_before = [&](const fs::path& a, const fs::path& b) {
        if ((a.filename() == main) != (b.filename() == main)) return a.filename() == main;
        std::error_code ignored;
        return fs::last_write_time(a, ignored) > fs::last_write_time(b, ignored);
    };
    std::vector<fs::path> paths = children(model / "snapshots");
    std::stable_sort(paths.begin(), paths.end(), goes_before);
    return paths;
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

// Whether all weights are there: a download may have brought the index before its shards. What is
// no index is left to whoever opens it, who says what is wrong.
bool has_weights(const fs::path& snapshot) {
    if (has_file(snapshot / "model.safetensors")) return true;
    const fs::path index = snapshot / "model.safetensors.index.json";
    if (!has_file(index)) return false;
    std::vector<std::string> shards;
    try {
        shards = shard_names(read_json(index), index.string());
    } catch (const Error&) {
        return true;
    }
    return std::ranges::all_of(shards,
                               [&](const auto& shard) { return has_file(snapshot / shard); });
}

// How to get what the cache lacks; nothing where it can be no name on the hub.
std::string how_to_fetch(const std::string& name) {
    const bool known = std::ranges::any_of(known_models(),
                                           [&](const KnownModel& model) { return model.is(name); });
    const bool has_owner = name.find('/') != std::string::npos && is_hub_name(name);
    if (!known && !has_owner) return "";
    return "; `stepscope get " + name + "` fetches it" + (known ? "" : " if the hub has it");
}

// Adds the first snapshot of a model that can be opened, or else one with a problem.
void look_at(const fs::path& model, std::vector<FoundModel>& found) {
    FoundModel with_problem;
    for (const fs::path& snapshot : snapshots(model)) {
        const fs::path config = snapshot / "config.json";
        if (!has_file(config) || !is_gpt2(read_json(config))) continue;
        const FoundModel here{hub_name(snapshot), snapshot, ""};
        if (has_weights(snapshot)) {
            found.push_back(here);
            return;
        }
        if (has_file(snapshot / "pytorch_model.bin") && with_problem.name.empty()) {
            with_problem = here;
            with_problem.problem = "only pickle weights, which can run code and are not opened";
        }
    }
    if (!with_problem.name.empty()) found.push_back(with_problem);
}

}  // namespace

const std::vector<KnownModel>& known_models() {
    static const std::vector<KnownModel> all = {
        {"gpt2", "openai-community/gpt2", "GPT-2", 548.1e6},
        {"gpt2-medium", "openai-community/gpt2-medium", "GPT-2 medium", 1520.0e6},
        {"gpt2-large", "openai-community/gpt2-large", "GPT-2 large", 3247.2e6},
        {"gpt2-xl", "openai-community/gpt2-xl", "GPT-2 XL", 6431.8e6},
        {"distilgpt2", "distilbert/distilgpt2", "DistilGPT-2", 352.8e6}};
    return all;
}

bool is_gpt2(const nlohmann::json& config) {
    const auto type = config.is_object() ? config.find("model_type") : config.end();
    return type != config.end() && *type == "gpt2";
}

bool is_hub_name(std::string_view text) {
    constexpr size_t longest = 96;
    const size_t slash = text.find('/');
    const bool has_owner = slash != std::string_view::npos;
    const std::string_view owner = has_owner ? text.substr(0, slash) : std::string_view();
    const std::string_view name = has_owner ? text.substr(slash + 1) : text;
    auto is_part = [](std::string_view part) {
        auto is_edge = [](char c) { return c == '.' || c == '-'; };
        return !part.empty() && part.size() <= longest && std::ranges::all_of(part, is_plain) &&
               !is_edge(part.front()) && !is_edge(part.back()) &&
               part.find("..") == std::string_view::npos &&
               part.find("--") == std::string_view::npos;
    };
    return is_part(name) && (!has_owner || is_part(owner));
}

std::string hub_folder_name(const std::string& name) {
    std::string folder(folder_prefix);
    for (const char c : name) {
        if (c == '/') {
            folder += "--";
        } else {
            folder += c;
        }
    }
    return folder;
}

fs::path home_folder() {
    const char* home = std::getenv("HOME");
    if (home && *home) return home;
    constexpr size_t enough = 1 << 14;
    std::vector<char> texts(enough);
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(getuid(), &entry, texts.data(), texts.size(), &found) != 0 || !found) return "";
    return entry.pw_dir ? entry.pw_dir : "";
}

fs::path path_of(const char* variable) {
    const char* value = std::getenv(variable);
    const std::string text = value ? value : "";
    if (text != "~" && !text.starts_with("~/")) return text;
    const fs::path home = home_folder();
    if (home.empty()) return text;
    return text.size() <= 2 ? home : home / text.substr(2);
}

fs::path hub_folder() {
    // The second is what huggingface_hub called it first, and still reads.
    for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) {
        if (fs::path hub = path_of(name); !hub.empty()) return hub;
    }
    if (const fs::path home = path_of("HF_HOME"); !home.empty()) return home / "hub";
    fs::path cache = path_of("XDG_CACHE_HOME");
    if (cache.empty()) cache = home_folder() / ".cache";
    return cache / "huggingface/hub";
}

std::vector<FoundModel> cached_models(const fs::path& hub) {
    std::vector<FoundModel> found;
    for (const fs::path& model : children(hub)) {
        if (!model.filename().string().starts_with(folder_prefix)) continue;
        try {
            look_at(model, found);
        } catch (const std::exception&) {
            // A damaged config.json or a folder without permission: not one to offer.
        }
    }
    std::sort(found.begin(), found.end(),
              [](const FoundModel& a, const FoundModel& b) { return a.name < b.name; });
    return found;
}

fs::path resolve_model(const std::string& name_or_folder, const fs::path& hub) {
    std::error_code ignored;
    if (fs::exists(name_or_folder, ignored)) {
        // A model's folder of the cache itself holds it one storey down.
        const fs::path folder = name_or_folder;
        if (has_file(folder / "config.json")) return folder;
        const std::vector<fs::path> inside = snapshots(folder);
        return inside.empty() ? folder : inside.front();
    }
    const std::vector<FoundModel> cached = cached_models(hub);
    std::vector<fs::path> same_last_part;
    std::string names;
    for (const FoundModel& found : cached) {
        if (found.name == name_or_folder) return found.folder;
        if (found.name.ends_with("/" + name_or_folder)) same_last_part.push_back(found.folder);
        names += (names.empty() ? "" : ", ") + found.name;
    }
    if (same_last_part.size() == 1) return same_last_part[0];
    throw Error(name_or_folder + ": no such folder, and " +
                (same_last_part.empty() ? "no such model" : "more than one model of that name") +
                " in the Hugging Face cache " + hub.string() +
                (names.empty() ? ", which has no GPT-2" : ", which has " + names) +
                (same_last_part.empty() ? how_to_fetch(name_or_folder) : ""));
}

std::string hub_name(const fs::path& folder) {
    std::error_code ignored;
    const fs::path full = (fs::absolute(folder, ignored) / "").lexically_normal().parent_path();
    const fs::path snapshots = full.parent_path();
    std::string name = snapshots.parent_path().filename().string();
    if (snapshots.filename() != "snapshots" || !name.starts_with(folder_prefix)) return "";
    name.erase(0, folder_prefix.size());
    for (size_t at = name.find("--"); at != std::string::npos; at = name.find("--", at)) {
        name.replace(at, 2, "/");
    }
    return name;
}

}  // namespace model
