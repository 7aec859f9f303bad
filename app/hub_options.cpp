#include "app/hub_options.h"

#include <algorithm>
#include <cstdlib>

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
        const fs::path home = variable("HF_HOME"), cache = variable("XDG_CACHE_HOME");
        if (path.empty() && !home.empty()) path = home / "token";
        if (path.empty() && !cache.empty()) path = cache / "huggingface/token";
        if (path.empty()) path = fs::path(variable("HOME")) / ".cache/huggingface/token";
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

}  // namespace

bool hub_is_offline() {
    const std::string value = variable("HF_HUB_OFFLINE");
    return value == "1" || value == "ON" || value == "YES" || value == "TRUE" || value == "on" ||
           value == "yes" || value == "true";
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
    options.cache = model::hub_folder();
    options.offline = hub_is_offline();
    if (const std::string text = variable("HF_HUB_DOWNLOAD_TIMEOUT"); !text.empty()) {
        constexpr int hour = 3600;
        options.patience = std::clamp(std::atoi(text.c_str()), 1, hour);
    }
    return options;
}

}  // namespace app
