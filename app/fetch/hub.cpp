#include "app/fetch/hub.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "app/fetch/digest.h"
#include "app/fetch/download.h"
#include "app/fetch/hub_api.h"
#include "app/fetch/hub_store.h"
#include "model/base/file.h"
#include "model/base/file_lock.h"
#include "model/base/json.h"
#include "model/load/hub_cache.h"
#include "model/load/shard_index.h"
#include "viz/paint/format.h"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t spare_room = 16 << 20;                             // that the disk keeps
constexpr uint64_t most_bytes = std::numeric_limits<int64_t>::max();  // of all files
constexpr int waiting_ms = 200;
constexpr std::string_view config_file = "config.json";
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
    HubStated stated;
    bool linked = false;  // the snapshot has it
    bool whole = false;   // its bytes are there, perhaps not in the snapshot
    bool shared = false;  // another file before it has the same bytes
};

class Fetch {
  public:
    Fetch(const std::string& name, const HubOptions& options, const FetchWatch& watch)
        : name_(name),
          options_(options),
          watch_(watch),
          hub_(name, options, watch.stop),
          store_(options.cache, name) {}

    fs::path run() {
        listing_ = hub_.list();
        check_config();
        find_weights();
        for (const char* file : text_files) {
            if (listing_.has(file) && std::string_view(file) != config_file) add(file);
        }
        // The weights make a snapshot one to be opened, so they come last.
        std::stable_partition(files_.begin(), files_.end(), [](const HubFile& file) {
            return file.name != weights_file && file.name != index_file;
        });
        plan();
        // Nothing was written before: what is refused leaves nothing in a cache that others share.
        const auto linked = [](const HubFile& file) { return file.linked; };
        if (!std::ranges::all_of(files_, linked)) store_.make_folders(listing_.commit);
        for (HubFile& file : files_) bring(file);
        for (const HubFile& file : files_) {
            if (!file.linked) store_.link(listing_.commit, file.name, file.stated.hash);
        }
        store_.set_main(listing_.commit);
        return store_.snapshot(listing_.commit);
    }

  private:
    // Refuses what cannot be opened anyway before anything large comes.
    void check_config() {
        if (!listing_.has(config_file)) {
            throw model::Error(name_ + ": has no config.json, so it is no model to be opened");
        }
        const auto config = read(std::string(config_file));
        if (model::is_gpt2(config)) return;
        const auto type = config.is_object() ? config.find("model_type") : config.end();
        throw model::Error(name_ + ": is " +
                           (type == config.end() ? "of no known kind" : model::shown(*type)) +
                           ", not GPT-2; only GPT-2 and its fine-tunes can be opened");
    }

    void find_weights() {
        if (listing_.has(weights_file)) {
            add(std::string(weights_file));
            return;
        }
        if (listing_.has(index_file)) {
            const std::string where = hub_.about(std::string(index_file));
            const std::vector<std::string> shards =
                model::shard_names(read(std::string(index_file)), where);
            if (shards.empty()) throw model::Error(where + ": names no shards");
            for (const std::string& shard : shards) {
                if (!is_file_name(shard) || !is_weights(shard)) {
                    throw model::Error(where + ": names " + model::shown(shard) +
                                       ", which is no name of a shard");
                }
                add(shard);
            }
            return;
        }
        for (const char* pickle : {"pytorch_model.bin", "pytorch_model.bin.index.json"}) {
            if (!listing_.has(pickle)) continue;
            throw model::Error(name_ + ": has only pickle weights (" + pickle +
                               "), which can run code and are not opened");
        }
        throw model::Error(name_ + ": has no model.safetensors");
    }

    // Asks what a file is. One that is there counts when it is what is stated: a link to what was
    // cut short or damaged, or a copy of it, is put right.
    HubFile& add(const std::string& name) {
        HubFile file{name, hub_.state(listing_.commit, name)};
        for (const HubFile& other : files_) {
            if (other.stated.hash != file.stated.hash) continue;
            if (other.stated.size != file.stated.size) {
                throw model::Error(hub_.about(name) + ": the server states the hash of " +
                                   other.name + " and another size; one of them is wrong");
            }
            file.shared = true;
        }
        file.linked = is_there(store_.snapshot(listing_.commit) / name, file);
        file.whole = file.linked || is_there(store_.blob(file.stated.hash), file);
        return files_.emplace_back(file);
    }

    // Of its size, and where that costs next to nothing, of its hash.
    static bool is_there(const fs::path& path, const HubFile& file) {
        std::error_code missing;
        if (fs::file_size(path, missing) != file.stated.size || missing) return false;
        if (is_weights(file.name)) return true;
        Digest digest(file.stated.hash, file.stated.size);
        digest.add(model::read_file(path));
        return digest.matches();
    }

    // A small file, before it is known whether its model is one to be fetched.
    nlohmann::json read(const std::string& name) {
        const HubFile& file = add(name);
        std::string text;
        if (file.linked) {
            text = model::read_file(store_.snapshot(listing_.commit) / name);
        } else if (file.whole) {
            text = model::read_file(store_.blob(file.stated.hash));
        } else {
            text = hub_.text(listing_.commit, name, file.stated);
        }
        return model::parse_json(text, hub_.about(name));
    }

    void plan() {
        FetchPlan plan;
        plan.files = files_.size();
        plan.folder = store_.snapshot(listing_.commit);
        for (const HubFile& file : files_) {
            if (file.shared) continue;
            const uint64_t size = file.stated.size;
            if (size > most_bytes - plan.bytes) {
                throw model::Error(name_ +
                                   ": the server states sizes of its files that cannot "
                                   "be right: together they fit on no disk");
            }
            plan.bytes += size;
            if (file.whole) {
                done_ += size;
                continue;
            }
            std::error_code none;
            const uint64_t part = fs::file_size(incomplete(store_.blob(file.stated.hash)), none);
            plan.missing += none || part > size ? size : size - part;
        }
        all_ = plan.bytes;
        if (watch_.planned) watch_.planned(plan);
        const uint64_t room = store_.room();
        if (plan.missing > 0 && (room < spare_room || room - spare_room < plan.missing)) {
            throw model::Error(options_.cache.string() + ": has " +
                               viz::file_size(static_cast<double>(room)) + " free, and " + name_ +
                               " needs " + viz::file_size(static_cast<double>(plan.missing)) +
                               "; make room, or set HF_HOME to a folder on another disk");
        }
    }

    void bring(HubFile& file) {
        if (file.whole || file.shared) return;
        const auto& [hash, size] = file.stated;
        const std::optional<model::FileLock> lock = wait_for_lock(hash);
        const fs::path blob = store_.blob(hash);
        // Another program may have brought it meanwhile.
        if (!is_there(blob, file)) {
            download(hub_.http(),
                     {hub_.about(file.name), hub_.url(listing_.commit, file.name), hash, size},
                     blob, [&](uint64_t have) { tell(have); });
        }
        file.whole = true;
        done_ += size;
        tell(0);
    }

    std::optional<model::FileLock> wait_for_lock(const std::string& hash) {
        bool told = false;
        while (true) {
            if (auto lock = model::FileLock::take(store_.lock(hash))) return lock;
            if (!told && watch_.waiting) watch_.waiting();
            told = true;
            hub_.http().pause(waiting_ms);
        }
    }

    void tell(uint64_t of_this_file) const {
        if (watch_.progress) watch_.progress(done_ + of_this_file, all_);
    }

    const std::string name_;
    const HubOptions& options_;
    const FetchWatch& watch_;
    HubApi hub_;
    HubStore store_;
    HubListing listing_;
    std::vector<HubFile> files_;   // those that are needed
    uint64_t done_ = 0, all_ = 0;  // bytes
};

}  // namespace

fs::path fetch_model(const std::string& name, const HubOptions& options, const FetchWatch& watch) {
    if (!model::is_hub_name(name)) {
        throw model::Error(name + ": is no model's name on the hub; that is NAME or OWNER/NAME");
    }
    if (!options.offline.empty()) {
        throw model::Error(name + ": " + options.offline +
                           " is set, so nothing is fetched; unset it first");
    }
    return Fetch(name, options, watch).run();
}

}  // namespace app
