#include "model/pass/weights.h"

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cstring>
#include <list>
#include <set>

#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/base/thread_pool.h"
#include "model/load/checkpoint.h"

namespace model {

namespace fs = std::filesystem;

namespace {

// One value of a tensor whose bytes may lie at any address.
float element(const Tensor& tensor, size_t i) {
    if (tensor.dtype == Dtype::f32) {
        float value = 0;
        std::memcpy(&value, tensor.data + 4 * i, 4);
        return value;
    }
    if (tensor.dtype == Dtype::f64) {
        double value = 0;
        std::memcpy(&value, tensor.data + 8 * i, 8);
        return static_cast<float>(value);
    }
    uint16_t half = 0;
    std::memcpy(&half, tensor.data + 2 * i, 2);
    return tensor.dtype == Dtype::f16
               ? Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(half))
               : std::bit_cast<float>(static_cast<uint32_t>(half) << 16);
}

size_t element_count(const Tensor& tensor) {
    size_t n = 1;
    for (const int64_t extent : tensor.shape) n *= static_cast<size_t>(extent);
    return n;
}

// Widens a tensor to float32, or points at it where it already is and lies aligned.
const float* as_floats(const Tensor& tensor, Weights& weights) {
    const bool aligned = reinterpret_cast<uintptr_t>(tensor.data) % alignof(float) == 0;
    if (tensor.dtype == Dtype::f32 && aligned) return reinterpret_cast<const float*>(tensor.data);
    const size_t n = element_count(tensor);
    const std::shared_ptr<float> copy = new_floats(n);
    float* out = copy.get();
    if (tensor.dtype == Dtype::f16) {
        widen(reinterpret_cast<const uint16_t*>(tensor.data), n, out);
    } else {
        share_out(n, conversion_block, [&](size_t begin, size_t end) {
            for (size_t i = begin; i < end; ++i) out[i] = element(tensor, i);
        });
    }
    weights.storage.push_back(copy);
    return out;
}

// Rounds a tensor to float16, or points at it where it already is and lies aligned.
const uint16_t* as_halves(const Tensor& tensor, Weights& weights) {
    const bool aligned = reinterpret_cast<uintptr_t>(tensor.data) % alignof(uint16_t) == 0;
    if (tensor.dtype == Dtype::f16 && aligned) {
        return reinterpret_cast<const uint16_t*>(tensor.data);
    }
    const size_t n = element_count(tensor);
    const std::shared_ptr<std::byte> copy = new_bytes(2 * n);
    auto* out = reinterpret_cast<uint16_t*>(copy.get());
    if (tensor.dtype == Dtype::f32) {
        narrow(reinterpret_cast<const float*>(tensor.data), n, out);
    } else {
        share_out(n, conversion_block, [&](size_t begin, size_t end) {
            for (size_t i = begin; i < end; ++i) {
                out[i] = Eigen::half_impl::float_to_half_rtne(element(tensor, i)).x;
            }
        });
    }
    weights.storage.push_back(copy);
    return out;
}

// A tensor [cols, rows] as [rows, cols].
std::shared_ptr<float> transposed(const Tensor& tensor, int rows, int cols) {
    const auto height = static_cast<size_t>(rows), width = static_cast<size_t>(cols);
    const std::shared_ptr<float> copy = new_floats(height * width);
    float* out = copy.get();
    share_out(height, 16, [&](size_t begin, size_t end) {
        for (size_t r = begin; r < end; ++r) {
            for (size_t c = 0; c < width; ++c) out[r * width + c] = element(tensor, c * height + r);
        }
    });
    return copy;
}

// Whole numbers of 8 bits times a scale for each row or each column, as quantised checkpoints have
// them (Dettmers et al. 2022 for the scales; "NAME_scale" is what compressed-tensors calls theirs).
std::shared_ptr<float> scaled(const Tensor& whole, const Tensor& scale) {
    const size_t n = element_count(whole), cols = static_cast<size_t>(whole.shape.back());
    const std::shared_ptr<float> copy = new_floats(n);
    const bool by_row = scale.shape.back() == 1;
    const auto* values = reinterpret_cast<const int8_t*>(whole.data);
    float* out = copy.get();
    share_out(n, conversion_block, [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) {
            out[i] = static_cast<float>(values[i]) * element(scale, by_row ? i / cols : i % cols);
        }
    });
    return copy;
}

class Loader {
  public:
    Loader(const Checkpoint& checkpoint, const Config& config, Weights& weights)
        : checkpoint_(checkpoint), weights_(weights) {
        // A square matrix cannot tell: all are as these are.
        weights_.transposed =
            is_turned("h.0.attn.c_attn.weight", config.d_model, 3 * config.d_model) &&
            is_turned("h.0.mlp.c_fc.weight", config.d_model, config.d_mlp);
    }

    // A linear layer's, which is stored [in, out] as GPT-2 has it, or [out, in] as torch.nn.Linear.
    Matrix linear(const std::string& name, int in, int out) {
        if (!weights_.transposed) return matrix(name, in, out);
        const Tensor& tensor = take(name, {out, in});
        const std::shared_ptr<float> turned = transposed(tensor, in, out);
        if (weights_.precision == Precision::f32) {
            weights_.storage.push_back(turned);
            return {turned.get(), nullptr, in, out};
        }
        const size_t n = element_count(tensor);
        const std::shared_ptr<std::byte> copy = new_bytes(2 * n);
        auto* halves = reinterpret_cast<uint16_t*>(copy.get());
        narrow(turned.get(), n, halves);
        weights_.storage.push_back(copy);
        return {nullptr, halves, in, out};
    }
    // Where only the copy for the logits was kept, it is that.
    Matrix embedding(int rows, int cols, bool tied) {
        const bool there = checkpoint_.find("wte.weight") != nullptr;
        const bool head = tied && !there && checkpoint_.find("lm_head.weight");
        return matrix(head ? "lm_head.weight" : "wte.weight", rows, cols);
    }
    Matrix matrix(const std::string& name, int rows, int cols) {
        const Tensor& tensor = take(name, {rows, cols});
        if (weights_.precision == Precision::f16) {
            return {nullptr, as_halves(tensor, weights_), rows, cols};
        }
        return {as_floats(tensor, weights_), nullptr, rows, cols};
    }
    const float* vector(const std::string& name, int n) {
        return as_floats(take(name, {n}), weights_);
    }
    // Zeros where it is missing; finish() judges that.
    const float* bias(const std::string& name, int n) {
        if (checkpoint_.find(name)) {
            biases_ = true;
            return vector(name, n);
        }
        if (missing_bias_.empty()) missing_bias_ = name;
        const std::shared_ptr<float> zeros = new_floats(static_cast<size_t>(n));
        std::fill_n(zeros.get(), n, 0.0f);
        weights_.storage.push_back(zeros);
        return zeros.get();
    }
    Norm norm(const std::string& name) {
        return {vector(name + ".weight", weights_.wte.cols),
                bias(name + ".bias", weights_.wte.cols)};
    }
    void finish() {
        for (const auto& [name, tensor] : checkpoint_.all()) {
            if (!taken_.contains(tensor) && !known_beside(name)) {
                weights_.unused.push_back(tensor->name);
            }
        }
        for (const Tensor* tensor : checkpoint_.shadowed()) weights_.unused.push_back(tensor->name);
        weights_.biases = biases_;
        if (!biases_ || missing_bias_.empty()) return;
        throw Error(checkpoint_.named().string() + ": tensor \"" +
                    checkpoint_.spelled(missing_bias_) +
                    "\" is missing, but others have a bias; the file is damaged, fetch it again");
    }

  private:
    bool is_turned(const std::string& name, int64_t in, int64_t out) const {
        const Tensor* tensor = checkpoint_.find(name);
        return tensor && tensor->shape == std::vector{out, in};
    }
    // Masks that older files keep beside the weights, and the tied copy of the embedding.
    static bool known_beside(const std::string& name) {
        return name == "lm_head.weight" || name.ends_with(".attn.bias") ||
               name.ends_with(".attn.masked_bias");
    }
    const Tensor& take(const std::string& name, const std::vector<int64_t>& shape) {
        const Tensor* tensor = checkpoint_.find(name);
        if (!tensor) {
            throw Error(checkpoint_.named().string() + ": tensor \"" + checkpoint_.spelled(name) +
                        "\" is missing");
        }
        auto fail = [&](const std::string& why) {
            throw Error(checkpoint_.named().string() + ": tensor \"" + tensor->name + "\" " + why);
        };
        if (tensor->dtype == Dtype::other) {
            fail("has dtype " + tensor->dtype_name +
                 "; supported are F32, F16, BF16, F64, and I8 " + "with scales");
        }
        taken_.insert(tensor);
        if (tensor->shape != shape) {
            fail("has shape " + shape_text(tensor->shape) +
                 ", the model's configuration asks for " + shape_text(shape));
        }
        int64_t n = 1;
        for (int64_t extent : shape) n *= extent;
        weights_.n_parameters += n;
        if (weights_.stored_as.empty()) weights_.stored_as = tensor->dtype_name;
        if (weights_.stored_as != tensor->dtype_name) weights_.stored_as = "mixed";
        return tensor->dtype == Dtype::i8 ? widened(name, *tensor) : *tensor;
    }
    const Tensor& widened(const std::string& name, const Tensor& whole) {
        const Tensor* scale = checkpoint_.find(name + "_scale");
        auto fail = [&](const std::string& why) {
            throw Error(checkpoint_.named().string() + ": tensor \"" + whole.name +
                        "\" is of 8-bit numbers, and its scales \"" + whole.name + "_scale\" " +
                        why);
        };
        if (!scale) fail("are missing");
        const std::vector<int64_t> rows{whole.shape.front(), 1}, cols{1, whole.shape.back()};
        if (whole.shape.size() != 2 || (scale->shape != rows && scale->shape != cols)) {
            fail("have shape " + shape_text(scale->shape) +
                 "; it takes one for each row or column");
        }
        if (scale->dtype == Dtype::i8 || scale->dtype == Dtype::other) {
            fail("have dtype " + scale->dtype_name);
        }
        taken_.insert(scale);
        const std::shared_ptr<float> floats = scaled(whole, *scale);
        weights_.storage.push_back(floats);
        Tensor wide = whole;
        wide.dtype = Dtype::f32;
        wide.data = reinterpret_cast<const std::byte*>(floats.get());
        wide.bytes = element_count(whole) * sizeof(float);
        return widened_.emplace_back(std::move(wide));
    }

    const Checkpoint& checkpoint_;
    Weights& weights_;
    std::set<const Tensor*> taken_;
    std::list<Tensor> widened_;  // of 8-bit numbers
    bool biases_ = false;        // at least one is there
    std::string missing_bias_;   // the first that is not
};

}  // namespace

void Weights::check_unchanged() const {
    for (const auto& file : opened) file->check_unchanged();
}

Weights load_weights(const fs::path& folder, const Config& config, Precision precision) {
    const Checkpoint checkpoint(folder);
    Weights weights;
    weights.precision = precision;
    for (const auto& file : checkpoint.files()) {
        weights.opened.push_back(file);
        weights.files.push_back(file->path());
        weights.stored.push_back(file->data());
        weights.file_bytes += file->file_bytes();
    }
    const int d = config.d_model;
    Loader load(checkpoint, config, weights);
    weights.wte = load.embedding(config.n_vocab, d, config.tied);
    weights.wpe = load.matrix("wpe.weight", config.n_ctx, d);
    for (int l = 0; l < config.n_layer; ++l) {
        const std::string h = "h." + std::to_string(l) + ".";
        LayerWeights layer;
        layer.ln1 = load.norm(h + "ln_1");
        layer.qkv = load.linear(h + "attn.c_attn.weight", d, 3 * d);
        layer.qkv_bias = load.bias(h + "attn.c_attn.bias", 3 * d);
        layer.attn_out = load.linear(h + "attn.c_proj.weight", d, d);
        layer.attn_out_bias = load.bias(h + "attn.c_proj.bias", d);
        layer.ln2 = load.norm(h + "ln_2");
        layer.mlp_in = load.linear(h + "mlp.c_fc.weight", d, config.d_mlp);
        layer.mlp_in_bias = load.bias(h + "mlp.c_fc.bias", config.d_mlp);
        layer.mlp_out = load.linear(h + "mlp.c_proj.weight", config.d_mlp, d);
        layer.mlp_out_bias = load.bias(h + "mlp.c_proj.bias", d);
        weights.layers.push_back(layer);
    }
    weights.ln_final = load.norm("ln_f");
    // A tied checkpoint may still carry a copy of the embedding as lm_head: config.json decides,
    // and an untied one must have it.
    weights.unembed = config.tied ? weights.wte : load.matrix("lm_head.weight", config.n_vocab, d);
    load.finish();
    weights.check_unchanged();
    return weights;
}

}  // namespace model
