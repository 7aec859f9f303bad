// The residual stream of one record in numbers: how long it is after every block, how much each
// block turns it, how far it is from where it ends.
#pragma once

#include <span>
#include <vector>

#include "model/pass/record.h"

namespace model {

// Lengths are Euclidean norms.
struct StreamReading {
    std::vector<double> resid;   // [n_layer + 1]: the embedding, then after each block
    std::vector<double> attn;    // [n_layer]: of what attention added
    std::vector<double> mlp;     // [n_layer]: of what the MLP added
    std::vector<double> change;  // [n_layer]: of attn_out + mlp_out, over that of resid_pre
    std::vector<double> cosine;  // [n_layer + 1]: of the angle to the stream after the last block
};
StreamReading read_stream(const TokenRecord& record);

struct VectorStatistics {
    double mean = 0;
    double deviation = 0;  // standard deviation, over n
    double low = 0, high = 0;
    double norm = 0;
};
// Of a vector that is not empty.
VectorStatistics vector_statistics(std::span<const float> x);

}  // namespace model
