// The checkpoint of OpenAI's original releases: TensorFlow's second format, read without
// TensorFlow. PREFIX.index is a sorted table that says what lies where in
// PREFIX.data-00000-of-00001.
#pragma once

#include <filesystem>
#include <string>

#include "model/load/tensor_file.h"

namespace model {

class TfCheckpoint : public TensorFile {
  public:
    // Opens the checkpoint of a folder: the one that its file `checkpoint` names, as the last one
    // of a fine-tune, or else model.ckpt. Throws Error that names the file, and the tensor where
    // one is at fault. The path is that of the data.
    explicit TfCheckpoint(const std::filesystem::path& folder);
    // Whether a folder holds such a checkpoint.
    static bool present(const std::filesystem::path& folder);

    const std::filesystem::path& index() const { return index_; }

    // "h.0.attn.c_attn.weight" as these checkpoints spell it: "model/h0/attn/c_attn/w".
    static std::string spelled(const std::string& name);

  private:
    std::filesystem::path index_;
};

}  // namespace model
