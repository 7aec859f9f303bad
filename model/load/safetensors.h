// A safetensors file: every size and offset is checked before use.
// Format: 8 bytes little-endian header length, a JSON header, the bytes of the tensors.
#pragma once

#include <filesystem>

#include "model/load/tensor_file.h"

namespace model {

class Safetensors : public TensorFile {
  public:
    // Throws Error that names the file, and the tensor where one is at fault.
    explicit Safetensors(const std::filesystem::path& path);
};

}  // namespace model
