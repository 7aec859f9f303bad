#include "model/pass/detail_store.h"

#include <algorithm>
#include <utility>

#include "model/pass/kv_cache.h"
#include "model/pass/transformer.h"

namespace model {

DetailStore::DetailStore(std::shared_ptr<const Model> model, size_t budget)
    : model_(std::move(model)),
      budget_(budget),
      record_bytes_(sizeof(float) * TokenRecord::Layout(model_->config).detail_floats) {}

void DetailStore::admit(const RecordPtr& record, const RecordPtr& before) {
    const std::lock_guard lock(mutex_);
    record->store_ = shared_from_this();
    record->before_ = before;
    held_.push_back(record);
    drop_oldest();
}

size_t DetailStore::bytes() const {
    const std::lock_guard lock(mutex_);
    size_t n = 0;
    for (const auto& weak : held_) n += weak.expired() ? 0 : 1;
    return n * record_bytes_;
}

void DetailStore::drop_oldest() {
    std::erase_if(held_, [](const auto& weak) { return weak.expired(); });
    // One stays in any case: whoever just computed it wants to read it.
    while (held_.size() > 1 && held_.size() * record_bytes_ > budget_) {
        if (const RecordPtr record = held_.front().lock()) record->details_.store(nullptr);
        held_.pop_front();
    }
}

std::shared_ptr<const float> DetailStore::restore(const TokenRecord& record) {
    const std::lock_guard lock(mutex_);
    if (auto details = record.details_.load()) return details;  // another thread was first

    // The path to the record, of which a last stretch has lost its details.
    Records path;
    for (RecordPtr at = record.shared_from_this(); at; at = at->before_) path.push_back(at);
    std::reverse(path.begin(), path.end());
    const size_t end = path.size();
    size_t first = end - 1;
    while (first > 0 && end - first < block && !path[first - 1]->has_details()) --first;

    KvCache cache(model_->config);
    std::vector<int> ids;
    for (size_t i = 0; i < first; ++i) cache.append(*path[i]);
    for (size_t i = first; i < end; ++i) ids.push_back(path[i]->id());
    const Ablation* ablation = record.ablation();
    const Records again = forward(model_->config, model_->weights, cache, ids, StopAsked{},
                                  ablation ? *ablation : Ablation{});
    for (size_t i = first; i < end; ++i) {
        path[i]->details_.store(again[i - first]->details_.load());
        held_.push_back(path[i]);
    }
    std::shared_ptr<const float> details = record.details_.load();
    drop_oldest();
    return details;
}

}  // namespace model
