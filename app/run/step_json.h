// One step as JSON: the same object for `generate --print json` and for exported runs.
#pragma once

#include <nlohmann/json.hpp>

#include "model/run/session.h"

namespace app {

// {"id", "text", "bytes"}: text is null where the bytes are no UTF-8 by themselves.
nlohmann::ordered_json token_json(const model::Tokenizer& tokenizer, int id);

// Input ids, ranking, entropy, and the choice that is proposed. No times: the same run gives the
// same bytes.
nlohmann::ordered_json step_json(const model::Model& model, const model::Step& step,
                                 const model::Decoding& decoding);

// What the step's pictures show: the pattern of one head and the norms of every layer.
nlohmann::ordered_json internals_json(const model::Model& model, const model::Step& step, int layer,
                                      int head);

}  // namespace app
