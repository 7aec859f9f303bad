#include "app/run/logo.h"

#include <algorithm>
#include <optional>
#include <string>

#include "app/run/process.h"
#include "model/base/error.h"
#include "model/base/file.h"
#include "viz/paint/cairo_canvas.h"

namespace app {

namespace {

constexpr size_t most_bytes = 16 << 20;
// Pixels: what the largest scale of a page shows.
constexpr int most_width = 1200, most_height = 352;

// None: it cannot be drawn.
std::optional<std::string> png_of_svg(const std::string& svg) {
    return run_program(
        {"timeout", "20", "rsvg-convert", "--format", "png", "--keep-aspect-ratio", "--width",
         std::to_string(most_width), "--height", std::to_string(most_height)},
        svg, true);
}

}  // namespace

viz::PicturePtr open_logo(const std::filesystem::path& path) {
    const auto refuse = [&](const char* why) { throw model::Error(path.string() + ": " + why); };
    std::string bytes = model::read_file(path, most_bytes);
    if (!bytes.starts_with("\x89PNG")) {
        // In the text before the drawing there may be a declaration and remarks.
        constexpr size_t head = 4096;
        if (bytes.substr(0, head).find("<svg") == std::string::npos) refuse("is no PNG and no SVG");
        if (!has_program("rsvg-convert"))
            refuse("needs rsvg-convert to be drawn (package librsvg2-bin); or give a PNG");
        std::optional<std::string> drawn = png_of_svg(bytes);
        if (!drawn || drawn->empty()) refuse("is an SVG that cannot be drawn");
        bytes = std::move(*drawn);
    }
    const viz::PicturePtr picture = viz::read_png(bytes, {most_width, most_height});
    if (!picture) refuse("is a damaged PNG, or one of more than 8192 pixels a side");
    return picture;
}

}  // namespace app
