#include "model/pass/weights.h"

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cstring>

#include "model/base/error.h"
#include "model/base/json.h"
#include "model/base/memory.h"
#include "model/base/thread_pool.h"
#include "model/load/other_formats.h"
#include "model/load/safetensors.h"
#include "model/load/shard_index.h"
#include "model/load/tf_checkpoint.h"

namespace model {

namespace fs = std::filesystem;

namespace {

// The files of a checkpoint, one or many. Tensors are asked for by Hugging Face's names.
struct Checkpoint {
    std::vector<std::shared_ptr<const TensorFile>> files;
    fs::path named;  // what an error about a missing tensor points at
    bool tensorflow = false;

    std::string spelled(const std::string& name) const {
        return tensorflow ? TfCheckpoint::spelled(name) : name;
    }
    const Tensor* find(const std::string& name) const {
        for (const auto& file : files) {
            if (const Tensor* tensor = file->find(spelled(name))) return tensor;
        }
        return nullptr;
    }
    // Hugging Face saves the bare model without, the language model with a prefix.
    const Tensor* find_either(const std::string& name) const {
        const Tensor* bare = find(name);
        return bare ? bare : find("transformer." + name);
    }
};

Checkpoint open_checkpoint(const fs::path& folder) {
    Checkpoint checkpoint;
    const fs::path single = folder / "model.safetensors";
    const fs::path index = folder / "model.safetensors.index.json";
    if (fs::exists(single)) {
        checkpoint.named = single;
        checkpoint.files.push_back(std::make_shared<Safetensors>(single));
        return checkpoint;
    }
    if (fs::exists(index)) {
        checkpoint.named = index;
        for (const std::string& shard : shard_names(read_json(index), index.string())) {
            checkpoint.files.push_back(std::make_shared<Safetensors>(folder / shard));
        }
        return checkpoint;
    }
    if (TfCheckpoint::present(folder)) {
        const auto file = std::make_shared<TfCheckpoint>(folder);
        checkpoint.named = file->index();
        checkpoint.tensorflow = true;
        checkpoint.files.push_back(file);
        return checkpoint;
    }
    if (const std::string other = other_format(folder); !other.empty()) {
        throw Error(folder.string() + ": " + other);
    }
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string extension = entry.path().extension().string();
        if (extension == ".bin" || extension == ".pt" || extension == ".pth") {
            throw Error(entry.path().string() +
                        ": a pickle file can run code and is not opened; convert it once with: "
                        "python3 -c \"import sys; from transformers import AutoModelForCausalLM as "
                        "M; M.from_pretrained(sys.argv[1]).save_pretrained(sys.argv[1], "
                        "safe_serialization=True)\" " +
                        folder.string());
        }
    }
    throw Error(folder.string() +
                ": has no model.safetensors (nor model.safetensors.index.json, nor "
                "model.ckpt.index)");
}

// One value of a tensor whose bytes may lie at any address.
float element(const Tensor& tensor, size_t i) {
    if (tensor.dtype == Dtype::f32) {
        float value = 0;
        std::memcpy(&value, tensor.data + 4 * i, 4);
        return value;
    }
    uint16_t half = 0;
    std::memcpy(&half, tensor.data + 2 * i, 2);
    return tensor.dtype == Dtype::f16
               ? Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(half))
               : std::bit_cast<float>(static_cast<uint32_t>(half) << 16);
}

// Widens a tensor to float32, or points at it where it already is and lies aligned.
const float* as_floats(const Tensor& tensor, Weights& weights) {
    const bool aligned = reinterpret_cast<uintptr_t>(tensor.data) % alignof(float) == 0;
    if (tensor.dtype == Dtype::f32 && aligned) return reinterpret_cast<const float*>(tensor.data);
    const size_t n = tensor.bytes / (tensor.dtype == Dtype::f32 ? 4 : 2);
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
    const size_t n = tensor.bytes / (tensor.dtype == Dtype::f32 ? 4 : 2);
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

class Loader {
  public:
    Loader(const Checkpoint& checkpoint, Weights& weights)
        : checkpoint_(checkpoint), weights_(weights) {}

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
        if (checkpoint_.find_either(name)) {
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
        weights_.biases = biases_;
        if (!biases_ || missing_bias_.empty()) return;
        throw Error(checkpoint_.named.string() + ": tensor \"" +
                    checkpoint_.spelled(missing_bias_) +
                    "\" is missing, but others have a bias; the file is damaged, fetch it again");
    }

  private:
    const Tensor& take(const std::string& name, const std::vector<int64_t>& shape) {
        const Tensor* tensor = checkpoint_.find_either(name);
        if (!tensor) {
            throw Error(checkpoint_.named.string() + ": tensor \"" + checkpoint_.spelled(name) +
                        "\" is missing");
        }
        auto fail = [&](const std::string& why) {
            throw Error(checkpoint_.named.string() + ": tensor \"" + tensor->name + "\" " + why);
        };
        if (tensor->dtype == Dtype::other) {
            fail("has dtype " + tensor->dtype_name + "; supported are F32, F16 and BF16");
        }
        if (tensor->shape != shape) {
            fail("has shape " + shape_text(tensor->shape) +
                 ", the model's configuration asks for " + shape_text(shape));
        }
        int64_t n = 1;
        for (int64_t extent : shape) n *= extent;
        weights_.n_parameters += n;
        if (weights_.stored_as.empty()) weights_.stored_as = tensor->dtype_name;
        if (weights_.stored_as != tensor->dtype_name) weights_.stored_as = "mixed";
        return *tensor;
    }

    const Checkpoint& checkpoint_;
    Weights& weights_;
    bool biases_ = false;       // at least one is there
    std::string missing_bias_;  // the first that is not
};

}  // namespace

Weights load_weights(const fs::path& folder, const Config& config, Precision precision) {
    const Checkpoint checkpoint = open_checkpoint(folder);
    Weights weights;
    weights.precision = precision;
    for (const auto& file : checkpoint.files) {
        weights.storage.push_back(file);
        weights.files.push_back(file->path());
        weights.stored.push_back(file->data());
        weights.file_bytes += fs::file_size(file->path());
    }
    const int d = config.d_model;
    Loader load(checkpoint, weights);
    weights.wte = load.matrix("wte.weight", config.n_vocab, d);
    weights.wpe = load.matrix("wpe.weight", config.n_ctx, d);
    for (int l = 0; l < config.n_layer; ++l) {
        const std::string h = "h." + std::to_string(l) + ".";
        LayerWeights layer;
        layer.ln1 = load.norm(h + "ln_1");
        layer.qkv = load.matrix(h + "attn.c_attn.weight", d, 3 * d);
        layer.qkv_bias = load.bias(h + "attn.c_attn.bias", 3 * d);
        layer.attn_out = load.matrix(h + "attn.c_proj.weight", d, d);
        layer.attn_out_bias = load.bias(h + "attn.c_proj.bias", d);
        layer.ln2 = load.norm(h + "ln_2");
        layer.mlp_in = load.matrix(h + "mlp.c_fc.weight", d, config.d_mlp);
        layer.mlp_in_bias = load.bias(h + "mlp.c_fc.bias", config.d_mlp);
        layer.mlp_out = load.matrix(h + "mlp.c_proj.weight", config.d_mlp, d);
        layer.mlp_out_bias = load.bias(h + "mlp.c_proj.bias", d);
        weights.layers.push_back(layer);
    }
    weights.ln_final = load.norm("ln_f");
    // A tied checkpoint may still carry a copy of the embedding as lm_head: config.json decides,
    // and an untied one must have it.
    weights.unembed = config.tied ? weights.wte : load.matrix("lm_head.weight", config.n_vocab, d);
    load.finish();
    return weights;
}

}  // namespace model
