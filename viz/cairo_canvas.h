// Draws with cairo: a PNG picture, or a PDF with one page a drawing and selectable text.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "viz/canvas.h"

namespace viz {

using Drawing = std::function<void(Canvas&)>;

// Bytes of a PNG of size * scale pixels. Throws std::runtime_error when cairo does.
std::string render_png(Size size, float scale, Colour background, const Drawing& drawing);
// The same picture as numbers, 0xAARRGGBB row by row; the colours are multiplied by the alpha.
struct Pixels {
    int width = 0, height = 0;
    std::vector<uint32_t> argb;
};
Pixels render_pixels(Size size, float scale, Colour background, const Drawing& drawing);
// Bytes of a PNG of these.
std::string png_of(Pixels pixels);
// Bytes of a PDF, one page for each drawing; 1 pixel is 0.75 points. No dates inside: the same
// drawings give the same bytes.
std::string render_pdf(Size size, Colour background, const std::string& title,
                       const std::vector<Drawing>& pages);

}  // namespace viz
