#include "app/fetch/curl_trouble.h"

#include "app/fetch/http.h"
#include "app/fetch/proxy.h"
#include "app/fetch/url.h"

namespace app {

void refuse_connection(CURLcode code, const std::string& url, const std::string& detail) {
    const std::string host = url_host(url), proxy = proxy_of(url);
    // curl shows a proxy that it cannot use as it stands, with a password that is in it.
    const bool tells = !detail.empty() && (proxy.empty() || detail.find('@') == detail.npos);
    const std::string why =
        (tells ? detail : curl_easy_strerror(code)) + (proxy.empty() ? "" : "; through " + proxy);
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            throw NetworkError(host + ": cannot be found; is there a network? (" + why + ")", true);
        case CURLE_COULDNT_CONNECT:
            throw NetworkError(host + ": does not answer; is there a network? (" + why + ")", true);
        case CURLE_OPERATION_TIMEDOUT:
            throw NetworkError(host + ": nothing comes any more (" + why + ")", true);
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
            throw NetworkError(host + ": cannot prove that it is " + host + " (" + why +
                                   "); SSL_CERT_FILE names a file of certificates to trust",
                               false);
        case CURLE_UNSUPPORTED_PROTOCOL:  // an answer of HTTP/0.9, which anything at all would be
        case CURLE_WEIRD_SERVER_REPLY:
            throw NetworkError(host + ": does not answer as the hub does (" + why + ")", true);
        case CURLE_URL_MALFORMAT:
            throw NetworkError(host + ": has an address that cannot be right (" + why + ")", false);
        case CURLE_FAILED_INIT:
        case CURLE_OUT_OF_MEMORY:
            throw NetworkError(host + ": cannot be asked (" + why + "); is there memory left?",
                               false);
        default:
            throw NetworkError(host + ": the connection broke (" + why + ")", true);
    }
}

}  // namespace app
