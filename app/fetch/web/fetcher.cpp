// A page fetches no models: the folder of one is dropped on it.
#include "app/fetch/fetcher.h"

#include <utility>

namespace app {

bool can_fetch() {
    return false;
}

Fetcher::Fetcher(std::function<void()> wake) : wake_(std::move(wake)) {}

Fetcher::~Fetcher() = default;

void Fetcher::start(const std::string& name) {
    news_.push_back({.kind = FetchNews::Kind::failed,
                     .name = name,
                     .folder = {},
                     .error = name + ": drop the folder of a model on the page to open it"});
}

void Fetcher::stop() {}

std::vector<FetchNews> Fetcher::take() {
    return std::exchange(news_, {});
}

}  // namespace app
