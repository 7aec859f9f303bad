// Requests over HTTP, by libcurl. Nothing else in the program uses the network, and this only while
// a model is fetched that somebody asked for.
//
// Redirects are followed here, one request each, to http and https only and never from https to
// http: so the token stays with the server that it is for.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "model/base/error.h"
#include "model/pass/transformer.h"

namespace app {

// A server could not be asked, or its answer broke off.
class NetworkError : public model::Error {
  public:
    NetworkError(const std::string& what, bool passing) : Error(what), passing_(passing) {}
    bool passing() const { return passing_; }  // another try may do better

  private:
    bool passing_;
};

struct HttpReply {
    long status = 0;
    std::string url;                             // that answered, after redirects
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;                            // of text()

    // "" where there is none.
    std::string header(const std::string& name) const;
    bool good() const { return status >= 200 && status < 300; }
};

struct HttpOptions {
    std::string server;  // "https://huggingface.co": the token goes to this one alone
    std::string token;   // empty: none
    // Seconds without a byte until a connection counts as broken. What is no file has to be there
    // within four times as many, however slowly it comes.
    int patience = 30;
};

// All of them throw NetworkError, and model::Stopped when `stop` asks for it.
class Http {
  public:
    Http(HttpOptions options, model::StopAsked stop);
    ~Http();
    Http(const Http&) = delete;
    Http& operator=(const Http&) = delete;

    // Where an answer has one of these headers, it is the answer, though it may redirect.
    HttpReply head(const std::string& url, const std::string& until_header);
    // An answer of at most `most` bytes.
    HttpReply text(const std::string& url, size_t most);
    // The file from byte `from` on. `begin` is told of a good answer before its bytes come; an
    // answer that is not good has none.
    HttpReply bytes(const std::string& url, uint64_t from,
                    const std::function<void(const HttpReply&)>& begin,
                    const std::function<void(std::string_view)>& take);
    // For a while, unless asked to stop.
    void pause(int milliseconds) const;
    void check_stop() const;

  private:
    struct Exchange;
    struct Curl;
    HttpReply follow(Exchange& exchange, std::string url, const std::string& until_header);
    void perform(Exchange& exchange, const std::string& url);
    bool is_server(const std::string& url) const;

    HttpOptions options_;
    model::StopAsked stop_;
    std::unique_ptr<Curl> curl_;
};

}  // namespace app
