#include "app/fetch/proxy.h"

#include <cstdlib>
#include <sstream>

#include "app/fetch/url.h"
#include "model/base/ascii.h"

namespace app {

namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

// no_proxy names hosts, and domains with all that is in them.
bool is_spared(const std::string& host) {
    std::string names = variable("no_proxy");
    if (names.empty()) names = variable("NO_PROXY");
    for (char& c : names) c = c == ',' ? ' ' : c;
    std::istringstream words(model::ascii_lower_case(names));
    for (std::string word; words >> word;) {
        if (word == "*") return true;
        if (word.front() == '.') word.erase(0, 1);
        if (host == word || host.ends_with("." + word)) return true;
    }
    return false;
}

}  // namespace

std::string proxy_of(const std::string& url) {
    if (is_spared(url_host(url))) return "";
    // Not HTTP_PROXY: a header of a request could set it where programs run as CGI.
    const bool secure = url_scheme(url) == "https";
    for (const char* name : {secure ? "https_proxy" : "http_proxy", secure ? "HTTPS_PROXY" : "",
                             "all_proxy", "ALL_PROXY"}) {
        const std::string value = *name ? variable(name) : "";
        if (value.empty()) continue;
        const bool has_scheme = value.find("://") != std::string::npos;
        const std::string host = url_host(has_scheme ? value : "http://" + value);
        return "the proxy " + (host.empty() ? "" : host + " ") + "that " + name + " names";
    }
    return "";
}

}  // namespace app
