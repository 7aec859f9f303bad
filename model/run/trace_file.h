// Every tensor of a run as one safetensors file, by hook name.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>

#include "model/base/progress.h"
#include "model/pass/hooks.h"

namespace model {

// Writes tokens and all hooks, F32, with `metadata` in the header. Throws Error that names `path`.
void write_trace(const std::filesystem::path& path, const Model& model, const Records& records,
                 const std::map<std::string, std::string>& metadata);

// The same into a stream. `progress` counts tensors; throws Stopped.
void write_trace(std::ostream& out, const Model& model, const Records& records,
                 const std::map<std::string, std::string>& metadata, const Progress& progress);

}  // namespace model
