#include "app/fetch/hub_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/file_set.h"
#include "model/load/hub_cache.h"

namespace app {

namespace fs = std::filesystem;

namespace {

void make(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) {
        throw model::Error(folder.string() + ": the folder cannot be made: " + failed.message());
    }
}

bool knows_no_links(const std::error_code& failed) {
    return failed == std::errc::operation_not_permitted ||
           failed == std::errc::operation_not_supported ||
           failed == std::errc::function_not_supported;
}

}  // namespace

HubStore::HubStore(fs::path cache, const std::string& model)
    : cache_(std::move(cache)),
      model_(cache_ / model::hub_folder_name(model)),
      locks_(cache_ / ".locks" / model::hub_folder_name(model)) {}

void HubStore::make_folders(const std::string& commit) const {
    for (const fs::path& folder : {model_ / "blobs", snapshot(commit), locks_}) make(folder);
}

fs::path HubStore::blob(const std::string& hash) const {
    return model_ / "blobs" / hash;
}

fs::path HubStore::lock(const std::string& hash) const {
    return locks_ / (hash + ".lock");
}

fs::path HubStore::snapshot(const std::string& commit) const {
    return model_ / "snapshots" / commit;
}

void HubStore::link(const std::string& commit, const std::string& file,
                    const std::string& hash) const {
    const fs::path target = snapshot(commit) / file;
    const fs::path made = target.string() + ".part" + std::to_string(getpid());
    std::error_code failed;
    fs::remove(made, failed);
    fs::create_symlink(fs::path("../../blobs") / hash, made, failed);
    if (failed && knows_no_links(failed)) {
        fs::copy_file(blob(hash), made, fs::copy_options::overwrite_existing, failed);
    }
    // Over what is there: a link that leads nowhere, or less than the file.
    if (!failed) fs::rename(made, target, failed);
    if (!failed) return;
    std::error_code ignored;
    fs::remove(made, ignored);
    throw model::Error(target.string() + ": cannot be made: " + failed.message());
}

void HubStore::set_main(const std::string& commit) const {
    const fs::path path = model_ / "refs/main";
    std::error_code failed;
    const fs::file_type type = fs::symlink_status(path, failed).type();
    if (type == fs::file_type::directory) {
        throw model::Error(path.string() +
                           ": is a folder where a file has to be; remove it and try again");
    }
    if (type == fs::file_type::regular) {
        if (model::read_file(path) == commit) return;
    } else if (type != fs::file_type::not_found) {
        // A pipe would wait for a reader, and a link leads elsewhere: neither is written through.
        fs::remove(path, failed);
        if (failed) {
            throw model::Error(path.string() + ": cannot be replaced: " + failed.message());
        }
    }
    make(path.parent_path());
    model::write_file(path, commit);
}

uint64_t HubStore::room() const {
    std::error_code failed;
    fs::path folder = fs::absolute(cache_, failed);
    while (!fs::exists(folder, failed) && folder.has_relative_path()) folder = folder.parent_path();
    const fs::space_info space = fs::space(folder, failed);
    return failed ? std::numeric_limits<uint64_t>::max() : space.available;
}

}  // namespace app
