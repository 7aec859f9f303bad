#include "model/decode/shared_prefix.h"

#include <utility>

#include "model/base/error.h"

namespace model {

SharedPrefix::SharedPrefix(const Model& model, Records prompt, const Ablation& ablation)
    : model_(model), prompt_(std::move(prompt)), ablation_(ablation), cache_(model.config) {
    check(!prompt_.empty(), "SharedPrefix: a prompt");
    for (const RecordPtr& record : prompt_) cache_.append(*record);
}

Records SharedPrefix::run(std::span<const Branch> branches, const StopAsked& stop) const {
    if (branches.empty()) return {};
    Records records = forward(model_.config, model_.weights, cache_, branches, stop, ablation_);
    for (RecordPtr& record : records) record = record->without_details();
    return records;
}

}  // namespace model
