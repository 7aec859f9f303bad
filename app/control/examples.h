// Prompts worth trying, each with what to look at.
#pragma once

#include <span>

namespace app {

struct Example {
    const char* prompt;
    const char* look;  // a line on what there is to see
    const char* view;  // its id, where that is seen
};

std::span<const Example> examples();

}  // namespace app
