#include "app/fetch/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "app/fetch/certificates.h"
#include "app/fetch/curl_trouble.h"
#include "app/fetch/sigpipe.h"
#include "app/fetch/url.h"
#include "model/base/ascii.h"
#include "model/base/json.h"

namespace app {

namespace {

constexpr int most_redirects = 8;
constexpr size_t most_error_bytes = 1 << 16;  // of an answer that nobody reads
constexpr size_t most_headers = 200;
constexpr int stop_interval_ms = 100;
constexpr long connect_seconds = 20;
constexpr long least_speed = 100;  // bytes a second
constexpr int short_answer = 4;    // times the patience: the longest that one may take

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    const size_t first = text.find_first_not_of(spaces);
    if (first == text.npos) return "";
    return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

}  // namespace

struct Http::Curl {
    CURL* easy = nullptr;
    CURLM* multi = nullptr;
    char detail[CURL_ERROR_SIZE] = "";

    Curl() {
        static std::once_flag once;
        std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        easy = curl_easy_init();
        multi = curl_multi_init();
        model::check(easy && multi, "libcurl starts");
    }
    ~Curl() {
        const NoSigpipe guard;  // TLS says goodbye
        curl_easy_cleanup(easy);
        curl_multi_cleanup(multi);
    }
    CURLcode transfer(const model::StopAsked& stop);
    Curl(const Curl&) = delete;
    Curl& operator=(const Curl&) = delete;
};

// One request, and what its answer does. Exceptions wait until curl, which knows none, is left.
struct Http::Exchange {
    bool head = false;
    bool is_short = true;  // has to be whole within some time
    uint64_t from = 0;
    std::function<void(const HttpReply&)> begin;
    std::function<void(std::string_view)> take;
    HttpReply reply;
    bool begun = false;
    size_t unread = 0;
    std::exception_ptr thrown;

    void take_header(std::string_view line) {
        if (line.starts_with("HTTP/")) reply.headers.clear();  // of "100 Continue" before
        const size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0 || reply.headers.size() >= most_headers)
            return;
        reply.headers[model::ascii_lower_case(line.substr(0, colon))] =
            trimmed(line.substr(colon + 1));
    }
    void start(CURL* easy) {
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply.status);
        if (begun || !reply.good()) return;
        begun = true;
        if (begin) begin(reply);
    }
    bool take_bytes(CURL* easy, std::string_view data) {
        start(easy);
        if (!reply.good()) return (unread += data.size()) <= most_error_bytes;
        if (take) take(data);
        return true;
    }
};

Http::Http(HttpOptions options, model::StopAsked stop)
    : options_(std::move(options)), stop_(std::move(stop)), curl_(std::make_unique<Curl>()) {}

Http::~Http() = default;

std::string HttpReply::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
}

bool Http::is_server(const std::string& url) const {
    const std::string origin = url_origin(url);
    return !origin.empty() && origin == url_origin(options_.server);
}

// What curl makes of the request that its handle describes. Ends early when it is asked to stop.
CURLcode Http::Curl::transfer(const model::StopAsked& stop) {
    const NoSigpipe guard;
    CURLMcode trouble = curl_multi_add_handle(multi, easy);
    bool stopped = false;
    for (int running = 1; trouble == CURLM_OK && running > 0 && !stopped;) {
        trouble = curl_multi_perform(multi, &running);
        if (trouble == CURLM_OK && running > 0)
            trouble = curl_multi_poll(multi, nullptr, 0, stop_interval_ms, nullptr);
        stopped = stop && stop();
    }
    CURLcode code = trouble == CURLM_OUT_OF_MEMORY ? CURLE_OUT_OF_MEMORY
                    : trouble == CURLM_OK          ? CURLE_OK
                                                   : CURLE_FAILED_INIT;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
        if (message->msg == CURLMSG_DONE && code == CURLE_OK) code = message->data.result;
    }
    curl_multi_remove_handle(multi, easy);
    return stopped ? CURLE_ABORTED_BY_CALLBACK : code;
}

void Http::perform(Exchange& exchange, const std::string& url) {
    CURL* easy = curl_->easy;
    curl_easy_reset(easy);  // the connection stays
    curl_->detail[0] = '\0';
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS, long{CURLPROTO_HTTP | CURLPROTO_HTTPS});
#endif
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "stepscope/" STEPSCOPE_VERSION);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // no waiting for names when asked to stop
#endif
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, curl_->detail);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, connect_seconds);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, least_speed);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, long{options_.patience});
    const long most_seconds = exchange.is_short ? long{options_.patience} * short_answer : 0;
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, most_seconds);  // 0: none
    curl_easy_setopt(easy, CURLOPT_NOBODY, exchange.head ? 1L : 0L);
    if (const std::string file = certificates(); !file.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, file.c_str());
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, file.c_str());
    }
    // Sizes are those of the file, not of something packed.
    curl_slist* headers = curl_slist_append(nullptr, "Accept-Encoding: identity");
    if (!options_.token.empty() && is_server(url)) {
        headers = curl_slist_append(headers, ("Authorization: Bearer " + options_.token).c_str());
    }
    if (exchange.from > 0) {
        const std::string range = "Range: bytes=" + std::to_string(exchange.from) + "-";
        headers = curl_slist_append(headers, range.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    struct Call {
        Exchange& exchange;
        CURL* easy;
    } call{exchange, easy};
    using Callback = size_t (*)(char*, size_t, size_t, void*);
    const Callback on_header = [](char* data, size_t, size_t size, void* to) -> size_t {
        Exchange& told = static_cast<Call*>(to)->exchange;
        try {
            told.take_header({data, size});
            return size;
        } catch (...) {
            told.thrown = std::current_exception();
            return 0;
        }
    };
    const Callback on_bytes = [](char* data, size_t, size_t size, void* to) -> size_t {
        Call& made = *static_cast<Call*>(to);
        try {
            return made.exchange.take_bytes(made.easy, {data, size}) ? size : 0;
        } catch (...) {
            made.exchange.thrown = std::current_exception();
            return 0;
        }
    };
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &call);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &call);

    const CURLcode code = curl_->transfer(stop_);
    curl_slist_free_all(headers);
    if (exchange.thrown) std::rethrow_exception(exchange.thrown);
    if (code == CURLE_ABORTED_BY_CALLBACK) throw model::Stopped{};
    if (code == CURLE_OPERATION_TIMEDOUT && exchange.is_short) {
        double seconds = 0;
        curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &seconds);
        // curl's clocks differ by some milliseconds.
        if (seconds >= 0.99 * static_cast<double>(most_seconds)) {
            throw NetworkError(url_host(url) + ": answers too slowly: not within " +
                                   std::to_string(most_seconds) + " seconds; try again later",
                               false);
        }
    }
    const bool unread = code == CURLE_WRITE_ERROR && exchange.unread > most_error_bytes;
    if (code != CURLE_OK && !unread) refuse_connection(code, url, curl_->detail);
    exchange.start(easy);  // an empty answer has called nobody
    curl_easy_reset(easy);
    exchange.reply.url = url;
}

HttpReply Http::follow(Exchange& exchange, std::string url, const std::string& until_header) {
    for (int i = 0; i <= most_redirects; ++i) {
        exchange.reply = {};
        exchange.unread = 0;
        perform(exchange, url);
        const HttpReply& reply = exchange.reply;
        const std::string location = reply.header("location");
        const bool redirects = reply.status >= 300 && reply.status < 400 && !location.empty();
        if (!redirects || !reply.header(until_header).empty()) return reply;
        const std::string next = url_joined(url, location);
        const std::string scheme = url_scheme(next);
        const bool safe = scheme == "https" || (scheme == "http" && url_scheme(url) == "http");
        if (next.empty() || !safe) {
            throw NetworkError(url_host(url) + ": leads to " + model::shown(location) +
                                   ", which is not followed: no https",
                               false);
        }
        url = next;
    }
    throw NetworkError(url_host(url) + ": leads from one address to the next without end", false);
}

HttpReply Http::head(const std::string& url, const std::string& until_header) {
    Exchange exchange;
    exchange.head = true;
    return follow(exchange, url, until_header);
}

HttpReply Http::text(const std::string& url, size_t most) {
    Exchange exchange;
    std::string body;
    exchange.take = [&](std::string_view bytes) {
        if (body.size() + bytes.size() > most) {
            throw NetworkError(url_host(url) + ": answers with more than can be right", false);
        }
        body += bytes;
    };
    HttpReply reply = follow(exchange, url, "");
    reply.body = std::move(body);
    return reply;
}

HttpReply Http::bytes(const std::string& url, uint64_t from,
                      const std::function<void(const HttpReply&)>& begin,
                      const std::function<void(std::string_view)>& take) {
    Exchange exchange;
    exchange.is_short = false;
    exchange.from = from;
    exchange.begin = begin;
    exchange.take = take;
    return follow(exchange, url, "");
}

void Http::check_stop() const {
    if (stop_ && stop_()) throw model::Stopped{};
}

void Http::pause(int milliseconds) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    while (std::chrono::steady_clock::now() < until) {
        check_stop();
        std::this_thread::sleep_for(std::chrono::milliseconds(stop_interval_ms / 2));
    }
}

}  // namespace app
