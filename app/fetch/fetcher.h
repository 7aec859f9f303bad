// Fetches a model for the window, on a thread of its own: stepping goes on meanwhile. News come out
// as immutable values; neither side waits for the other.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace app {

// How far it is, or how it ended.
struct FetchNews {
    enum class Kind { going, done, stopped, failed };

    Kind kind = Kind::going;
    std::string name;
    double done = 0, all = 0;      // bytes; all = 0: not known yet
    std::filesystem::path folder;  // done: what is to be opened
    std::string error = {};        // failed: one line
    bool waits = false;            // for another program that fetches the same file
};

// Whether models can be fetched here at all.
bool can_fetch();

class Fetcher {
  public:
    // `wake` is called on the thread after news.
    explicit Fetcher(std::function<void()> wake);
    // Stops; what came stays for the next attempt.
    ~Fetcher();

    // One at a time: nothing happens while one is fetched.
    void start(const std::string& name);
    void stop();
    std::vector<FetchNews> take();

  private:
    void fetch(const std::string& name, const std::stop_token& stop);
    void push(FetchNews news);

    std::function<void()> wake_;
    std::mutex mutex_;
    std::vector<FetchNews> news_;
    std::atomic<bool> running_ = false;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace app
