// The tensors of a model folder, in one file or many, by Hugging Face's names.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/load/tensor_file.h"

namespace model {

class Checkpoint {
  public:
    // model.safetensors, the shards of model.safetensors.index.json, or a TensorFlow checkpoint
    // (model.ckpt.index). Throws Error that names what is wrong, or what there is instead.
    explicit Checkpoint(const std::filesystem::path& folder);

    // "h.0.ln_1.weight", without the prefixes that training frameworks put before it; null where
    // there is none.
    const Tensor* find(const std::string& name) const;
    // As the file would spell a tensor, for messages.
    std::string spelled(const std::string& name) const;
    // What an error about a missing tensor points at.
    const std::filesystem::path& named() const { return named_; }
    const std::vector<std::shared_ptr<const TensorFile>>& files() const { return files_; }
    // The names of all tensors, as the files have them, and what find() knows them by.
    const std::map<std::string, const Tensor*>& all() const { return by_name_; }
    const std::vector<const Tensor*>& shadowed() const { return shadowed_; }

  private:
    void add(const Tensor& tensor);
    void bind(const std::filesystem::path& index);

    std::vector<std::shared_ptr<const TensorFile>> files_;
    std::filesystem::path named_;
    bool tensorflow_ = false;
    std::map<std::string, const Tensor*> by_name_;
    std::vector<const Tensor*> shadowed_;  // another of the same name is read
};

}  // namespace model
