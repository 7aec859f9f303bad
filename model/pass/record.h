// TokenRecord: everything the model computed at one position, written once by the forward pass.
//
// Attention is causal, so what is computed at position i never changes when later tokens arrive:
// a record is immutable and shared by every step and every branch that contains its position.
//
// Only what cannot be had again for a few additions is stored, 10 d_model floats a layer. Sums,
// norms, attention scores and patterns follow from it (model/pass/hooks.h, model/pass/attention.h).
// Of these floats, q, k and v always stay: attention of later positions needs them. The other 7
// d_model, the details, can be dropped to save memory and are then computed again when somebody
// looks (model/pass/detail_store.h): the same bits, as whatever way a position was computed.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "model/base/atomic_shared.h"
#include "model/pass/ablation.h"
#include "model/pass/config.h"

namespace model {

class DetailStore;

// Floats of a record, which stay as long as this is held.
class Floats {
  public:
    Floats(std::shared_ptr<const float> data, size_t n) : data_(std::move(data)), n_(n) {}
    const float* data() const { return data_.get(); }
    size_t size() const { return n_; }
    const float* begin() const { return data(); }
    const float* end() const { return data() + n_; }
    float operator[](size_t i) const { return data()[i]; }
    operator std::span<const float>() const { return {data(), n_}; }
    Floats first(size_t n) const { return {data_, n}; }
    Floats subspan(size_t at) const { return subspan(at, n_ - at); }
    Floats subspan(size_t at, size_t n) const { return {{data_, data() + at}, n}; }

  private:
    std::shared_ptr<const float> data_;
    size_t n_;
};

class TokenRecord : public std::enable_shared_from_this<TokenRecord> {
  public:
    // Where things lie within the floats of one position. `d` = d_model.
    struct Layout {
        explicit Layout(const Config& config);
        int d, d_mlp, n_layer;

        // Kept: the embedding [d]; q, k, v [3 d] of every layer; ln_final [d].
        size_t kept_floats;
        size_t q(int l) const { return static_cast<size_t>(d) * (1 + 3 * static_cast<size_t>(l)); }
        size_t k(int l) const { return q(l) + d; }
        size_t v(int l) const { return q(l) + 2 * static_cast<size_t>(d); }
        size_t ln_final() const { return q(n_layer); }

        // Details: z, attn_out, mlp_out [3 d] and mlp_pre [d_mlp] of every layer.
        size_t detail_floats;
        size_t z(int l) const { return static_cast<size_t>(l) * (3 * d + d_mlp); }
        size_t attn_out(int l) const { return z(l) + d; }
        size_t mlp_out(int l) const { return z(l) + 2 * static_cast<size_t>(d); }
        size_t mlp_pre(int l) const { return z(l) + 3 * static_cast<size_t>(d); }

        size_t floats() const { return kept_floats + detail_floats; }
    };

    // `ablation`: of the pass; null for none.
    TokenRecord(const Layout& layout, int id, int position, std::shared_ptr<const float> kept,
                std::shared_ptr<const float> details,
                std::shared_ptr<const Ablation> ablation = nullptr)
        : layout_(layout),
          id_(id),
          position_(position),
          kept_(std::move(kept)),
          details_(std::move(details)),
          ablation_(std::move(ablation)) {}

    int id() const { return id_; }
    int position() const { return position_; }
    int n_layer() const { return layout_.n_layer; }
    // What the pass that made the record left out or pinned; null for nothing.
    const Ablation* ablation() const { return ablation_.get(); }
    // Whether a head's row here was pinned to equal weights.
    bool is_uniform(int layer, int head) const {
        return ablation_ && ablation_->is_uniform(layer, head, position_);
    }

    // Views onto the stored floats; heads lie side by side in q, k, v and z.
    std::span<const float> embedded() const { return kept(0); }  // token + position
    std::span<const float> q(int layer) const { return kept(layout_.q(layer)); }
    std::span<const float> k(int layer) const { return kept(layout_.k(layer)); }
    std::span<const float> v(int layer) const { return kept(layout_.v(layer)); }
    std::span<const float> ln_final() const { return kept(layout_.ln_final()); }
    // Details. Where they were dropped this takes a pass; throws std::bad_alloc for want of memory.
    Floats z(int layer) const { return detail(layout_.z(layer), layout_.d); }
    Floats attn_out(int layer) const { return detail(layout_.attn_out(layer), layout_.d); }
    Floats mlp_out(int layer) const { return detail(layout_.mlp_out(layer), layout_.d); }
    Floats mlp_pre(int layer) const { return detail(layout_.mlp_pre(layer), layout_.d_mlp); }

    // The residual stream, summed in the order in which the pass sums it: the same bits.
    std::vector<float> resid_pre(int layer) const;  // entering block `layer`; n_layer: leaving all
    std::vector<float> resid_mid(int layer) const;  // after the attention of block `layer`
    std::vector<float> resid_post(int layer) const { return resid_pre(layer + 1); }

    bool has_details() const { return details_.load() != nullptr; }
    // The same record without its details, for who needs keys, values and logits alone. Asking it
    // for a detail throws std::logic_error.
    std::shared_ptr<const TokenRecord> without_details() const {
        return std::make_shared<const TokenRecord>(layout_, id_, position_, kept_, nullptr);
    }

  private:
    friend class DetailStore;

    std::span<const float> kept(size_t offset) const {
        return {kept_.get() + offset, static_cast<size_t>(layout_.d)};
    }
    Floats detail(size_t offset, int n) const;

    Layout layout_;
    int id_;
    int position_;
    std::shared_ptr<const float> kept_;
    mutable AtomicShared<const float> details_;  // null: dropped
    std::shared_ptr<const Ablation> ablation_;
    // Set once, by the store, before anybody else sees the record.
    mutable std::shared_ptr<DetailStore> store_;
    mutable std::shared_ptr<const TokenRecord> before_;
};

using RecordPtr = std::shared_ptr<const TokenRecord>;
// A step is a prefix of records: what was known before the next token was appended.
using Records = std::vector<RecordPtr>;

}  // namespace model
