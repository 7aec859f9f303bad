// What folders hold that are no model of ours: other formats, adapters, runs of trainers.
#pragma once

#include <filesystem>
#include <string>

namespace model {

// Names what is there and says what makes a model of it: "ckpt.pt is nanoGPT's own checkpoint;
// ...". "" for a folder that holds nothing known.
std::string other_format(const std::filesystem::path& folder);

}  // namespace model
