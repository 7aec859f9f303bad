#include "app/fetch/fetcher.h"

#include <chrono>
#include <new>
#include <utility>

#include "app/fetch/hub.h"
#include "model/base/error.h"

namespace app {

namespace {

constexpr auto between_news = std::chrono::milliseconds(150);

}  // namespace

bool can_fetch() {
    return true;
}

Fetcher::Fetcher(std::function<void()> wake) : wake_(std::move(wake)) {}

Fetcher::~Fetcher() = default;

void Fetcher::start(const std::string& name) {
    if (running_.exchange(true)) return;
    thread_ = std::jthread([this, name](const std::stop_token& stop) { fetch(name, stop); });
}

void Fetcher::stop() {
    thread_.request_stop();
}

std::vector<FetchNews> Fetcher::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {});
}

void Fetcher::push(FetchNews news) {
    if (news.kind != FetchNews::Kind::going) running_ = false;
    {
        const std::lock_guard lock(mutex_);
        news_.push_back(std::move(news));
    }
    wake_();
}

void Fetcher::fetch(const std::string& name, const std::stop_token& stop) {
    using Kind = FetchNews::Kind;
    using Clock = std::chrono::steady_clock;
    double done = 0, all = 0, told = -1;
    bool waits = false;
    Clock::time_point when{};
    const auto tell = [&] {
        if (done == told || all == 0 || Clock::now() - when < between_news) return;
        when = Clock::now();
        told = done;
        push({Kind::going, name, done, all, {}, {}, waits});
    };
    const FetchWatch watch = {[&](const FetchPlan& plan) {
                                  all = static_cast<double>(plan.bytes);
                                  done = static_cast<double>(plan.bytes - plan.missing);
                                  tell();
                              },
                              [&](uint64_t have, uint64_t) {
                                  done = static_cast<double>(have);
                                  if (std::exchange(waits, false)) told = -1;
                                  tell();
                              },
                              [&] {
                                  waits = true;
                                  push({Kind::going, name, done, all, {}, {}, true});
                              },
                              [&] {
                                  tell();  // of a connection that has become silent too
                                  return stop.stop_requested();
                              }};
    try {
        push({Kind::done, name, 0, 0, fetch_model(name, hub_options(), watch)});
    } catch (const model::Stopped&) {
        push({Kind::stopped, name, 0, 0, {}});
    } catch (const model::Error& error) {
        push({Kind::failed, name, 0, 0, {}, error.what()});
    } catch (const std::bad_alloc&) {
        push({Kind::failed, name, 0, 0, {}, name + ": there is not enough memory to fetch it"});
    } catch (const std::exception& bug) {
        const std::string what = std::string("this is a bug in the program: ") + bug.what();
        push({Kind::failed, name, 0, 0, {}, what});
    }
}

}  // namespace app
