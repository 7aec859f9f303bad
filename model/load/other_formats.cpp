#include "model/load/other_formats.h"

#include <algorithm>
#include <vector>

namespace model {

namespace fs = std::filesystem;

namespace {

struct Known {
    const char* name;  // of the file
    const char* words;
};

// The first that is there is told.
constexpr Known known[] = {
    {"adapter_model.safetensors",
     "is an adapter (LoRA) alone; merge it into its base model (merge_and_unload of peft) and save "
     "that"},
    {"adapter_config.json", "belongs to an adapter (LoRA); merge it into its base model first"},
    {"ckpt.pt",
     "is nanoGPT's own checkpoint, a pickle that can run code; save its model as GPT-2's "
     "model.safetensors with config.json"},
    {"tf_model.h5", "is Keras' format; load it with from_tf=True and save_pretrained"},
    {"flax_model.msgpack", "is Flax' format; load it with from_flax=True and save_pretrained"},
};

}  // namespace

std::string other_format(const fs::path& folder) {
    std::error_code ignored;
    for (const Known& one : known) {
        if (fs::exists(folder / one.name, ignored)) return std::string(one.name) + " " + one.words;
    }
    std::vector<std::string> quantized, checkpoints;
    for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end;
         at.increment(ignored)) {
        const std::string name = at->path().filename().string();
        if (at->path().extension() == ".gguf") quantized.push_back(name);
        if (name.starts_with("checkpoint-") && fs::exists(at->path() / "config.json", ignored)) {
            checkpoints.push_back(name);
        }
    }
    if (!quantized.empty()) {
        return *std::ranges::min_element(quantized) +
               " is llama.cpp's format; the model that it was made of has model.safetensors";
    }
    if (!checkpoints.empty()) {
        return "a trainer left its checkpoints in it; name one of them: " +
               (folder / *std::ranges::max_element(checkpoints)).string();
    }
    return "";
}

}  // namespace model
