#include "model/load/shard_index.h"

#include <algorithm>
#include <filesystem>

#include "model/base/error.h"
#include "model/base/json.h"

namespace model {

std::map<std::string, std::string> bound_tensors(const nlohmann::json& index,
                                                 const std::string& where) {
    const auto map = index.is_object() ? index.find("weight_map") : index.end();
    if (!index.is_object() || map == index.end() || !map->is_object()) {
        throw Error(where + ": \"weight_map\" is missing");
    }
    std::map<std::string, std::string> bound;
    for (const auto& [tensor, file] : map->items()) {
        const std::string name = file.is_string() ? file.get<std::string>() : "";
        // A shard lies beside its index; a path could point anywhere on the disk.
        if (!file.is_string() || std::filesystem::path(name).has_parent_path()) {
            throw Error(where + ": tensor " + shown(tensor) +
                        " must name a file in the same folder, not " + shown(file));
        }
        bound.emplace(tensor, name);
    }
    return bound;
}

std::vector<std::string> shard_names(const nlohmann::json& index, const std::string& where) {
    std::vector<std::string> shards;
    for (const auto& [tensor, shard] : bound_tensors(index, where)) shards.push_back(shard);
    std::ranges::sort(shards);
    shards.erase(std::unique(shards.begin(), shards.end()), shards.end());
    return shards;
}

}  // namespace model
