#include "app/fetch/hub_options.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "app/fetch/url.h"
#include "model/base/ascii.h"
#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"
#include "model/load/hub_cache.h"

namespace app {

namespace fs = std::filesystem;

namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

// Once and for all: what is wrong with it is told here, and never with a password that is in it.
std::string endpoint() {
    std::string text = variable("HF_ENDPOINT");
    if (text.empty()) return "https://huggingface.co";
    if (const std::string problem = url_problem(text); !problem.empty()) {
        const bool secret = text.find('@') != std::string::npos;
        throw model::Error("HF_ENDPOINT: " + (secret ? "it" : model::shown(text)) + " " + problem);
    }
    while (text.ends_with('/')) text.pop_back();
    const size_t scheme = text.find("://");
    return model::ascii_lower_case(text.substr(0, scheme)) + text.substr(scheme);
}

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// What somebody who logged in has; it becomes part of a header, so it is one word.
std::string token() {
    std::string text = variable("HF_TOKEN"), where = "HF_TOKEN";
    if (text.empty()) {
        fs::path path = model::path_of("HF_TOKEN_PATH");
        const fs::path hf_home = model::path_of("HF_HOME"),
                       cache = model::path_of("XDG_CACHE_HOME"), home = model::home_folder();
        if (path.empty() && !hf_home.empty()) path = hf_home / "token";
        if (path.empty() && !cache.empty()) path = cache / "huggingface/token";
        // Without a home: none. One that lies where we happen to stand is nobody's.
        if (path.empty() && !home.empty()) path = home / ".cache/huggingface/token";
        std::error_code ignored;
        if (fs::is_regular_file(path, ignored)) {
            text = model::read_file(path);
            where = path.string();
        }
    }
    while (!text.empty() && is_space(text.back())) text.pop_back();
    text.erase(text.begin(), std::ranges::find_if_not(text, is_space));
    if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c > '~'; })) {
        throw model::Error(where +
                           ": is not one word of plain letters and digits, so it cannot be a "
                           "token");
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
    for (const char* name :
         {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"}) {
        if (!variable(name).empty()) return;
    }
    if (!model::home_folder().empty()) return;
    throw model::Error("HOME: is not set, so it is unknown where models lie; set HF_HOME");
}

}  // namespace

std::string hub_offline() {
    // The second counts where the first is not set, as in Hugging Face's programs.
    for (const char* name : {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}) {
        const std::string value = model::ascii_lower_case(variable(name));
        if (value == "1" || value == "on" || value == "yes" || value == "true") return name;
        if (!value.empty()) return "";
    }
    return "";
}

HubOptions hub_options() {
    HubOptions options;
    options.endpoint = endpoint();
    options.token = token();
    need_a_folder();
    options.cache = model::hub_folder();
    options.offline = hub_offline();
    options.patience = patience();
    return options;
}

}  // namespace app
