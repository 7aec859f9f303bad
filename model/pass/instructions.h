// The sets of instructions that the kernels are compiled for. The best that the processor has is
// chosen when the program runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace model {

// What was chosen: "AVX2", "AVX3", "NEON".
std::string instructions();

// All that this processor has, the best first. `fused`: only those with fused multiply-add, which
// give the same numbers.
std::vector<std::string> instruction_sets(bool fused = false);

// Takes one of these from now on; "": the best again. For tests; not while kernels run.
void choose_instructions(std::string_view name);

}  // namespace model
