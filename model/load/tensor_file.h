// The tensors of one file that is mapped read-only, whatever its format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/base/file.h"

namespace model {

enum class Dtype { f64, f32, f16, bf16, i8, other };

struct Tensor {
    std::string name;
    Dtype dtype = Dtype::other;
    std::string dtype_name;           // as the file spells it
    std::vector<int64_t> shape;       // row-major
    const std::byte* data = nullptr;  // into the map; alignment is the file's
    size_t bytes = 0;
};

class TensorFile {
  public:
    const std::filesystem::path& path() const { return path_; }
    const Tensor* find(const std::string& name) const {
        const auto found = tensors_.find(name);
        return found == tensors_.end() ? nullptr : &found->second;
    }
    // Throws Error where the file was changed since it was opened.
    void check_unchanged() const { file_->check_unchanged(); }
    uint64_t file_bytes() const { return file_->size(); }
    // Of every tensor.
    const std::map<std::string, Tensor>& tensors() const { return tensors_; }
    // Bytes of all tensors, in the file's order.
    std::span<const std::byte> data() const { return data_; }

  protected:
    explicit TensorFile(std::filesystem::path path) : path_(std::move(path)) {}

    std::filesystem::path path_;
    std::shared_ptr<const OpenFile> file_;  // keeps the map
    std::span<const std::byte> data_;
    std::map<std::string, Tensor> tensors_;
};

std::string shape_text(const std::vector<int64_t>& shape);  // "[2048, 128]"

}  // namespace model
