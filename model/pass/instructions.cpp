#include "model/pass/instructions.h"

#include <hwy/highway.h>

#include "model/base/error.h"

namespace model {

namespace {

bool has_fused(int64_t target) {
#if HWY_ARCH_X86
    return target <= HWY_AVX2;  // the better, the lower
#else
    return target != HWY_SCALAR && target != HWY_EMU128;
#endif
}

}  // namespace

std::string instructions() {
    return hwy::TargetName(hwy::SupportedAndGeneratedTargets().front());
}

std::vector<std::string> instruction_sets(bool fused) {
    std::vector<std::string> names;
    for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
        if (!fused || has_fused(target)) names.emplace_back(hwy::TargetName(target));
    }
    return names;
}

void choose_instructions(std::string_view name) {
    hwy::SetSupportedTargetsForTest(0);
    if (!name.empty()) {
        int64_t found = 0;
        for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
            if (name == hwy::TargetName(target)) found = target;
        }
        check(found != 0, "choose_instructions: the processor has them");
        hwy::SetSupportedTargetsForTest(found);
    }
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace model
