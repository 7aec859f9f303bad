// model.safetensors.index.json: which files hold the weights of a model that has several.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace model {

// The shards that an index of weights names, each once. Throws Error that names `where` when it is
// no such index, or names anything but a plain file beside it.
std::vector<std::string> shard_names(const nlohmann::json& index, const std::string& where);

}  // namespace model
