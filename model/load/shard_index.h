// model.safetensors.index.json: which files hold the weights of a model that has several.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace model {

// Which shard an index binds each tensor to. Throws as below.
std::map<std::string, std::string> bound_tensors(const nlohmann::json& index,
                                                 const std::string& where);

// The shards that an index of weights names, each once. Throws Error that names `where` when it is
// no such index, or names anything but a plain file beside it.
std::vector<std::string> shard_names(const nlohmann::json& index, const std::string& where);

}  // namespace model
