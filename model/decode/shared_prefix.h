// A prompt that many continuations share: its keys and values lie in one cache, behind which each
// pass puts those of its own path.
#pragma once

#include <span>

#include "model/pass/kv_cache.h"
#include "model/pass/model.h"
#include "model/pass/record.h"
#include "model/pass/transformer.h"

namespace model {

class SharedPrefix {
  public:
    // `prompt`: records of every position from 0 on, of passes with this ablation. `use_cache`
    // false: the naive pass. The model must outlive this.
    SharedPrefix(const Model& model, Records prompt, const Ablation& ablation,
                 bool use_cache = true);

    const Records& prompt() const { return prompt_; }
    // The last position, computed behind prompt and `path`, without details (model/pass/record.h).
    // Throws Stopped, and is then as before.
    RecordPtr run(std::span<const RecordPtr> path, int id, const StopAsked& stop = {});

  private:
    const Model& model_;
    Records prompt_;
    Ablation ablation_;
    bool use_cache_;
    KvCache cache_;
    Records cached_;  // behind the prompt
};

}  // namespace model
