// A prompt that many continuations share: its keys and values lie in one cache, behind which every
// branch has those of its own path.
#pragma once

#include <span>

#include "model/pass/kv_cache.h"
#include "model/pass/model.h"
#include "model/pass/record.h"
#include "model/pass/transformer.h"

namespace model {

class SharedPrefix {
  public:
    // `prompt`: records of every position from 0 on, of passes with this ablation. The model must
    // outlive this.
    SharedPrefix(const Model& model, Records prompt, const Ablation& ablation);

    const Records& prompt() const { return prompt_; }
    // The last position of each branch behind the prompt, all in one pass, without details
    // (model/pass/record.h). Throws Stopped.
    Records run(std::span<const Branch> branches, const StopAsked& stop = {}) const;

  private:
    const Model& model_;
    Records prompt_;
    Ablation ablation_;
    KvCache cache_;  // of the prompt
};

}  // namespace model
