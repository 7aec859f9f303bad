// Numbers to colours. Sequential maps for weights in [0, 1], a diverging one for signed values;
// all are monotone in lightness, so they survive grey print and colour blindness.
#pragma once

#include <array>

#include "viz/paint/theme.h"

namespace viz {

enum class Colormap { violet, viridis, cividis };
const char* colormap_id(Colormap map);

// t is clamped to [0, 1]; not-a-number gives the theme's masked colour.
Colour sequential(const Theme& theme, Colormap map, float t);
// The same of many values: 256 levels, found once.
class ColourTable {
  public:
    ColourTable(const Theme& theme, Colormap map);
    Colour at(float t) const;

  private:
    std::array<Colour, 256> colours_;
    Colour masked_;
};
// t in [-1, 1]: blue below, orange above, the card's colour at 0.
Colour diverging(const Theme& theme, float t);
// Black or white, whichever reads better on `background`.
Colour text_on(Colour background);

}  // namespace viz
