#include "app/download.h"

#include <algorithm>
#include <charconv>

#include "app/attempts.h"
#include "app/digest.h"
#include "app/part_file.h"
#include "viz/format.h"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr long partial_content = 206, no_such_range = 416, too_many_requests = 429;

uint64_t number(std::string_view text) {
    uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// "bytes 100-199/200" begins at 100.
bool begins_at(const std::string& content_range, uint64_t from) {
    constexpr std::string_view unit = "bytes ";
    if (!content_range.starts_with(unit)) return false;
    return number(std::string_view(content_range).substr(unit.size())) == from;
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

    // An answer comes. The first `known` bytes of it are there already and are passed over: what
    // there is of an earlier answer is given up only when the hash says so.
    void begin_answer(uint64_t known) {
        before_ = part_.size();
        passed_over_ = known;
    }
    void append(std::string_view bytes) {
        const size_t known = std::min<uint64_t>(passed_over_, bytes.size());
        passed_over_ -= known;
        bytes.remove_prefix(known);
        if (bytes.size() > wanted_.size - part_.size()) {
            part_.cut(before_);
            refuse_size("more");
        }
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
    uint64_t before_ = 0, passed_over_ = 0;  // of the answer that comes
};

// Checks a good answer before its bytes are taken: the part stays as it is where they are not.
void begin(Growing& file, const HttpReply& reply, const Wanted& wanted) {
    const bool partial = reply.status == partial_content;
    if (partial && !begins_at(reply.header("content-range"), file.size())) {
        throw NetworkError(wanted.what + ": the server sends another part of the file", true);
    }
    const uint64_t missing = partial ? wanted.size - file.size() : wanted.size;
    const std::string length = reply.header("content-length");
    if (!length.empty() && number(length) != missing) {
        file.refuse_size(number(length) > missing ? "more" : "less");
    }
    file.begin_answer(partial ? 0 : file.size());
}

// One request. Throws NetworkError where another may do better.
void receive(Http& http, Growing& file, const Wanted& wanted) {
    const HttpReply reply = http.bytes(
        wanted.url, file.size(), [&](const HttpReply& good) { begin(file, good, wanted); },
        [&](std::string_view bytes) { file.append(bytes); });
    if (reply.good()) return;
    if (reply.status == no_such_range && file.size() > 0) {
        file.begin_again();
        throw NetworkError(wanted.what + ": the server does not go on from there", true);
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
    for (Attempts attempts(http); !file.whole();) {
        std::string why = "the connection broke";
        try {
            receive(http, file, wanted);
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
