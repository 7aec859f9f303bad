#include "viz/slides/pptx_template.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/base/file.h"
#include "viz/slides/office_package.h"
#include "viz/slides/pptx_grown.h"
#include "viz/slides/pptx_layout.h"
#include "viz/slides/pptx_parts.h"
#include "viz/slides/pptx_slide.h"
#include "viz/slides/zip_file.h"

namespace viz {

namespace {

using pptx::Area;

constexpr size_t most_file = 256 << 20;   // bytes
constexpr double usual_height = 6858000;  // of a slide, 7.5 inches
constexpr double emu_of_point = 12700;
constexpr const char* notes_master_type =
    "application/vnd.openxmlformats-officedocument.presentationml.notesMaster+xml";
constexpr const char* theme_type = "application/vnd.openxmlformats-officedocument.theme+xml";

std::string place(const Area& area) {
    return pptx::place(area.x, area.y, area.w, area.h);
}

// The largest size, of whole points, at which a title has room that is as long as titles of steps
// are; and the room of all its lines at that size.
void fit_title(pptx::WordsBox& title, const pptx::TitlePlace& at) {
    constexpr double em = 23;  // of "Step 12 — “␣gave” is about to be appended", and more
    constexpr double insets = 7.2;  // points, on each side
    constexpr double line = 1.2, raggedness = 0.92;
    const double width = at.area.w / emu_of_point - 2 * insets;
    const double height = at.area.h / emu_of_point - insets;
    title.usual = at.size;
    title.size = at.size;
    if (width <= 0) return;
    for (int size = at.size;; size -= 100) {
        const double lines = std::max(std::floor(height / (size / 100.0 * line)), 1.0);
        title.room = width * lines * (lines > 1 ? raggedness : 1);
        title.size = size;
        if (em * size / 100 <= title.room || size < 1600) return;
    }
}

}  // namespace

struct SlideTemplate::Opened {
    OfficePackage package;
    std::string main;  // its presentation
    pptx::SlideLayout layout;
    const Theme* theme = &light_theme();
    bool plate = false;  // figures need a ground of their own

    explicit Opened(const std::filesystem::path& path)
        : package(model::read_file(path, most_file), path.string()) {
        for (const PartRelation& relation : package.relations("")) {
            if (relation.type == "officeDocument") main = package.spelled(relation.target);
            if (relation.type == "origin") {
                package.refuse(
                    "is digitally signed, and would not be any more; save a copy without the "
                    "signature");
            }
        }
        const std::string type = package.type_of(main);
        const bool macros = type.find("macroEnabled") != std::string::npos ||
                            !package.relation(main, "vbaProject").target.empty();
        if (macros) package.refuse("has macros; save a copy without them, as .pptx");
        const bool slides = std::ranges::any_of(
            std::initializer_list<std::string_view>{"presentation.main+xml", "template.main+xml",
                                                    "slideshow.main+xml"},
            [&](std::string_view end) { return type.ends_with(end); });
        if (main.empty() || !slides || type.find("presentationml") == std::string::npos)
            package.refuse("is no PowerPoint presentation");
        layout = pptx::chosen_layout(package, main);
        if (!layout.background) {
            plate = true;
            return;
        }
        const Colour ground = *layout.background;
        if (contrast(dark_theme().text, ground) > contrast(light_theme().text, ground))
            theme = &dark_theme();
        constexpr float readable = 4.5f;
        plate = contrast(theme->muted, ground) < readable;
    }

    pptx::SlideForm form(const Deck& deck, bool captions) const;
};

SlideTemplate::SlideTemplate(const std::filesystem::path& path)
    : opened_(std::make_unique<Opened>(path)) {}

SlideTemplate::~SlideTemplate() = default;

SlideShape SlideTemplate::shape() const {
    const auto ratio = [](SlideShape shape) {
        const Rect body = slide_body(shape);
        return double{body.w} / body.h;
    };
    const Area& free = opened_->layout.free;
    const double between = std::sqrt(ratio(SlideShape::wide) * ratio(SlideShape::classic));
    return free.w / free.h < between ? SlideShape::classic : SlideShape::wide;
}

const Theme& SlideTemplate::theme() const {
    return *opened_->theme;
}

pptx::SlideForm SlideTemplate::Opened::form(const Deck& deck, bool captions) const {
    pptx::SlideForm form;
    form.layout = layout.part;
    const double inches = layout.height / usual_height;  // a slide's, to the usual ones
    Area free = layout.free;
    form.title.placeholder = layout.title;
    if (!layout.title.empty()) {
        fit_title(form.title, layout.title_place);
    } else {
        const Area line{free.x, free.y, free.w, 42 * emu_of_point * inches};
        form.title.place = place(line);
        fit_title(form.title, {line, static_cast<int>(2400 * inches)});
        form.title.usual = 0;
        free = {free.x, line.bottom(), free.w, free.h - line.h};
    }
    form.number.placeholder = layout.number;
    form.footer.placeholder = layout.footer;
    if (captions) {
        constexpr double size = 9.5, lines = 2.3;
        form.caption.size = static_cast<int>(size * 100 * inches);
        Area line = free;
        line.h = size * lines * emu_of_point * inches;
        line.y = free.bottom() - line.h;
        free.h -= line.h;
        form.caption.place = place(line);
    }
    const Rect from = slide_body(deck.shape).inset(-6);
    const double scale = std::min(free.w / from.w, free.h / from.h);
    form.figure = {from, free.x + (free.w - from.w * scale) / 2, free.y, scale};
    const Size size = deck.size();
    form.logo = {{}, 0, 0, std::min(layout.width / size.w, layout.height / size.h)};
    form.logo.x = layout.width - size.w * form.logo.scale;
    const bool own_ground = plate || theme != deck.theme;
    form.ground = own_ground ? deck.theme->card : Colour{0, 0, 0, 0};
    form.pixels_ground = own_ground ? deck.theme->card : *layout.background;
    return form;
}

namespace {

// A notes master and its theme, in a file that has none.
std::string add_notes_master(pptx::Parts& parts, Size slide) {
    const auto named = [&](const std::string& front) {
        return front + std::to_string(parts.number(front, {".xml"})) + ".xml";
    };
    const std::string master = named("ppt/notesMasters/notesMaster");
    const std::string theme = named("ppt/theme/theme");
    pptx::Relations leads(master);
    leads.add("theme", theme);
    parts.add(theme, pptx::theme(light_theme()), theme_type);
    parts.add(master, pptx::notes_master(slide), notes_master_type);
    parts.add(pptx::relations_name(master), leads.xml(), "");
    return master;
}

}  // namespace

void SlideTemplate::write(std::ostream& out, const Deck& deck, const Progress& progress) const {
    const OfficePackage& from = opened_->package;
    const std::string& main = opened_->main;
    const std::string properties = from.spelled(from.relation("", "extended-properties").target);
    ZipFile package;
    pptx::Parts parts(package);
    for (const std::string& part : from.parts()) {
        parts.take(part);
        const bool grows = part == from.spelled(pptx::types_part) || part == main ||
                           part == properties || part == from.spelled(pptx::relations_name(main));
        if (grows) continue;
        package.add(part, from.bytes(part),
                    from.stored(part) ? Packing::stored : Packing::deflated);
    }
    pptx::GrownPresentation presentation(from, main);
    pptx::GrownRelations relations(from, main);
    std::string notes_master = from.spelled(from.relation(main, "notesMaster").target);
    std::string notes_placeholder = pptx::notes_placeholder;
    if (notes_master.empty()) {
        notes_master = add_notes_master(parts, {static_cast<float>(opened_->layout.width),
                                                static_cast<float>(opened_->layout.height)});
        presentation.add_notes_master(relations.add("notesMaster", notes_master));
    } else {
        notes_placeholder = pptx::notes_words(from, notes_master);
    }
    std::vector<std::string> titles;
    for (int i = 0; i < deck.pages; ++i) {
        const Page page = deck.page(i);
        pptx::SlideForm form = opened_->form(deck, !page.caption.empty() || !page.footer.empty());
        form.notes_master = notes_master;
        form.notes_placeholder = notes_placeholder;
        const std::string slide =
            pptx::add_slide(parts, form, deck, page, presentation.slides() + i + 1);
        presentation.add_slide(relations.add("slide", slide));
        titles.push_back(page.title);
        tell(progress, i + 1, deck.pages);
    }
    const auto add = [&](const std::string& part, const std::string& bytes) {
        package.add(part, bytes, Packing::deflated);
    };
    if (!properties.empty())
        add(properties, pptx::grown_properties(from, properties, presentation.slides(), titles));
    add(main, presentation.xml());
    add(from.spelled(pptx::relations_name(main)), relations.xml());
    package.add_first(pptx::types_part, pptx::grown_types(from, main, parts.typed()),
                      Packing::deflated);
    package.write(out);
}

}  // namespace viz
