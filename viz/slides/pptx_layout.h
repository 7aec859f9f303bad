// How the slides of somebody's PowerPoint file look: the layout that suits a title with a figure,
// where it leaves room, and what colour lies behind it.
#pragma once

#include <optional>
#include <string>

#include "viz/paint/theme.h"
#include "viz/slides/office_package.h"

namespace viz::pptx {

// In English Metric Units, of which an inch has 914,400.
struct Area {
    double x = 0, y = 0, w = 0, h = 0;
    double right() const { return x + w; }
    double bottom() const { return y + h; }
    double size() const { return w * h; }
};

struct TitlePlace {
    Area area;
    int size = 4400;  // hundredths of a point
};

struct SlideLayout {
    std::string part;
    double width = 0, height = 0;  // of the slide
    // Placeholders as a slide names them, "<p:ph type=\"title\"/>"; empty: the layout has none.
    std::string title, number, footer;
    TitlePlace title_place;
    Area free;                         // for a figure
    std::optional<Colour> background;  // none: a picture, a gradient or what is not known
};

// `presentation`: its main part. Throws model::Error where it has no layout.
SlideLayout chosen_layout(const OfficePackage& package, const std::string& presentation);

// The placeholder of a notes master's words; of ours where there is none.
std::string notes_words(const OfficePackage& package, const std::string& master);

}  // namespace viz::pptx
