// A page opens no files of office programs.
#include "viz/slides/pptx_template.h"

#include "model/base/error.h"

namespace viz {

struct SlideTemplate::Opened {};

SlideTemplate::SlideTemplate(const std::filesystem::path& path) {
    throw model::Error(path.string() + ": templates are opened by the program on a desktop");
}

SlideTemplate::~SlideTemplate() = default;

SlideShape SlideTemplate::shape() const {
    return SlideShape::wide;
}

const Theme& SlideTemplate::theme() const {
    return light_theme();
}

void SlideTemplate::write(std::ostream&, const Deck&, const Progress&) const {}

}  // namespace viz
