// Routes: by which positions and parts the numbers came that a position's answer is made of.
//
// Every vector of the residual stream is a sum of what entered it, what each head brought from each
// position, and what an MLP added. A route follows such sums backward. How much of a sum y a part z
// accounts for is its proximity, |y|1 - |y - z|1, 0 where that is less, over the sum of those of
// all parts (Ferrando, Voita 2024, "Information Flow Routes"; z of a head and a position is weight
// * value * W_O, Kobayashi et al. 2020). What reaches an MLP goes on to the stream it read. Shares
// of the whole are multiplied along the way, so that everything that arrives sums to 1.
#pragma once

#include <span>
#include <vector>

#include "model/pass/model.h"
#include "model/pass/record.h"

namespace model {

// What the whole is.
enum class RouteMeasure {
    answer,   // the parts that raise one token's logit at the last norm (LogitParts), each by what
              // it adds; followed from there
    arrives,  // the stream that leaves the last block
};

struct Routes {
    // What a head brought from one position to another.
    struct Edge {
        int layer = 0, head = 0, from = 0, to = 0;
        double share = 0;  // of the whole that came this way
    };
    // What came along a lane, by position; lanes that nothing came along are 0.
    using Lane = std::vector<double>;

    int position = 0;
    RouteMeasure measure = RouteMeasure::answer;
    std::vector<Edge> edges;  // the largest first
    std::vector<Lane> pre;  // [n_layer + 1][positions]: entering each block; the last: leaving all
    std::vector<Lane> mid;  // [n_layer][positions]: between attention and MLP
    std::vector<Lane> mlp;  // [n_layer][positions]: through the MLP
    double constant = 0;    // from biases, which belong to no position
    double dropped = 0;     // on ways that carried less than was asked for

    // By position: where it began, as that token's embedding. With constant and dropped it sums to
    // 1, but for rounding.
    const Lane& begins() const { return pre.front(); }
    // Of what is not dropped.
    double followed() const { return 1 - dropped; }

    // Of measure `answer`: the logit is raised + lowered.
    double logit = 0, raised = 0, lowered = 0;
};

// Routes to `records[position]`. `id`: of the token whose logit is meant; not used by `arrives`.
// Ways that carry less than `least` of the whole, 0 < least < 1, are dropped.
Routes find_routes(const Model& model, const Records& records, int position, int id,
                   RouteMeasure measure, double least);

// Inner products of what each head would bring from a position: f_h . f_g, f_h = value of head h
// times its rows of W_O: [n_head][n_head]. Lengths of every weighted sum follow from them.
struct ValueProducts {
    int n_head = 0;
    std::vector<float> products;

    // Euclidean length of the sum of weights[h] * f_h.
    double length(std::span<const float> weights) const;
    // Of one head alone, weight 1.
    double length(int head) const;
};
// Of one layer at each position.
std::vector<ValueProducts> value_products(const Model& model, std::span<const RecordPtr> records,
                                          int layer);

}  // namespace model
