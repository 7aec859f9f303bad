#include "model/load/checkpoint.h"

#include "model/base/error.h"
#include "model/base/json.h"
#include "model/load/other_formats.h"
#include "model/load/safetensors.h"
#include "model/load/shard_index.h"
#include "model/load/tf_checkpoint.h"

namespace model {

namespace fs = std::filesystem;

namespace {

// torch.compile, DistributedDataParallel, a trainer's wrapper, and the language model around the
// bare one, in any order.
constexpr std::string_view prefixes[] = {"_orig_mod.", "module.", "model.", "transformer."};

std::string without_prefixes(std::string_view name) {
    for (bool found = true; found;) {
        found = false;
        for (const std::string_view prefix : prefixes) {
            if (!name.starts_with(prefix)) continue;
            name.remove_prefix(prefix.size());
            found = true;
        }
    }
    return std::string(name);
}

// A link that leads nowhere, or in a circle, is something: whoever opens it says what.
bool is_named(const fs::path& path) {
    std::error_code ignored;
    return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

[[noreturn]] void refuse(const fs::path& folder) {
    if (const std::string other = other_format(folder); !other.empty()) {
        throw Error(folder.string() + ": " + other);
    }
    std::error_code failed;
    for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
         at.increment(failed)) {
        const std::string extension = at->path().extension().string();
        if (extension != ".bin" && extension != ".pt" && extension != ".pth") continue;
        throw Error(at->path().string() +
                    ": a pickle file can run code and is not opened; convert it once with: "
                    "python3 -c \"import sys; from transformers import AutoModelForCausalLM as "
                    "M; M.from_pretrained(sys.argv[1]).save_pretrained(sys.argv[1], "
                    "safe_serialization=True)\" " +
                    folder.string());
    }
    throw Error(folder.string() +
                ": has no model.safetensors (nor model.safetensors.index.json, nor "
                "model.ckpt.index)");
}

}  // namespace

Checkpoint::Checkpoint(const fs::path& folder) {
    const fs::path single = folder / "model.safetensors";
    const fs::path index = folder / "model.safetensors.index.json";
    if (is_named(single)) {
        named_ = single;
        files_.push_back(std::make_shared<Safetensors>(single));
    } else if (is_named(index)) {
        named_ = index;
        bind(index);
        return;
    } else if (TfCheckpoint::present(folder)) {
        const auto file = std::make_shared<TfCheckpoint>(folder);
        named_ = file->index();
        tensorflow_ = true;
        files_.push_back(file);
    } else {
        refuse(folder);
    }
    for (const auto& [name, tensor] : files_.front()->tensors()) add(tensor);
}

// The index says in which file each tensor is: a copy in another one may be older.
void Checkpoint::bind(const fs::path& index) {
    std::map<std::string, std::shared_ptr<const TensorFile>> shards;
    const auto bound = bound_tensors(read_json(index), index.string());
    for (const auto& [name, shard] : bound) {
        auto& file = shards[shard];
        if (!file) file = std::make_shared<Safetensors>(index.parent_path() / shard);
        const Tensor* tensor = file->find(name);
        if (!tensor) {
            throw Error(file->path().string() + ": tensor \"" + name + "\" is missing, which " +
                        index.filename().string() + " says is there");
        }
        add(*tensor);
    }
    // What it leaves out lies in any of them.
    for (const auto& [shard, file] : shards) {
        files_.push_back(file);
        for (const auto& [name, tensor] : file->tensors()) {
            if (!bound.contains(name)) add(tensor);
        }
    }
}

// The name with the fewest prefixes counts, and what came first.
void Checkpoint::add(const Tensor& tensor) {
    const std::string name = tensorflow_ ? tensor.name : without_prefixes(tensor.name);
    const auto [known, added] = by_name_.emplace(name, &tensor);
    if (added) return;
    const Tensor* other = &tensor;
    if (tensor.name.size() < known->second->name.size()) std::swap(known->second, other);
    shadowed_.push_back(other);
}

std::string Checkpoint::spelled(const std::string& name) const {
    return tensorflow_ ? TfCheckpoint::spelled(name) : name;
}

const Tensor* Checkpoint::find(const std::string& name) const {
    const auto found = by_name_.find(spelled(name));
    return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace model
