// Fonts of the machine, for what the program's own lack.
#pragma once

#include <span>

#include "viz/paint/font.h"

namespace viz {

// The outline font nearest to the first of these families at a CSS weight; with a character, the
// nearest one that has it. An empty path where there is none. Not safe to call from two threads.
FontFile system_font(std::span<const char* const> families, int css_weight, char32_t character);

}  // namespace viz
