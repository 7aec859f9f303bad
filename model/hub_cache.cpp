#include "model/hub_cache.h"

#include <algorithm>
#include <cstdlib>

#include "model/error.h"
#include "model/file.h"
#include "model/json_file.h"

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
    main.erase(std::find_if(main.begin(), main.end(), [](char c) { return c <= ' '; }), main.end());
    auto goes_before = [&](const fs::path& a, const fs::path& b) {
        if ((a.filename() == main) != (b.filename() == main)) return a.filename() == main;
        std::error_code ignored;
        return fs::last_write_time(a, ignored) > fs::last_write_time(b, ignored);
    };
    std::vector<fs::path> paths = children(model / "snapshots");
    std::stable_sort(paths.begin(), paths.end(), goes_before);
    return paths;
}

bool is_gpt2(const fs::path& config) {
    const auto object = read_json(config);
    const auto type = object.is_object() ? object.find("model_type") : object.end();
    return type != object.end() && *type == "gpt2";
}

// Adds the first snapshot of a model that can be opened, or else one with a problem.
void look_at(const fs::path& model, std::vector<FoundModel>& found) {
    FoundModel with_problem;
    for (const fs::path& snapshot : snapshots(model)) {
        const fs::path config = snapshot / "config.json";
        if (!has_file(config) || !is_gpt2(config)) continue;
        const FoundModel here{hub_name(snapshot), snapshot, ""};
        if (has_file(snapshot / "model.safetensors") ||
            has_file(snapshot / "model.safetensors.index.json")) {
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

fs::path hub_folder() {
    auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return fs::path(value ? value : "");
    };
    if (const fs::path hub = variable("HF_HUB_CACHE"); !hub.empty()) return hub;
    if (const fs::path home = variable("HF_HOME"); !home.empty()) return home / "hub";
    fs::path cache = variable("XDG_CACHE_HOME");
    if (cache.empty()) cache = variable("HOME") / ".cache";
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
    if (fs::exists(name_or_folder, ignored)) return name_or_folder;
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
                (names.empty() ? ", which has no GPT-2" : ", which has " + names));
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
