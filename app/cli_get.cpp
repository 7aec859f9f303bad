// The command get: a model from the hub into the cache, with what is said meanwhile.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "app/cli.h"
#include "app/cli_progress.h"
#include "app/hub.h"
#include "app/settings.h"
#include "model/error.h"
#include "model/hub_cache.h"
#include "viz/format.h"

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
        line_.show(bar(done, all) + "  " + part(done, all) + pace(done, all, now));
    }
    void clear() { line_.clear(); }

  private:
    static std::string part(uint64_t done, uint64_t all) {
        return viz::part_of_size(static_cast<double>(done), static_cast<double>(all));
    }
    static std::string bar(uint64_t done, uint64_t all) {
        constexpr uint64_t width = 30;
        const size_t full = all > 0 ? std::min(done * width / all, width) : width;
        return "[" + std::string(full, '#') + std::string(width - full, '-') + "]";
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
        const int tenths = all > 0 ? static_cast<int>(done * 10 / all) : 10;
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

bool is_cached(const std::string& name) {
    return std::ranges::any_of(model::cached_models(), [&](const model::FoundModel& found) {
        return found.name == name && found.problem.empty();
    });
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
        std::cerr << "to open it: stepscope --model " << name << "\n";
        std::printf("%s\n", folder.c_str());
        if (std::fflush(stdout) != 0) throw model::Error("stdout: cannot be written");
        return 0;
    } catch (const model::Stopped&) {
        transfer.clear();
        std::cerr << "stepscope: stopped; `stepscope get " << name << "` goes on from there\n";
        return interrupted;
    } catch (const model::Error& error) {
        transfer.clear();
        if (!is_cached(name)) throw;
        throw model::Error(std::string(error.what()) +
                           "; what the cache has of it can be opened: " + "stepscope --model " +
                           name);
    }
}

}  // namespace app
