// What the hub answers about one model, checked: nothing of it is trusted before, as it becomes
// names of files and sizes on the disk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/fetch/http.h"
#include "app/fetch/hub_options.h"

namespace app {

// The commit that "main" is now, and its files.
struct HubListing {
    std::string commit;
    std::vector<std::string> files;

    bool has(std::string_view file) const;
};

// What is stated of a file.
struct HubStated {
    std::string hash;  // see Digest; names the blob
    uint64_t size = 0;
};

// Of a name, whether the file holds weights; any other is small.
bool is_weights(std::string_view file);
// May become the name of a file: the hub's hashes, commits and names of shards all may.
bool is_file_name(std::string_view text);

// All of them are asked again a few times where a server has trouble, and throw model::Stopped and
// model::Error that says what to do.
class HubApi {
  public:
    // `options` must outlive it.
    HubApi(const std::string& model, const HubOptions& options, model::StopAsked stop);

    Http& http() { return http_; }
    std::string about(const std::string& file) const { return model_ + ": " + file; }
    std::string url(const std::string& commit, const std::string& file) const;

    HubListing list();
    HubStated state(const std::string& commit, const std::string& file);
    // The bytes of a small file, which are those that are stated of it.
    std::string text(const std::string& commit, const std::string& file, const HubStated& stated);

  private:
    std::string page() const;  // where somebody reads about the model and its licence

    const std::string model_;
    const HubOptions& options_;
    Http http_;
};

}  // namespace app
