#include "app/fetch/download.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "app/fetch/attempts.h"
#include "app/fetch/digest.h"
#include "app/fetch/part_file.h"
#include "app/fetch/url.h"
#include "viz/paint/format.h"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr long okay = 200, partial_content = 206, forbidden = 403, no_such_range = 416,
               too_many_requests = 429;

std::optional<uint64_t> number(std::string_view text) {
    uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [at, bad] = std::from_chars(text.data(), end, value);
    if (bad != std::errc() || at != end) return std::nullopt;
    return value;
}

// "bytes 100-149/200" of a file of 200 bytes are 50 from 100 on; none where that is not so. A
// server may send less than was asked for.
std::optional<uint64_t> length_of_part(std::string_view content_range, uint64_t from,
                                       uint64_t size) {
    constexpr std::string_view unit = "bytes ";
    const size_t dash = content_range.find('-'), slash = content_range.find('/');
    if (!content_range.starts_with(unit) || dash == content_range.npos ||
        slash == content_range.npos || slash < dash) {
        return std::nullopt;
    }
    const auto first = number(content_range.substr(unit.size(), dash - unit.size()));
    const auto last = number(content_range.substr(dash + 1, slash - dash - 1));
    const std::string_view all = content_range.substr(slash + 1);
    if (first != from || !last || *last < from || *last >= size) return std::nullopt;
    if (all != "*" && number(all) != size) return std::nullopt;
    return *last - from + 1;
}

// An incomplete file while it grows, and the hash of what is in it.
class Growing {
  public:
    Growing(const Http& http, const Wanted& wanted, const fs::path& target,
            std::function<void(uint64_t)> tell)
        : wanted_(wanted), tell_(std::move(tell)), part_(incomplete(target)), digest_(fresh()) {
        if (part_.size() > wanted.size) part_.cut(0);
        part_.read([&](std::string_view bytes) {
            http.check_stop();
            digest_.add(bytes);
        });
        tell_(part_.size());
    }

    uint64_t size() const { return part_.size(); }
    bool whole() const { return part_.size() == wanted_.size; }

    // An answer of at most `length` bytes comes. The first `known` of them are there already and
    // are passed over: what there is of an earlier answer is given up only when the hash says so.
    void begin_answer(uint64_t known, uint64_t length) {
        before_ = part_.size();
        passed_over_ = known;
        to_come_ = length - known;
    }
    void append(std::string_view bytes) {
        const size_t known = std::min<uint64_t>(passed_over_, bytes.size());
        passed_over_ -= known;
        bytes.remove_prefix(known);
        if (bytes.size() > to_come_) {
            part_.cut(before_);
            refuse_size("more");
        }
        to_come_ -= bytes.size();
        part_.append(bytes);
        digest_.add(bytes);
        tell_(part_.size());
    }
    // What is there is no good.
    void begin_again() {
        part_.cut(0);
        digest_ = fresh();
        tell_(0);
    }
    // The answer is not the file; nothing of it is there.
    [[noreturn]] void refuse_size(const std::string& which) {
        if (part_.size() == 0) part_.remove();
        throw model::Error(wanted_.what + ": the server sends " + which + " than the " +
                           std::to_string(wanted_.size) +
                           " bytes that it states; nothing of that was kept; does the network "
                           "want a login? Try again later");
    }
    bool matches() { return digest_.matches(); }
    void finish(const fs::path& target) { part_.finish(target); }
    void remove() { part_.remove(); }

  private:
    Digest fresh() const { return {wanted_.hash, wanted_.size}; }

    const Wanted& wanted_;
    std::function<void(uint64_t)> tell_;
    PartFile part_;
    Digest digest_;
    uint64_t before_ = 0, passed_over_ = 0, to_come_ = 0;  // of the answer that comes
};

// How the file is asked for.
struct Asking {
    uint64_t from = 0;
    bool whole = false;  // the server does not go on where we are: from its beginning
    bool anew = false;   // an address that holds for a while only did not hold
};

// Checks a good answer before its bytes are taken: the part stays as it is where they are not.
void begin(Growing& file, const HttpReply& reply, const Wanted& wanted, Asking& asking) {
    const bool partial = reply.status == partial_content;
    if (!partial && reply.status != okay) {
        throw NetworkError(wanted.what + ": the server answers without the file (status " +
                               std::to_string(reply.status) + ")",
                           true);
    }
    uint64_t comes = wanted.size;
    if (partial) {
        const auto part = length_of_part(reply.header("content-range"), asking.from, wanted.size);
        if (!part) {
            asking.whole = true;
            throw NetworkError(wanted.what + ": the server sends another part of the file", true);
        }
        comes = *part;
    }
    const std::string length = reply.header("content-length");
    if (const auto stated = number(length); !length.empty() && stated != comes) {
        file.refuse_size(stated < comes ? "less" : "more");
    }
    const uint64_t known = file.size() - (partial ? asking.from : 0);
    file.begin_answer(std::min(known, comes), comes);
}

// One request. Throws NetworkError where another may do better.
void receive(Http& http, Growing& file, const Wanted& wanted, Asking& asking) {
    asking.from = asking.whole ? 0 : file.size();
    const HttpReply reply = http.bytes(
        wanted.url, asking.from, [&](const HttpReply& good) { begin(file, good, wanted, asking); },
        [&](std::string_view bytes) { file.append(bytes); });
    if (reply.good()) return;
    if (reply.status == no_such_range && file.size() > 0) {
        asking.whole = true;
        throw NetworkError(wanted.what + ": the server does not go on from there", true);
    }
    if (reply.status == forbidden && url_origin(reply.url) != url_origin(wanted.url)) {
        // The hub leads to an address that holds for a while only; each request asks for a new one.
        const bool again = !std::exchange(asking.anew, true);
        throw NetworkError(wanted.what + ": " + url_host(reply.url) +
                               ", where the hub keeps it, does not give it out (status 403); "
                               "what came is kept; try again later",
                           again);
    }
    if (is_passing(reply.status)) {
        throw NetworkError(
            wanted.what + ": the server has trouble (status " + std::to_string(reply.status) + ")",
            true);
    }
    refuse(reply, wanted.what, "");
}

void receive_all(Http& http, Growing& file, const Wanted& wanted) {
    uint64_t most = file.size();
    Asking asking;
    for (Attempts attempts(http); !file.whole();) {
        std::string why = "the connection broke";
        try {
            receive(http, file, wanted, asking);
            if (file.size() > most) {  // a part of it, as a server may send
                most = file.size();
                attempts.came();
                continue;
            }
        } catch (const NetworkError& error) {
            if (!error.passing()) throw;
            why = error.what();
        }
        if (file.whole()) return;
        if (file.size() > most) attempts.came();
        most = std::max(most, file.size());
        if (!attempts.again()) {
            const auto size = static_cast<double>(wanted.size);
            throw model::Error(why + "; " +
                               viz::part_of_size(static_cast<double>(file.size()), size) +
                               " of the file are there, and the next attempt goes on from them");
        }
    }
}

}  // namespace

fs::path incomplete(const fs::path& target) {
    return target.string() + ".incomplete";
}

void download(Http& http, const Wanted& wanted, const fs::path& target,
              const std::function<void(uint64_t)>& tell) {
    Growing file(http, wanted, target, tell);
    for (bool resumed = file.size() > 0;; resumed = false) {
        receive_all(http, file, wanted);
        if (file.matches()) return file.finish(target);
        if (!resumed) break;
        file.begin_again();  // perhaps what lay there was damaged: once more, all of it
    }
    file.remove();
    throw model::Error(wanted.what +
                       ": what came is not what the server states, its hash is "
                       "another; nothing was kept; try again");
}

void refuse(const HttpReply& reply, const std::string& what, const std::string& page) {
    const std::string licence = page.empty() ? "the model's page" : page;
    const std::string code = reply.header("x-error-code");
    switch (reply.status) {
        case 401:
            if (code == "GatedRepo") break;
            throw model::Error(what +
                               ": there is no such model, or it is not open to everybody; "
                               "check the name, or set HF_TOKEN to a token that may read it");
        case 403:
            break;
        case 404:
            throw model::Error(what +
                               ": the hub has nothing of that name; check the spelling "
                               "(OWNER/NAME, as on the model's page)");
        case too_many_requests:
            throw model::Error(what +
                               ": the server is asked too often; wait some minutes, or set "
                               "HF_TOKEN");
        default:
            throw model::Error(what + ": the server has trouble (status " +
                               std::to_string(reply.status) + "); try again later");
    }
    throw model::Error(what + ": access is not granted; accept the licence at " + licence +
                       " and set HF_TOKEN to a token of that account");
}

}  // namespace app
