// TokenRecord: everything the model computed at one position, written once by the forward pass.
//
// Attention is causal, so what is computed at position i never changes when later tokens arrive:
// a record is immutable and shared by every step and every branch that contains its position.
//
// Only what cannot be had again for a few additions is stored, 10 d_model floats a layer. Sums,
// norms, attention scores and patterns follow from it (model/hooks.h, model/attention.h).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "model/config.h"

namespace model {

class TokenRecord {
  public:
    // Where things lie within the floats of one position. `d` = d_model.
    struct Layout {
        explicit Layout(const Config& config);
        int d, d_mlp, n_layer;
        size_t layer_floats;  // q k v z attn_out mlp_pre mlp_out
        size_t floats;        // of one record: resid [d], layers, ln_final [d]
        size_t layer(int l) const { return static_cast<size_t>(d) + l * layer_floats; }
        size_t q(int l) const { return layer(l); }
        size_t k(int l) const { return layer(l) + d; }
        size_t v(int l) const { return layer(l) + 2 * d; }
        size_t z(int l) const { return layer(l) + 3 * d; }
        size_t attn_out(int l) const { return layer(l) + 4 * d; }
        size_t mlp_out(int l) const { return layer(l) + 5 * d; }
        size_t mlp_pre(int l) const { return layer(l) + 6 * d; }
        size_t ln_final() const { return layer(n_layer); }
    };

    TokenRecord(Layout layout, int id, int position, std::shared_ptr<const float> data)
        : layout_(layout), id_(id), position_(position), data_(std::move(data)) {}

    int id() const { return id_; }
    int position() const { return position_; }
    int n_layer() const { return layout_.n_layer; }

    // Views onto the stored floats; heads lie side by side in q, k, v and z.
    std::span<const float> embedded() const { return at(0, layout_.d); }  // token + position
    std::span<const float> q(int layer) const { return at(layout_.q(layer), layout_.d); }
    std::span<const float> k(int layer) const { return at(layout_.k(layer), layout_.d); }
    std::span<const float> v(int layer) const { return at(layout_.v(layer), layout_.d); }
    std::span<const float> z(int layer) const { return at(layout_.z(layer), layout_.d); }
    std::span<const float> attn_out(int layer) const {
        return at(layout_.attn_out(layer), layout_.d);
    }
    std::span<const float> mlp_pre(int layer) const {
        return at(layout_.mlp_pre(layer), layout_.d_mlp);
    }
    std::span<const float> mlp_out(int layer) const {
        return at(layout_.mlp_out(layer), layout_.d);
    }
    std::span<const float> ln_final() const { return at(layout_.ln_final(), layout_.d); }

    // The residual stream, summed in the order in which the pass sums it: the same bits.
    std::vector<float> resid_pre(int layer) const;  // entering block `layer`; n_layer: leaving all
    std::vector<float> resid_mid(int layer) const;  // after the attention of block `layer`
    std::vector<float> resid_post(int layer) const { return resid_pre(layer + 1); }

  private:
    std::span<const float> at(size_t offset, int n) const {
        return {data_.get() + offset, static_cast<size_t>(n)};
    }

    Layout layout_;
    int id_;
    int position_;
    std::shared_ptr<const float> data_;
};

using RecordPtr = std::shared_ptr<const TokenRecord>;
// A step is a prefix of records: what was known before the next token was appended.
using Records = std::vector<RecordPtr>;

}  // namespace model
