// Packs the parts; a page's are made one after the other and let go when they are packed.
#include "viz/slides/pptx.h"

#include <string>
#include <vector>

#include "viz/slides/pptx_parts.h"
#include "viz/slides/pptx_slide.h"
#include "viz/slides/pptx_template.h"
#include "viz/slides/zip_file.h"

namespace viz {

namespace {

constexpr const char* main_part = "ppt/presentation.xml";
constexpr const char* notes_master_part = "ppt/notesMasters/notesMaster1.xml";
constexpr const char* notes_theme_part = "ppt/theme/theme2.xml";

// Slides on the first of our own layouts.
pptx::SlideForm own_form(const Deck& deck) {
    pptx::SlideForm form;
    form.layout = pptx::layout_name(1);
    form.notes_master = notes_master_part;
    form.title.placeholder = pptx::title_placeholder;
    form.caption.placeholder = pptx::caption_placeholder;
    form.number.placeholder = pptx::number_placeholder;
    form.number_right = true;
    form.notes_placeholder = pptx::notes_placeholder;
    const Rect place = pptx::figure_place(deck);
    form.figure = {place, double{place.x} * pptx::emu, double{place.y} * pptx::emu, pptx::emu};
    form.logo = {{}, 0, 0, pptx::emu};
    form.pixels_ground = deck.theme->card;
    return form;
}

}  // namespace

void write_pptx(std::ostream& out, const Deck& deck, const Progress& progress) {
    if (deck.base) return deck.base->write(out, deck, progress);
    ZipFile package;
    const auto add = [&](const std::string& name, const std::string& part) {
        package.add(name, part, Packing::deflated);
    };
    const auto with_relations = [&](const std::string& name, const std::string& part,
                                    const std::string& relations) {
        add(name, part);
        add(pptx::relations_name(name), relations);
    };
    add("_rels/.rels", pptx::package_relations());
    add("docProps/core.xml", pptx::core_properties(deck.title.empty() ? "Stepscope" : deck.title));
    add("docProps/app.xml", pptx::app_properties());
    add("ppt/theme/theme1.xml", pptx::theme(*deck.theme));
    add(notes_theme_part, pptx::theme(light_theme()));
    with_relations("ppt/slideMasters/slideMaster1.xml", pptx::slide_master(deck),
                   pptx::slide_master_relations());
    for (int i = 1; i <= pptx::layouts; ++i) {
        with_relations(pptx::layout_name(i), pptx::slide_layout(deck, i),
                       pptx::slide_layout_relations());
    }
    pptx::Relations of_notes(notes_master_part);
    of_notes.add("theme", notes_theme_part);
    with_relations(notes_master_part, pptx::notes_master(deck.size()), of_notes.xml());
    pptx::Relations relations(main_part);
    relations.add("slideMaster", "ppt/slideMasters/slideMaster1.xml");
    relations.add("notesMaster", notes_master_part);
    relations.add("theme", "ppt/theme/theme1.xml");
    pptx::Parts parts(package);
    const pptx::SlideForm form = own_form(deck);
    std::vector<std::string> slides;
    for (int i = 1; i <= deck.pages; ++i) {
        const Page page = deck.page(i - 1);
        slides.push_back(relations.add("slide", pptx::add_slide(parts, form, deck, page, i)));
        tell(progress, i, deck.pages);
    }
    with_relations(main_part, pptx::presentation(deck, slides), relations.xml());
    std::string types;
    for (const auto& [part, type] : parts.typed()) {
        if (!type.empty()) types += pptx::part_type(part, type);
    }
    package.add_first("[Content_Types].xml", pptx::content_types(types), Packing::deflated);
    package.write(out);
}

}  // namespace viz
