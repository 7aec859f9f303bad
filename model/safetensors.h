// A safetensors file as a read-only memory map: every size and offset is checked before use.
// Format: 8 bytes little-endian header length, a JSON header, the bytes of the tensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace model {

enum class Dtype { f32, f16, bf16, other };

struct Tensor {
    std::string name;
    Dtype dtype = Dtype::other;
    std::string dtype_name;           // as the file spells it
    std::vector<int64_t> shape;       // row-major
    const std::byte* data = nullptr;  // into the map; alignment is the file's
    size_t bytes = 0;
};

class Safetensors {
  public:
    // Throws Error that names the file, and the tensor where one is at fault.
    explicit Safetensors(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return path_; }
    const std::map<std::string, Tensor>& tensors() const { return tensors_; }
    const Tensor* find(const std::string& name) const;
    // Bytes of all tensors, in the file's order.
    const std::byte* data() const { return data_; }
    size_t data_bytes() const { return data_bytes_; }

  private:
    std::filesystem::path path_;
    std::shared_ptr<const std::byte> map_;
    const std::byte* data_ = nullptr;
    size_t data_bytes_ = 0;
    std::map<std::string, Tensor> tensors_;
};

std::string shape_text(const std::vector<int64_t>& shape);  // "[2048, 128]"

}  // namespace model
