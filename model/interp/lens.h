// Read-outs of a record: what the residual stream already says before the last block.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "model/base/lru_cache.h"
#include "model/decode/decoding.h"
#include "model/pass/model.h"
#include "model/pass/record.h"

namespace model {

// The most likely token if the stream after one block went straight to final norm and unembedding
// (the logit lens, nostalgebraist 2020).
struct LensReading {
    int id = 0;
    double probability = 0;
    float logit = 0;
    Standing chosen;  // of the token asked about
};

// One reading for every block; the last equals the model's own logits. `about`: id of the token
// whose standing is also read, -1 for none.
std::vector<LensReading> logit_lens(const Model& model, const TokenRecord& record, int about);

// The same of several records, in their order: products of many rows at once.
std::vector<std::vector<LensReading>> logit_lens(const Model& model,
                                                 std::span<const RecordPtr> records, int about);

// Rank and probability of one token after every block: how it rises through the model.
std::vector<Standing> token_ranks(const Model& model, const TokenRecord& record, int id);

// The largest difference, over all tokens, between the logits that the lens reads after the last
// block and those of the pass's own ranking at the same position. 0 when all is well.
double lens_difference(const Model& model, const TokenRecord& record, const Ranking& ranking);
// Probability of one token in the reading after block `layer` of the same record: of all logits
// only its own is computed.
double lens_probability(const Model& model, const TokenRecord& record, int layer,
                        const LensReading& reading, int id);

// Remembers readings by record. Not thread-safe.
class LensMemo {
  public:
    static constexpr size_t remembered = 512;  // records: what a screen shows, over many steps

    // Valid until the next call.
    const std::vector<LensReading>& read(const Model& model, const RecordPtr& record, int about);
    // Of several records, without a token asked about; what is lacking is computed together.
    std::vector<std::vector<LensReading>> read_all(const Model& model,
                                                   std::span<const RecordPtr> records);
    // lens_difference of the ranking at this record.
    double difference(const Model& model, const RecordPtr& record, const Ranking& ranking);

  private:
    // Records are kept alive, so that an address is never taken for another record.
    LruCache<std::pair<RecordPtr, int>, std::vector<LensReading>> readings_{remembered};
    LruCache<RecordPtr, double> differences_{remembered};
};

// Euclidean length of a vector.
double norm(const float* x, int n);

}  // namespace model
