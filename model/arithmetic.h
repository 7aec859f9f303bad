// The sums behind one number on the screen: a cell of an attention map, a logit.
#pragma once

#include <vector>

#include "model/model.h"
#include "model/record.h"

namespace model {

// One query and one key of a head, from their products to the weight.
struct ScoreArithmetic {
    std::vector<float> q, k;      // [d_head]
    std::vector<float> products;  // q_c * k_c
    float sum = 0;                // of the products
    float scale = 0;              // 1 / sqrt(d_head)
    float score = 0;              // sum * scale
    float largest = 0;            // score of the row
    double total = 0;             // of exp(score - largest) over the row
    float weight = 0;             // exp(score - largest) / total
};

// key <= query: what comes later is masked and has no weight.
ScoreArithmetic score_arithmetic(const Config& config, const Records& records, int layer, int head,
                                 int query, int key);

// A logit: the final norm's values times the token's row of the unembedding.
struct LogitTerm {
    int dimension = 0;
    float value = 0;   // of the final norm
    float weight = 0;  // of the unembedding
    float product = 0;
};
struct LogitArithmetic {
    std::vector<LogitTerm> terms;  // largest product first, whatever its sign
    float logit = 0;               // their sum, as the model has it
};

LogitArithmetic logit_arithmetic(const Model& model, const TokenRecord& record, int id);

}  // namespace model
