// What several tests need: a folder that vanishes, and small random models to put into it.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/pass/model.h"

namespace tests {

class TempFolder {
  public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

void write(const std::filesystem::path& path, const std::string& bytes);

// A tensor to be stored: F32 unless said otherwise, values drawn from a fixed sequence.
struct StoredTensor {
    std::string name;
    std::vector<int64_t> shape;
    std::string dtype = "F32";
};

// The tensors of a GPT-2 with 2 layers, 2 heads, width 8, vocabulary 5, context 6.
std::vector<StoredTensor> tiny_tensors();
extern const char* const tiny_config;

// Bytes of a safetensors file that holds `tensors` one after another.
std::string safetensors_bytes(const std::vector<StoredTensor>& tensors);
// Bytes of a safetensors file with this header, whatever it claims.
std::string safetensors_bytes(const std::string& header, size_t data_bytes);

// Writes config.json and model.safetensors into `folder`.
void write_tiny_model(const std::filesystem::path& folder,
                      const std::vector<StoredTensor>& tensors = tiny_tensors());

std::shared_ptr<const model::Model> bundled();
std::shared_ptr<const model::Model> tiny();  // of tiny_tensors(), without a tokenizer

// A model of any shape, with random weights and no tokenizer.
std::shared_ptr<const model::Model> random_model(int layers, int heads, int d, int vocabulary,
                                                 int context);

// The message of the model::Error that `action` throws; fails the test when it throws none.
std::string error_of(const std::function<void()>& action);

// Every tag of this XML is closed in order, and & opens one of the four escapes that are used.
bool well_formed(const std::string& xml);

}  // namespace tests
