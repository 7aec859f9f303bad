// The command get: a model from the hub into the cache, with what is said meanwhile.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "app/cli/cli.h"
#include "app/cli/ending.h"
#include "app/cli/progress.h"
#include "app/fetch/hub.h"
#include "app/run/settings.h"
#include "model/base/error.h"
#include "model/load/hub_cache.h"
#include "viz/paint/format.h"

namespace app {

namespace {

using Clock = std::chrono::steady_clock;

std::string size_of(uint64_t bytes) {
    return viz::file_size(static_cast<double>(bytes));
}

// Where somebody watches: a bar, rewritten a few times a second. Else a line for every tenth.
class Transfer {
  public:
    explicit Transfer(std::string name) : name_(std::move(name)) {}

    void show(uint64_t done, uint64_t all) {
        if (!isatty(STDERR_FILENO)) return show_tenths(done, all);
        const auto now = Clock::now();
        if (begin_ == Clock::time_point{}) {
            begin_ = now;
            at_begin_ = done;
        }
        if (done < all && now - shown_ < std::chrono::milliseconds(200)) return;
        shown_ = now;
        line_.show(fitting(done, all, pace(done, all, now)));
    }
    void clear() { line_.clear(); }

  private:
    static std::string part(uint64_t done, uint64_t all) {
        return viz::part_of_size(static_cast<double>(done), static_cast<double>(all));
    }
    static std::string bar(uint64_t done, uint64_t all, size_t width) {
        const double of_all = all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 1;
        const size_t full =
            std::min(width, static_cast<size_t>(of_all * static_cast<double>(width)));
        return "[" + std::string(full, '#') + std::string(width - full, '-') + "]";
    }
    // On one line of the terminal: a narrow one has a shorter bar, or goes without the pace, or
    // without the bar.
    static std::string fitting(uint64_t done, uint64_t all, const std::string& pace) {
        constexpr size_t longest = 30, shortest = 10, around = 4;  // "[", "]" and two spaces
        const auto columns = static_cast<size_t>(std::max(terminal_columns(), 0));
        const std::string text = part(done, all);
        for (const std::string& more : {text + pace, text}) {
            if (more.size() + around + shortest > columns) continue;
            const size_t width = std::min(longest, columns - more.size() - around);
            return bar(done, all, width) + "  " + more;
        }
        return text.substr(0, columns);
    }
    // ", 12 MB a second, 35 s left", once it can be told.
    std::string pace(uint64_t done, uint64_t all, Clock::time_point now) const {
        const double seconds = std::chrono::duration<double>(now - begin_).count();
        if (seconds < 1 || done <= at_begin_ || done >= all) return "";
        const double speed = static_cast<double>(done - at_begin_) / seconds;
        const double left = static_cast<double>(all - done) / speed;
        const std::string time =
            left < 90 ? viz::decimal(left, 0) + " s" : viz::decimal(left / 60, 0) + " min";
        return ", " + viz::file_size(speed) + " a second, " + time + " left";
    }
    void show_tenths(uint64_t done, uint64_t all) {
        const double of_all = all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 1;
        const int tenths = static_cast<int>(of_all * 10);
        if (tenths <= tenths_) return;
        if (tenths_ >= 0) std::cerr << name_ << ": " << part(done, all) << "\n";
        tenths_ = tenths;
    }

    std::string name_;
    ProgressLine line_;
    Clock::time_point begin_{}, shown_{};
    uint64_t at_begin_ = 0;
    int tenths_ = -1;  // that were told; -1: where it begins
};

// As a shell reads it back.
std::string shell_word(const std::string& text) {
    constexpr const char* plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%";
    if (text.find_first_not_of(plain) == text.npos) return text;
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
    return word + "'";
}

// How a model is opened: by its name, unless a folder here has the same one.
std::string how_to_open(const std::string& name, const std::filesystem::path& folder) {
    std::error_code ignored;
    const bool taken = std::filesystem::exists(name, ignored);
    return "stepscope --model " + (taken ? shell_word(folder.string()) : name);
}

// Where it lies; empty where the cache has nothing of it that can be opened.
std::filesystem::path cached(const std::string& name) {
    for (const model::FoundModel& found : model::cached_models()) {
        if (found.name == name && found.problem.empty()) return found.folder;
    }
    return {};
}

}  // namespace

int run_get(const Options& options) {
    const std::string& name = options.model;
    Interruptible interruptible;
    Transfer transfer(name);
    uint64_t missing = 0;
    const FetchWatch watch = {
        [&](const FetchPlan& plan) {
            missing = plan.missing;
            std::cerr << name << ": " << plan.files << " files, " << size_of(plan.bytes);
            if (missing == 0) {
                std::cerr << ", all in the cache already\n";
                return;
            }
            if (size_of(missing) != size_of(plan.bytes))
                std::cerr << ", of which " << size_of(missing) << " to come";
            std::cerr << ", to " << shortened(plan.folder) << "\n";
        },
        [&](uint64_t done, uint64_t all) {
            if (missing > 0) transfer.show(done, all);
        },
        [&] { std::cerr << name << ": another program fetches it just now; waiting for it\n"; },
        [&] { return interruptible.asked(); }};
    try {
        const std::filesystem::path folder = fetch_model(name, hub_options(), watch);
        transfer.clear();
        std::cerr << "to open it: " << how_to_open(name, folder) << "\n";
        std::printf("%s\n", folder.c_str());
        return 0;
    } catch (const model::Stopped&) {
        transfer.clear();
        std::cerr << "stepscope: stopped; `stepscope get " << name << "` goes on from there\n";
        return interrupted;
    } catch (const model::Error& error) {
        transfer.clear();
        const std::filesystem::path folder = cached(name);
        if (folder.empty()) throw;
        throw model::Error(
            std::string(error.what()) +
            "; what the cache has of it can be opened: " + how_to_open(name, folder));
    }
}

}  // namespace app
