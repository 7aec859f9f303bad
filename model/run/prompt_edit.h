// A prompt beside another one: where they differ, and how that is said.
#pragma once

#include <string>
#include <vector>

#include "model/pass/ablation.h"
#include "model/pass/model.h"

namespace model {

struct Step;

// The stretch that is another one: all before it and all after it is the same in both.
struct PromptEdit {
    int at = 0;                       // position of its first token
    std::vector<int> removed, added;  // ids
    bool operator==(const PromptEdit&) const = default;
};
PromptEdit prompt_edit(const std::vector<int>& from, const std::vector<int>& to);

// What somebody typed for a token or several: "#17" is an id, "#17 #4" are two, all else is text.
// Throws Error where it stands for no token of the model.
std::vector<int> typed_tokens(const Model& model, const std::string& text);

// "prompt: “ France” → “ Italy”"; empty for the same prompt.
std::string prompt_edit_words(const Model& model, const std::vector<int>& from,
                              const std::vector<int>& to);
// All that sets a run apart: "without L3H2 · prompt: “ France” → “ Italy”"; empty for nothing.
std::string run_words(const Model& model, const Ablation& ablation, const std::vector<int>& from,
                      const std::vector<int>& to);
std::string run_words(const Model& model, const Step& step);

}  // namespace model
