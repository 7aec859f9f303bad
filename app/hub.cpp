#include "app/hub.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "app/download.h"
#include "app/http.h"
#include "app/hub_store.h"
#include "model/file.h"
#include "model/hub_cache.h"
#include "model/json_file.h"
#include "viz/format.h"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr size_t most_listing = 16 << 20;  // bytes of the list of files
constexpr uint64_t most_text = 64 << 20;   // of a file that holds no weights
constexpr uint64_t spare_room = 16 << 20;  // that the disk keeps
constexpr int waiting_ms = 200;
constexpr std::string_view weights_file = "model.safetensors";
constexpr std::string_view index_file = "model.safetensors.index.json";

// Beside the weights; config.json must be there.
constexpr const char* text_files[] = {"config.json",
                                      "generation_config.json",
                                      "tokenizer.json",
                                      "tokenizer_config.json",
                                      "vocab.json",
                                      "merges.txt",
                                      "special_tokens_map.json",
                                      "added_tokens.json"};

// A file of the snapshot.
struct HubFile {
    std::string name;
    std::string hash;  // names the blob; "" for one that the snapshot has
    uint64_t size = 0;
    bool whole = false;
};

// May become the name of a file: the hub's hashes, commits and names of shards all may.
bool is_file_name(std::string_view text) {
    constexpr size_t longest = 128;
    return !text.empty() && text.size() <= longest && text.front() != '.' &&
           std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '.';
           });
}

bool is_commit(const std::string& text) {
    return text.size() >= 7 && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

// W/"hash" and "hash" are the hash.
std::string bare(std::string etag) {
    if (etag.starts_with("W/")) etag.erase(0, 2);
    std::erase(etag, '"');
    return etag;
}

class Fetch {
  public:
    Fetch(const std::string& name, const HubOptions& options, const FetchWatch& watch)
        : name_(name),
          options_(options),
          watch_(watch),
          http_({options.endpoint, options.token, options.patience}, watch.stop),
          store_(options.cache, name) {}

    fs::path run() {
        list();
        store_.make_folders(commit_);
        check_config();
        find_weights();
        for (const char* file : text_files) {
            if (lists(file) && std::string_view(file) != "config.json") add(file);
        }
        // The weights make a snapshot one to be opened, so they come last.
        std::ranges::stable_partition(files_, [](const HubFile& file) {
            return file.name != weights_file && file.name != index_file;
        });
        plan();
        for (HubFile& file : files_) bring(file);
        for (const HubFile& file : files_) {
            if (!file.hash.empty()) store_.link(commit_, file.name, file.hash);
        }
        store_.set_main(commit_);
        return store_.snapshot(commit_);
    }

  private:
    std::string about(const std::string& file) const { return name_ + ": " + file; }
    bool lists(std::string_view file) const {
        return std::ranges::find(listed_, file) != listed_.end();
    }
    std::string page() const { return options_.endpoint + "/" + name_; }

    // The commit that "main" is now, and its files.
    void list() {
        const std::string url = options_.endpoint + "/api/models/" + name_ + "/revision/main";
        const HttpReply reply = http_.text(url, most_listing);
        if (!reply.good()) refuse(reply, name_, page());
        const auto object = nlohmann::json::parse(reply.body, nullptr, false);
        const auto has = [&](const char* key) {
            return object.is_object() && object.contains(key);
        };
        if (has("sha") && object["sha"].is_string()) commit_ = object["sha"];
        if (!is_commit(commit_) || !has("siblings") || !object["siblings"].is_array()) {
            throw model::Error(name_ + ": " + options_.endpoint +
                               " does not answer as the hub does; does the network want a login, "
                               "or is HF_ENDPOINT wrong?");
        }
        for (const auto& sibling : object["siblings"]) {
            if (!sibling.is_object() || !sibling.contains("rfilename")) continue;
            if (sibling["rfilename"].is_string()) listed_.push_back(sibling["rfilename"]);
        }
    }

    // Refuses what cannot be opened anyway before anything large comes.
    void check_config() {
        if (!lists("config.json")) {
            throw model::Error(name_ + ": has no config.json, so it is no model to be opened");
        }
        const auto config = read("config.json");
        const auto type = config.is_object() ? config.find("model_type") : config.end();
        if (!config.is_object() || type == config.end() || *type != "gpt2") {
            const std::string found = config.is_object() && type != config.end()
                                          ? model::shown(*type)
                                          : "of no known kind";
            throw model::Error(name_ + ": is " + found +
                               ", not GPT-2; only GPT-2 and its fine-tunes can be opened");
        }
    }

    void find_weights() {
        if (lists(weights_file)) {
            add(std::string(weights_file));
            return;
        }
        if (lists(index_file)) {
            const std::string where = about(std::string(index_file));
            for (const std::string& shard :
                 model::shard_names(read(std::string(index_file)), where)) {
                if (!is_file_name(shard) || !shard.ends_with(".safetensors")) {
                    throw model::Error(where + ": names " + model::shown(shard) +
                                       ", which is no name of a shard");
                }
                add(shard);
            }
            return;
        }
        for (const char* pickle : {"pytorch_model.bin", "pytorch_model.bin.index.json"}) {
            if (!lists(pickle)) continue;
            throw model::Error(name_ + ": has only pickle weights (" + pickle +
                               "), which can run code and are not opened");
        }
        throw model::Error(name_ + ": has no model.safetensors");
    }

    // Asks what a file is, unless the snapshot has it.
    HubFile& add(const std::string& name) {
        HubFile& file = files_.emplace_back();
        file.name = name;
        if (store_.has(commit_, name)) {
            std::error_code ignored;
            file.size = fs::file_size(store_.snapshot(commit_) / name, ignored);
            file.whole = true;
            return file;
        }
        const HttpReply reply = http_.head(url(name), "x-linked-etag");
        std::string hash = reply.header("x-linked-etag");
        if (hash.empty() && !reply.good()) refuse(reply, about(name), page());
        if (hash.empty()) hash = reply.header("etag");
        file.hash = bare(hash);
        std::string size = reply.header("x-linked-size");
        if (size.empty() && reply.good()) size = reply.header("content-length");
        const char* end = size.data() + size.size();
        const auto [at, bad] = std::from_chars(size.data(), end, file.size);
        if (size.empty() || bad != std::errc() || at != end || !is_file_name(file.hash)) {
            throw model::Error(about(name) + ": the server does not state its size and its hash");
        }
        const std::string commit = reply.header("x-repo-commit");
        if (!commit.empty() && commit != commit_) {
            throw model::Error(about(name) +
                               ": the server sends another version than was asked for");
        }
        if (!name.ends_with(".safetensors") && file.size > most_text) {
            throw model::Error(about(name) + ": has " +
                               viz::file_size(static_cast<double>(file.size)) +
                               ", which cannot be right");
        }
        std::error_code missing;
        file.whole = fs::file_size(store_.blob(file.hash), missing) == file.size && !missing;
        return file;
    }

    std::string url(const std::string& file) const {
        return options_.endpoint + "/" + name_ + "/resolve/" + commit_ + "/" + file;
    }

    // A small file, which is fetched for it.
    nlohmann::json read(const std::string& name) {
        HubFile& file = add(name);
        bring(file);
        const fs::path path =
            file.hash.empty() ? store_.snapshot(commit_) / name : store_.blob(file.hash);
        return model::parse_json(model::read_file(path), about(name));
    }

    void plan() {
        FetchPlan plan;
        plan.files = files_.size();
        plan.folder = store_.snapshot(commit_);
        for (const HubFile& file : files_) {
            plan.bytes += file.size;
            if (file.whole) {
                done_ += file.size;
                continue;
            }
            std::error_code none;
            const uint64_t part = fs::file_size(incomplete(store_.blob(file.hash)), none);
            plan.missing += none || part > file.size ? file.size : file.size - part;
        }
        all_ = plan.bytes;
        if (watch_.planned) watch_.planned(plan);
        const uint64_t room = store_.room();
        if (plan.missing > 0 && room < plan.missing + spare_room) {
            throw model::Error(options_.cache.string() + ": has " +
                               viz::file_size(static_cast<double>(room)) + " free, and " + name_ +
                               " needs " + viz::file_size(static_cast<double>(plan.missing)) +
                               "; make room, or set HF_HOME to a folder on another disk");
        }
    }

    void bring(HubFile& file) {
        if (file.whole) return;
        const std::optional<FileLock> lock = wait_for_lock(file.hash);
        std::error_code missing;
        const fs::path blob = store_.blob(file.hash);
        // Another program may have brought it meanwhile.
        if (fs::file_size(blob, missing) != file.size || missing) {
            download(http_, {about(file.name), url(file.name), file.hash, file.size}, blob,
                     [&](uint64_t have) { tell(have); });
        }
        file.whole = true;
        if (all_ > 0) done_ += file.size;
        tell(0);
    }

    std::optional<FileLock> wait_for_lock(const std::string& hash) {
        bool told = false;
        while (true) {
            if (auto lock = FileLock::take(store_.lock(hash))) return lock;
            if (!told && watch_.waiting) watch_.waiting();
            told = true;
            http_.pause(waiting_ms);
        }
    }

    void tell(uint64_t of_this_file) const {
        if (all_ > 0 && watch_.progress) watch_.progress(done_ + of_this_file, all_);
    }

    const std::string name_;
    const HubOptions& options_;
    const FetchWatch& watch_;
    Http http_;
    HubStore store_;
    std::string commit_;
    std::vector<std::string> listed_;  // all files of the commit
    std::vector<HubFile> files_;       // those that are needed
    uint64_t done_ = 0, all_ = 0;      // bytes; all = 0: not planned yet
};

}  // namespace

fs::path fetch_model(const std::string& name, const HubOptions& options, const FetchWatch& watch) {
    if (!model::is_hub_name(name)) {
        throw model::Error(name + ": is no model's name on the hub; that is NAME or OWNER/NAME");
    }
    if (options.offline) {
        throw model::Error(name + ": HF_HUB_OFFLINE is set, so nothing is fetched; unset it first");
    }
    return Fetch(name, options, watch).run();
}

}  // namespace app
