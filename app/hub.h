// A model from the Hugging Face hub into its cache on this machine: what there is, which of it
// Stepscope needs, and in which order it appears, so that nothing unfinished is ever offered.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "model/transformer.h"

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

// What is to be fetched, told before it begins.
struct FetchPlan {
    size_t files = 0;
    uint64_t bytes = 0;            // of all of them
    uint64_t missing = 0;          // of these, what is still to come
    std::filesystem::path folder;  // the snapshot, once it is there
};

struct FetchWatch {
    std::function<void(const FetchPlan&)> planned;
    std::function<void(uint64_t done, uint64_t all)> progress;
    std::function<void()> waiting;  // for another program that fetches the same file
    model::StopAsked stop;
};

// Fetches what is missing and returns the folder of the snapshot. Throws model::Stopped, and
// model::Error that says what failed and what to do; the next call goes on from what came.
std::filesystem::path fetch_model(const std::string& name, const HubOptions& options,
                                  const FetchWatch& watch);

}  // namespace app
