// Every tensor of a run as one safetensors file, by hook name.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "model/hooks.h"

namespace model {

// Writes tokens and all hooks, F32, with `metadata` in the header. Throws Error that names `path`.
void write_trace(const std::filesystem::path& path, const Model& model, const Records& records,
                 const std::map<std::string, std::string>& metadata);

}  // namespace model
