// The parameters of a model: named views onto matrices and vectors, const once loaded.
//
// Matrices in the precision that was asked for are read where the file is mapped; others are
// converted once. Vectors are always float32. Linear weights are stored [in, out] (Conv1D). Names
// are Hugging Face's, with or without the "transformer." prefix, or those of OpenAI's original
// releases.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/load/tensor_file.h"
#include "model/pass/config.h"
#include "model/pass/kernels.h"
#include "model/pass/norm.h"

namespace model {

// What matrices are held and streamed in; the arithmetic is float32 in any case.
enum class Precision { f32, f16 };

struct LayerWeights {
    Norm ln1;
    Matrix qkv;                            // [d_model, 3 * d_model]: query, key, value side by side
    const float* qkv_bias = nullptr;       // [3 * d_model]
    Matrix attn_out;                       // [d_model, d_model]
    const float* attn_out_bias = nullptr;  // [d_model]
    Norm ln2;
    Matrix mlp_in;                        // [d_model, d_mlp]
    const float* mlp_in_bias = nullptr;   // [d_mlp]
    Matrix mlp_out;                       // [d_mlp, d_model]
    const float* mlp_out_bias = nullptr;  // [d_model]
};

struct Weights {
    Matrix wte;  // token embedding [n_vocab, d_model]
    Matrix wpe;  // position embedding [n_ctx, d_model]
    std::vector<LayerWeights> layers;
    Norm ln_final;
    Matrix unembed;  // [n_vocab, d_model]: lm_head, or wte when tied

    bool biases = true;  // false: the files have none, and all of them are zero here
    Precision precision = Precision::f32;
    int64_t n_parameters = 0;  // each stored parameter once
    std::string stored_as;     // "F16": the dtype of the file
    std::vector<std::filesystem::path> files;
    std::vector<std::span<const std::byte>> stored;  // the parameters as each file has them
    uint64_t file_bytes = 0;

    bool transposed = false;          // linear weights are stored [out, in]
    std::vector<std::string> unused;  // tensors that the files hold and GPT-2 has not

    // Throws Error that names a file which was written into or cut short since it was opened: what
    // is computed from it, or was just computed, is not this model's.
    void check_unchanged() const;

    // What the views point into: maps of files, and converted copies.
    std::vector<std::shared_ptr<const TensorFile>> opened;
    std::vector<std::shared_ptr<const void>> storage;
};

// Loads model.safetensors, or the shards of model.safetensors.index.json, or a TensorFlow
// checkpoint (model.ckpt.index). All biases may be missing, of the whole model. Throws Error that
// names the file and the tensor that is missing or has another dtype or shape.
Weights load_weights(const std::filesystem::path& folder, const Config& config,
                     Precision precision);

}  // namespace model
