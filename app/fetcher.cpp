#include "app/fetcher.h"

#include <chrono>
#include <new>
#include <utility>

#include "app/hub.h"
#include "model/error.h"

namespace app {

namespace {

constexpr auto between_news = std::chrono::milliseconds(150);

}  // namespace

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
    std::chrono::steady_clock::time_point told{};
    const FetchWatch watch = {
        [&](const FetchPlan& plan) {
            push({Kind::going,
                  name,
                  static_cast<double>(plan.bytes - plan.missing),
                  static_cast<double>(plan.bytes),
                  {}});
        },
        [&](uint64_t done, uint64_t all) {
            const auto now = std::chrono::steady_clock::now();
            if (now - told < between_news) return;
            told = now;
            push({Kind::going, name, static_cast<double>(done), static_cast<double>(all), {}});
        },
        {},
        [&] { return stop.stop_requested(); }};
    try {
        push({Kind::done, name, 0, 0, fetch_model(name, hub_options(), watch)});
    } catch (const model::Stopped&) {
        push({Kind::stopped, name, 0, 0, {}});
    } catch (const model::Error& error) {
        push({Kind::failed, name, 0, 0, {}, error.what()});
    } catch (const std::logic_error& bug) {
        push({Kind::failed,
              name,
              0,
              0,
              {},
              std::string("this is a bug in the program: ") + bug.what()});
    } catch (const std::bad_alloc&) {
        push({Kind::failed, name, 0, 0, {}, name + ": there is not enough memory to fetch it"});
    }
}

}  // namespace app
