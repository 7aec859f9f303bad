// A logo that somebody puts on exported pages.
#pragma once

#include <filesystem>

#include "viz/paint/canvas.h"

namespace app {

// A PNG, or an SVG where rsvg-convert is installed: it is drawn in a process of its own, which
// reads no other file. Not larger than pages show it. Throws model::Error that names the path.
viz::PicturePtr open_logo(const std::filesystem::path& path);

}  // namespace app
