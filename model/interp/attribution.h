// Direct logit attribution: what each part of the model adds to the logit of one token.
//
// The residual stream is a sum, and the final layer norm, with its mean and scale held at what they
// were in this pass, is linear: so the logit is a sum too (Elhage et al. 2021). What a part does
// through later blocks is counted there.
#pragma once

#include <vector>

#include "model/pass/attention.h"
#include "model/pass/model.h"
#include "model/pass/record.h"

namespace model {

struct LogitParts {
    struct Layer {
        std::vector<double> heads;  // z times the head's rows of W_O
        double attn_bias = 0;       // of W_O, which belongs to no head
        double mlp = 0;             // its bias included
    };
    int id = 0;
    double logit = 0;      // the model's own
    double embedding = 0;  // token and position
    std::vector<Layer> layers;
    double norm_bias = 0;  // of the final norm

    double sum() const;  // of all parts: the logit, but for rounding
};

// 1 / sqrt(variance + eps): what the final norm multiplied with at this position.
double final_scale(const Model& model, const TokenRecord& record);

LogitParts attribute_logit(const Model& model, const TokenRecord& record, int id);

// What each head's value from each position adds to the logit of `id` at `records[position]`:
// [n_layer][n_head][position + 1]. Sums over positions are the heads of attribute_logit.
std::vector<std::vector<std::vector<double>>> logit_by_source(const Model& model,
                                                              const Records& records, int position,
                                                              int id);

// The head that adds most to the logit of the token that a step proposes: a good one to begin with.
HeadIndex most_telling_head(const Model& model, const TokenRecord& record, int id);

}  // namespace model
