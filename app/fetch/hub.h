// A model from the Hugging Face hub into its cache on this machine: what there is, which of it
// Stepscope needs, and in which order it appears, so that nothing unfinished is ever offered.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "app/fetch/hub_options.h"
#include "model/pass/transformer.h"

namespace app {

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
