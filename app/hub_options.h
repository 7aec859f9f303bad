// How the hub is reached: what the environment says, as Hugging Face's own programs understand it.
#pragma once

#include <filesystem>
#include <string>

namespace app {

struct HubOptions {
    std::string endpoint;  // "https://huggingface.co"
    std::string token;     // empty: none
    std::filesystem::path cache;
    int patience = 30;     // seconds without a byte until a connection counts as broken
    bool offline = false;  // nothing may be fetched
};

// As Hugging Face's own programs have it: HF_ENDPOINT, HF_TOKEN or the file of `hf auth login`,
// HF_HUB_OFFLINE, HF_HUB_DOWNLOAD_TIMEOUT, and model::hub_folder(). Throws model::Error that names
// a variable that cannot be right.
HubOptions hub_options();
// Whether HF_HUB_OFFLINE says that nothing may be fetched.
bool hub_is_offline();

}  // namespace app
