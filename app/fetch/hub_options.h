// How the hub is reached: what the environment says, as Hugging Face's own programs understand it.
#pragma once

#include <filesystem>
#include <string>

namespace app {

struct HubOptions {
    std::string endpoint;  // "https://huggingface.co"
    std::string token;     // empty: none
    std::filesystem::path cache;
    int patience = 30;    // seconds without a byte until a connection counts as broken
    std::string offline;  // see hub_offline
};

// As Hugging Face's own programs have it: HF_ENDPOINT, HF_TOKEN or the file of `hf auth login`,
// HF_HUB_DOWNLOAD_TIMEOUT, and model::hub_folder(). Throws model::Error that names a variable that
// cannot be right, or that is missing.
HubOptions hub_options();
// HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE, whichever says that nothing may be fetched; "" where it
// may.
std::string hub_offline();

}  // namespace app
