#include "app/fetch/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "model/base/ascii.h"

namespace app {

namespace {

class Url {
  public:
    explicit Url(const std::string& text) { set(text); }

    void set(const std::string& text) {
        good_ = good_ && curl_url_set(url_.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
    }
    void remove(CURLUPart which) {
        good_ = good_ && curl_url_set(url_.get(), which, nullptr, 0) == CURLUE_OK;
    }
    std::string part(CURLUPart which, unsigned flags = 0) const {
        char* text = nullptr;
        if (!good_ || curl_url_get(url_.get(), which, &text, flags) != CURLUE_OK) return "";
        std::string copy(text);
        curl_free(text);
        return copy;
    }

  private:
    std::unique_ptr<CURLU, void (*)(CURLU*)> url_{curl_url(), curl_url_cleanup};
    bool good_ = true;
};

}  // namespace

std::string url_scheme(const std::string& url) {
    return model::ascii_lower_case(Url(url).part(CURLUPART_SCHEME));
}

std::string url_host(const std::string& url) {
    return model::ascii_lower_case(Url(url).part(CURLUPART_HOST));
}

std::string url_shown(const std::string& url) {
    Url shown(url);
    shown.remove(CURLUPART_USER);
    shown.remove(CURLUPART_PASSWORD);
    return shown.part(CURLUPART_URL);
}

std::string url_problem(const std::string& text) {
    if (std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c == 127; })) {
        return "has a space, a line break or another such character in it";
    }
    const Url url(text);
    const std::string scheme = model::ascii_lower_case(url.part(CURLUPART_SCHEME));
    if ((scheme != "http" && scheme != "https") ||
        !model::ascii_lower_case(text).starts_with(scheme + "://") ||
        url.part(CURLUPART_HOST).empty()) {
        return "is no address like https://huggingface.co";
    }
    if (url.part(CURLUPART_PORT) == "0") return "has no port that can be";
    if (text.find_first_of("?#") != std::string::npos) {
        return "is more than a server's address: leave out what begins with ? or #";
    }
    return "";
}

std::string url_origin(const std::string& url) {
    const std::string host = url_host(url);
    if (host.empty()) return "";
    return url_scheme(url) + "://" + host + ":" + Url(url).part(CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

std::string url_joined(const std::string& url, const std::string& location) {
    Url joined(url);
    joined.set(location);
    return joined.part(CURLUPART_URL);
}

}  // namespace app
