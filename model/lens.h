// Read-outs of a record: what the residual stream already says before the last block.
#pragma once

#include <vector>

#include "model/decoding.h"
#include "model/model.h"
#include "model/record.h"

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

// Rank and probability of one token after every block: how it rises through the model.
std::vector<Standing> token_ranks(const Model& model, const TokenRecord& record, int id);

// Probability of one token in the reading after block `layer` of the same record: of all logits
// only its own is computed.
double lens_probability(const Model& model, const TokenRecord& record, int layer,
                        const LensReading& reading, int id);

// Remembers readings by record. Not thread-safe.
class LensMemo {
  public:
    const std::vector<LensReading>& read(const Model& model, const RecordPtr& record, int about);

  private:
    struct Entry {
        RecordPtr record;  // kept alive, so that an address is never taken for another record
        int about;
        std::vector<LensReading> readings;
    };
    std::vector<Entry> entries_;  // most recent last
};

// Euclidean length of a vector.
double norm(const float* x, int n);

}  // namespace model
