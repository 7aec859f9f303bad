#include "app/fetch/hub_api.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "app/fetch/attempts.h"
#include "app/fetch/digest.h"
#include "app/fetch/download.h"
#include "app/fetch/url.h"
#include "model/base/ascii.h"
#include "model/base/json.h"

namespace app {

namespace {

constexpr size_t most_listing = 16 << 20;  // bytes of the list of files
constexpr uint64_t most_text = 64 << 20;   // of a file that holds no weights
constexpr const char* other_hub = "is HF_ENDPOINT a hub of Hugging Face's kind?";

bool is_commit(const std::string& text) {
    return text.size() >= 7 && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

// W/"hash" and "hash" are the hash.
std::string bare(std::string etag) {
    if (etag.starts_with("W/")) etag.erase(0, 2);
    std::erase(etag, '"');
    return model::ascii_lower_case(etag);
}

// Whether bytes can be checked by it: the SHA-256 of weights, or that or a Git blob's SHA-1 of
// another file.
bool is_hash(const std::string& text, bool of_weights) {
    constexpr size_t sha1_digits = 40, sha256_digits = 64;
    return is_commit(text) &&
           (text.size() == sha256_digits || (!of_weights && text.size() == sha1_digits));
}

// Null where it is not JSON, or nests as no answer of the hub does.
nlohmann::json parsed(const std::string& text, const std::string& where) {
    try {
        return model::parse_json(text, where);
    } catch (const model::Error&) {
        return {};
    }
}

}  // namespace

bool HubListing::has(std::string_view file) const {
    return std::ranges::find(files, file) != files.end();
}

bool is_weights(std::string_view file) {
    return file.ends_with(".safetensors");
}

bool is_file_name(std::string_view text) {
    constexpr size_t longest = 128;
    return !text.empty() && text.size() <= longest && text.front() != '.' &&
           std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '.';
           });
}

HubApi::HubApi(const std::string& model, const HubOptions& options, model::StopAsked stop)
    : model_(model),
      options_(options),
      http_({options.endpoint, options.token, options.patience}, std::move(stop)) {}

std::string HubApi::page() const {
    return url_shown(options_.endpoint + "/" + model_);
}

std::string HubApi::url(const std::string& commit, const std::string& file) const {
    return options_.endpoint + "/" + model_ + "/resolve/" + commit + "/" + file;
}

HubListing HubApi::list() {
    const std::string url = options_.endpoint + "/api/models/" + model_ + "/revision/main";
    const HttpReply reply = ask_patiently(http_, [&] { return http_.text(url, most_listing); });
    if (!reply.good()) refuse(reply, model_, page());
    const auto object = parsed(reply.body, url);
    const auto has = [&](const char* key) { return object.is_object() && object.contains(key); };
    HubListing listing;
    if (has("sha") && object["sha"].is_string()) listing.commit = object["sha"];
    if (!is_commit(listing.commit) || !has("siblings") || !object["siblings"].is_array()) {
        throw model::Error(model_ + ": " + url_host(url) +
                           " does not answer as the hub does; does the network want a login, "
                           "or is HF_ENDPOINT wrong?");
    }
    for (const auto& sibling : object["siblings"]) {
        if (!sibling.is_object() || !sibling.contains("rfilename")) continue;
        if (sibling["rfilename"].is_string()) listing.files.push_back(sibling["rfilename"]);
    }
    return listing;
}

HubStated HubApi::state(const std::string& commit, const std::string& file) {
    const HttpReply reply =
        ask_patiently(http_, [&] { return http_.head(url(commit, file), "x-linked-etag"); });
    HubStated stated;
    std::string hash = reply.header("x-linked-etag");
    if (hash.empty() && !reply.good()) refuse(reply, about(file), page());
    if (hash.empty()) hash = reply.header("etag");
    stated.hash = bare(hash);
    std::string size = reply.header("x-linked-size");
    if (size.empty() && reply.good()) size = reply.header("content-length");
    const char* end = size.data() + size.size();
    const auto [at, bad] = std::from_chars(size.data(), end, stated.size);
    const bool weights = is_weights(file);
    const bool impossible =
        bad == std::errc::result_out_of_range || stated.size > std::numeric_limits<int64_t>::max();
    if (!impossible && (size.empty() || bad != std::errc() || at != end)) {
        throw model::Error(about(file) + ": the server does not state its size; " + other_hub);
    }
    if (!is_hash(stated.hash, weights)) {
        throw model::Error(about(file) +
                           ": the server does not state its hash, so that nothing that comes "
                           "could be checked; " +
                           other_hub);
    }
    const std::string sent = reply.header("x-repo-commit");
    if (!sent.empty() && sent != commit) {
        throw model::Error(about(file) + ": the server sends another version than was asked for");
    }
    if (impossible || (!weights && stated.size > most_text)) {
        throw model::Error(about(file) + ": the server states that it has " + model::shown(size) +
                           " bytes, which cannot be right");
    }
    return stated;
}

std::string HubApi::text(const std::string& commit, const std::string& file,
                         const HubStated& stated) {
    const HttpReply reply = ask_patiently(
        http_, [&] { return http_.text(url(commit, file), static_cast<size_t>(stated.size)); });
    if (!reply.good()) refuse(reply, about(file), page());
    Digest digest(stated.hash, stated.size);
    digest.add(reply.body);
    if (reply.body.size() != stated.size || !digest.matches()) {
        throw model::Error(about(file) +
                           ": what came is not what the server states, in size or hash; nothing "
                           "was kept; try again");
    }
    return reply.body;
}

}  // namespace app
