#include "app/hub_options.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "app/ascii.h"
#include "model/error.h"
#include "model/file.h"
#include "model/hub_cache.h"

namespace app {

namespace fs = std::filesystem;

namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

// What somebody who logged in has; it becomes part of a header, so it is one word.
std::string token() {
    std::string text = variable("HF_TOKEN");
    if (text.empty()) {
        fs::path path = variable("HF_TOKEN_PATH");
        const fs::path hf_home = variable("HF_HOME"), cache = variable("XDG_CACHE_HOME"),
                       home = variable("HOME");
        if (path.empty() && !hf_home.empty()) path = hf_home / "token";
        if (path.empty() && !cache.empty()) path = cache / "huggingface/token";
        // Without a home: none. One that lies where we happen to stand is nobody's.
        if (path.empty() && !home.empty()) path = home / ".cache/huggingface/token";
        std::error_code ignored;
        if (fs::is_regular_file(path, ignored)) text = model::read_file(path);
    }
    while (!text.empty() && text.back() <= ' ') text.pop_back();
    text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c > '~'; })) {
        throw model::Error("HF_TOKEN: is not one word, so it cannot be a token");
    }
    return text;
}

int patience() {
    constexpr const char* name = "HF_HUB_DOWNLOAD_TIMEOUT";
    constexpr int usual = 30, hour = 3600;
    const std::string text = variable(name);
    if (text.empty()) return usual;
    int seconds = 0;
    const char* end = text.data() + text.size();
    const auto [at, bad] = std::from_chars(text.data(), end, seconds);
    if (bad != std::errc() || at != end || seconds < 1) {
        throw model::Error(std::string(name) + ": \"" + text +
                           "\" is no whole number of seconds; 30 is usual");
    }
    return std::min(seconds, hour);
}

void need_a_folder() {
    for (const char* name : {"HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME", "HOME"}) {
        if (!variable(name).empty()) return;
    }
    throw model::Error("HOME: is not set, so it is unknown where models lie; set HF_HOME");
}

}  // namespace

std::string hub_offline() {
    // The second counts where the first is not set, as in Hugging Face's programs.
    for (const char* name : {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}) {
        const std::string value = lower_case(variable(name));
        if (value == "1" || value == "on" || value == "yes" || value == "true") return name;
        if (!value.empty()) return "";
    }
    return "";
}

HubOptions hub_options() {
    HubOptions options;
    options.endpoint = variable("HF_ENDPOINT");
    if (options.endpoint.empty()) options.endpoint = "https://huggingface.co";
    while (options.endpoint.ends_with('/')) options.endpoint.pop_back();
    if (!options.endpoint.starts_with("https://") && !options.endpoint.starts_with("http://")) {
        throw model::Error("HF_ENDPOINT: \"" + options.endpoint +
                           "\" is no address like https://huggingface.co");
    }
    options.token = token();
    need_a_folder();
    options.cache = model::hub_folder();
    options.offline = hub_offline();
    options.patience = patience();
    return options;
}

}  // namespace app
