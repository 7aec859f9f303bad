#include "model/decode/shared_prefix.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "model/base/error.h"

namespace model {

SharedPrefix::SharedPrefix(const Model& model, Records prompt, const Ablation& ablation,
                           bool use_cache)
    : model_(model),
      prompt_(std::move(prompt)),
      ablation_(ablation),
      use_cache_(use_cache),
      cache_(model.config) {
    check(!prompt_.empty(), "SharedPrefix: a prompt");
    if (!use_cache_) return;
    for (const RecordPtr& record : prompt_) cache_.append(*record);
}

RecordPtr SharedPrefix::run(std::span<const RecordPtr> path, int id, const StopAsked& stop) {
    if (!use_cache_) {
        std::vector<int> ids;
        for (const RecordPtr& record : prompt_) ids.push_back(record->id());
        for (const RecordPtr& record : path) ids.push_back(record->id());
        ids.push_back(id);
        KvCache scratch(model_.config);
        return forward(model_.config, model_.weights, scratch, ids, stop, ablation_)
            .back()
            ->without_details();
    }
    const auto [differs, unused] = std::ranges::mismatch(cached_, path);
    cached_.erase(differs, cached_.end());
    cache_.truncate(static_cast<int>(prompt_.size() + cached_.size()));
    for (const RecordPtr& record : path.subspan(cached_.size())) {
        cache_.append(*record);
        cached_.push_back(record);
    }
    const Records added = forward(model_.config, model_.weights, cache_, {&id, 1}, stop, ablation_);
    cached_.push_back(added.back()->without_details());
    return cached_.back();
}

}  // namespace model
