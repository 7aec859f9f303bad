// Packs the parts; a page's are made one after the other and let go when they are packed.
#include "viz/slides/pptx.h"

#include <string>

#include "viz/paint/cairo_canvas.h"
#include "viz/paint/svg_canvas.h"
#include "viz/slides/pptx_parts.h"
#include "viz/slides/zip_file.h"

namespace viz {

namespace {

constexpr Colour nothing{0, 0, 0, 0};

std::string svg_of(const Deck& deck, const Page& page) {
    const Rect place = pptx::figure_place(deck);
    SvgCanvas canvas({place.w, place.h}, nothing);
    PlacedCanvas moved(canvas, {-place.x, -place.y}, 1);
    page.figure(moved);
    return canvas.finish(page.title);
}

std::string png_of(const Deck& deck, const Page& page) {
    const Rect place = pptx::figure_place(deck);
    // On the slide's colour: where programs mix a transparent picture in, thin lines and the gaps
    // of maps come out grey.
    return render_png({place.w, place.h}, pptx_picture_scale, deck.theme->card,
                      [&](Canvas& canvas) {
                          PlacedCanvas moved(canvas, {-place.x, -place.y}, 1);
                          page.figure(moved);
                      });
}

}  // namespace

void write_pptx(std::ostream& out, const Deck& deck, const Progress& progress) {
    ZipFile package;
    const auto add = [&](const std::string& name, const std::string& part) {
        package.add(name, part, Packing::deflated);
    };
    const auto with_relations = [&](const std::string& name, const std::string& part,
                                    const std::string& relations) {
        add(name, part);
        add(pptx::relations_name(name), relations);
    };
    add("[Content_Types].xml", pptx::content_types(deck.pages));
    add("_rels/.rels", pptx::package_relations());
    add("docProps/core.xml", pptx::core_properties(deck.title.empty() ? "Stepscope" : deck.title));
    add("docProps/app.xml", pptx::app_properties());
    with_relations("ppt/presentation.xml", pptx::presentation(deck),
                   pptx::presentation_relations(deck.pages));
    add("ppt/theme/theme1.xml", pptx::theme(*deck.theme));
    add("ppt/theme/theme2.xml", pptx::theme(light_theme()));
    with_relations("ppt/slideMasters/slideMaster1.xml", pptx::slide_master(deck),
                   pptx::slide_master_relations());
    for (int i = 1; i <= pptx::layouts; ++i) {
        with_relations(pptx::layout_name(i), pptx::slide_layout(deck, i),
                       pptx::slide_layout_relations());
    }
    with_relations("ppt/notesMasters/notesMaster1.xml", pptx::notes_master(deck),
                   pptx::notes_master_relations());
    for (int i = 1; i <= deck.pages; ++i) {
        const Page page = deck.page(i - 1);
        with_relations(pptx::slide_name(i), pptx::slide(deck, page, i), pptx::slide_relations(i));
        with_relations(pptx::notes_name(i), pptx::notes(page), pptx::notes_relations(i));
        add(pptx::svg_name(i), svg_of(deck, page));
        package.add(pptx::png_name(i), png_of(deck, page), Packing::stored);
        tell(progress, i, deck.pages);
    }
    package.write(out);
}

}  // namespace viz
