#include "viz/slides/pptx_layout.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <map>
#include <vector>

#include "viz/paint/xml.h"
#include "viz/slides/pptx_parts.h"

namespace viz::pptx {

namespace {

constexpr double margin = 0.04;     // of the slide, where nothing says what is free
constexpr double least_free = 0.2;  // of the slide, for a figure
constexpr double backdrop = 0.4;    // of the slide: what is larger lies behind everything
constexpr size_t most_layouts = 2'000;
constexpr size_t most_shapes = 10'000;  // of a layout

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

struct Shape {
    std::string kind;  // its placeholder's: "title", "body", "obj"; empty: it is none
    std::string index;
    bool placeholder = false, placed = false, filled = false;
    Area area;
};

double number(const pugi::xml_node& node, const char* name) {
    return static_cast<double>(node.attribute(name).as_llong());
}

Shape shape_of(const pugi::xml_node& node) {
    Shape shape;
    for (const char* about : {"nvSpPr", "nvPicPr", "nvGraphicFramePr"}) {
        const pugi::xml_node ph = descend(node, {about, "nvPr", "ph"});
        if (!ph) continue;
        shape.placeholder = true;
        shape.kind = ph.attribute("type").as_string("obj");
        shape.index = ph.attribute("idx").value();
    }
    pugi::xml_node transform = descend(node, {"spPr", "xfrm"});
    if (!transform) transform = descend(node, {"grpSpPr", "xfrm"});
    if (!transform) transform = child(node, "xfrm");
    const pugi::xml_node from = child(transform, "off"), size = child(transform, "ext");
    shape.placed = from && size;
    shape.area = {number(from, "x"), number(from, "y"), number(size, "cx"), number(size, "cy")};
    const pugi::xml_node properties = child(node, "spPr");
    shape.filled = local_name(node) == "pic" || child(properties, "solidFill") ||
                   child(properties, "gradFill") || child(properties, "blipFill");
    return shape;
}

std::vector<Shape> shapes_of(const pugi::xml_document& part) {
    std::vector<Shape> shapes;
    const pugi::xml_node tree = descend(part.document_element(), {"cSld", "spTree"});
    for (const pugi::xml_node& node : tree.children()) {
        const std::string_view name = local_name(node);
        if (shapes.size() == most_shapes) break;
        if (is_one_of(name, {"sp", "pic", "graphicFrame", "grpSp", "cxnSp"}))
            shapes.push_back(shape_of(node));
    }
    return shapes;
}

bool is_title(const Shape& shape) {
    return shape.placeholder && is_one_of(shape.kind, {"title", "ctrTitle"});
}

bool is_foot(const Shape& shape) {
    return shape.placeholder && is_one_of(shape.kind, {"dt", "ftr", "sldNum"});
}

bool is_content(const Shape& shape) {
    return shape.placeholder && !is_title(shape) && !is_foot(shape) && shape.kind != "hdr" &&
           shape.kind != "sldImg";
}

const Shape* first(const std::vector<Shape>& shapes, bool (*wanted)(const Shape&)) {
    const auto found = std::ranges::find_if(shapes, wanted);
    return found == shapes.end() ? nullptr : &*found;
}

// What of an area is left beside something: the largest part along one of its sides.
Area without(Area area, const Area& taken) {
    if (taken.x >= area.right() || taken.right() <= area.x || taken.y >= area.bottom() ||
        taken.bottom() <= area.y) {
        return area;
    }
    Area best;
    for (const Area& part : {Area{area.x, taken.bottom(), area.w, area.bottom() - taken.bottom()},
                             Area{area.x, area.y, area.w, taken.y - area.y},
                             Area{taken.right(), area.y, area.right() - taken.right(), area.h},
                             Area{area.x, area.y, taken.x - area.x, area.h}}) {
        if (part.w > 0 && part.h > 0 && part.size() > best.size()) best = part;
    }
    return best;
}

// "ph" with what a slide says of it.
std::string placeholder(const Shape* shape) {
    if (!shape) return "";
    std::string out = "<p:ph type=\"" + xml_attribute(shape->kind) + "\"";
    if (!shape->index.empty()) out += " idx=\"" + xml_attribute(shape->index) + "\"";
    return out + "/>";
}

// Colours by the names that slides call them.
using Colours = std::map<std::string, Colour>;

std::optional<Colour> hex_colour(const std::string& digits) {
    char* end = nullptr;
    const unsigned long value = std::strtoul(digits.c_str(), &end, 16);
    if (digits.size() != 6 || *end != '\0') return std::nullopt;
    return Colour{static_cast<uint8_t>(value >> 16), static_cast<uint8_t>(value >> 8),
                  static_cast<uint8_t>(value)};
}

// Of what holds a colour; none: one that is mixed, or not known.
std::optional<Colour> colour_in(const pugi::xml_node& holder, const Colours& known) {
    const pugi::xml_node colour = first_element(holder);
    const std::string_view kind = local_name(colour);
    if (!colour || first_element(colour)) return std::nullopt;
    if (kind == "srgbClr") return hex_colour(colour.attribute("val").value());
    if (kind == "sysClr") return hex_colour(colour.attribute("lastClr").value());
    const auto found = known.find(colour.attribute("val").value());
    if (kind != "schemeClr" || found == known.end()) return std::nullopt;
    return found->second;
}

struct Look {
    pugi::xml_document layout, master, theme;
};

Colours colours_of(const Look& look) {
    Colours colours;
    const pugi::xml_node scheme =
        descend(look.theme.document_element(), {"themeElements", "clrScheme"});
    for (const pugi::xml_node& entry : scheme.children()) {
        if (const auto colour = colour_in(entry, {})) colours.emplace(local_name(entry), *colour);
    }
    pugi::xml_node map =
        descend(look.layout.document_element(), {"clrMapOvr", "overrideClrMapping"});
    if (!map) map = child(look.master.document_element(), "clrMap");
    Colours mapped = colours;
    for (const pugi::xml_attribute& name : map.attributes()) {
        const auto colour = colours.find(name.value());
        if (colour != colours.end()) mapped[name.name()] = colour->second;
    }
    return mapped;
}

std::optional<Colour> background_of(const Look& look) {
    pugi::xml_node bg = descend(look.layout.document_element(), {"cSld", "bg"});
    if (!bg) bg = descend(look.master.document_element(), {"cSld", "bg"});
    if (!bg) return Colour{255, 255, 255};
    const Colours known = colours_of(look);
    if (const pugi::xml_node own = child(bg, "bgPr"))
        return colour_in(child(own, "solidFill"), known);
    // Into the theme's list of backgrounds, which begins at 1001: one that is the colour itself.
    const pugi::xml_node reference = child(bg, "bgRef");
    const int at = reference.attribute("idx").as_int() - 1001;
    const pugi::xml_node fills =
        descend(look.theme.document_element(), {"themeElements", "fmtScheme", "bgFillStyleLst"});
    int i = 0;
    for (const pugi::xml_node& fill : fills.children()) {
        if (fill.type() != pugi::node_element || i++ != at) continue;
        const pugi::xml_node colour = first_element(fill);
        const bool plain = local_name(fill) == "solidFill" && !first_element(colour) &&
                           colour.attribute("val").value() == std::string_view("phClr");
        return plain ? colour_in(reference, known) : std::nullopt;
    }
    return std::nullopt;
}

int title_size(const Look& look, const Shape* title) {
    const pugi::xml_node style =
        descend(look.master.document_element(), {"txStyles", "titleStyle", "lvl1pPr", "defRPr"});
    int size = style.attribute("sz").as_int(4400);
    // The layout's own title may say another.
    const pugi::xml_node tree = descend(look.layout.document_element(), {"cSld", "spTree"});
    for (const pugi::xml_node& node : tree.children()) {
        if (!title || !is_title(shape_of(node))) continue;
        const pugi::xml_node own = descend(node, {"txBody", "lstStyle", "lvl1pPr", "defRPr"});
        size = own.attribute("sz").as_int(size);
    }
    return std::clamp(size, 800, 20000);
}

// Of its own, or where the master has the same.
Shape placed(Shape shape, const std::vector<Shape>& master) {
    if (shape.placed) return shape;
    for (const Shape& of : master) {
        const bool same = is_title(shape)  ? is_title(of)
                          : is_foot(shape) ? of.placeholder && of.kind == shape.kind
                                           : of.placeholder && of.kind == "body";
        if (same && of.placed) {
            shape.area = of.area;
            shape.placed = true;
            break;
        }
    }
    return shape;
}

// What is free for a figure on a slide, beside the title, the feet and what decorates the slides.
struct Room {
    Area free;
    bool covered = false;  // something lies behind the whole slide
};

Room room_of(const std::vector<Shape>& shapes, const std::vector<Shape>& above, bool inherits,
             double width, double height) {
    const double all = width * height;
    const Area within{width * margin, height * margin, width * (1 - 2 * margin),
                      height * (1 - 2 * margin)};
    const std::array levels{&shapes, &above};
    // The largest place for content, of the layout or else of the master.
    Area content;
    for (const std::vector<Shape>* level : levels) {
        for (const Shape& shape : *level) {
            if (is_content(shape) && shape.placed && shape.area.size() > content.size())
                content = shape.area;
        }
        if (content.size() > 0) break;
    }
    if (content.size() <= 0) content = within;
    Room room;
    std::vector<Area> titles, taken;
    for (const std::vector<Shape>* level : levels) {
        if (level == &above && !inherits) continue;
        for (const Shape& shape : *level) {
            if (!shape.placed) continue;
            if (shape.placeholder) {
                if (level == &above) continue;
                if (is_title(shape)) titles.push_back(shape.area);
                if (is_foot(shape)) taken.push_back(shape.area);
            } else if (shape.area.size() > backdrop * all) {
                room.covered |= shape.filled;
            } else {
                taken.push_back(shape.area);
            }
        }
    }
    const auto cut = [](Area area, const std::vector<Area>& from) {
        for (const Area& each : from) area = without(area, each);
        return area;
    };
    // Where that leaves too little, what decorates the slides is covered, and at last the title.
    for (const Area& area : {cut(cut(content, titles), taken), cut(cut(within, titles), taken),
                             cut(within, titles), within}) {
        room.free = area;
        if (area.size() >= least_free * all) break;
    }
    return room;
}

SlideLayout read_layout(const OfficePackage& package, const std::string& part, double width,
                        double height) {
    SlideLayout out;
    out.part = package.spelled(part);
    out.width = width;
    out.height = height;
    Look look;
    look.layout = package.xml(part);
    const std::string master = package.relation(part, "slideMaster").target;
    look.master = package.xml(master);
    if (const std::string theme = package.relation(master, "theme").target; !theme.empty())
        look.theme = package.xml(theme);
    const std::vector<Shape> above = shapes_of(look.master);
    std::vector<Shape> shapes = shapes_of(look.layout);
    for (Shape& shape : shapes) shape = placed(shape, above);

    const Shape* title = first(shapes, is_title);
    out.title = placeholder(title);
    out.number = placeholder(
        first(shapes, [](const Shape& s) { return s.placeholder && s.kind == "sldNum"; }));
    out.footer =
        placeholder(first(shapes, [](const Shape& s) { return s.placeholder && s.kind == "ftr"; }));
    if (title) out.title_place = {title->area, title_size(look, title)};

    const bool inherits = look.layout.document_element().attribute("showMasterSp").as_bool(true);
    const Room room = room_of(shapes, above, inherits, width, height);
    out.free = room.free;
    if (!room.covered) out.background = background_of(look);
    return out;
}

}  // namespace

SlideLayout chosen_layout(const OfficePackage& package, const std::string& presentation) {
    const pugi::xml_document main = package.xml(presentation);
    const pugi::xml_node size = child(main.document_element(), "sldSz");
    const double width = number(size, "cx"), height = number(size, "cy");
    constexpr double least = 914400, most = 51206400;
    if (width < least || height < least || width > most || height > most)
        package.refuse("is damaged: its slides have no size");
    // By kind, the best first: a title alone, one with something else, none.
    enum Kind { title_only, with_title, blank, other, kinds };
    std::vector<std::string> found(kinds);
    size_t seen = 0;
    for (const PartRelation& master : package.relations(presentation)) {
        if (master.type != "slideMaster" || master.target.empty()) continue;
        for (const PartRelation& layout : package.relations(master.target)) {
            if (layout.type != "slideLayout" || layout.target.empty()) continue;
            if (++seen > most_layouts) package.refuse("has too many layouts");
            const pugi::xml_document part = package.xml(layout.target);
            const std::string type = part.document_element().attribute("type").value();
            const std::vector<Shape> shapes = shapes_of(part);
            const bool opens = is_one_of(type, {"title", "secHead"});
            const Kind kind = type == "titleOnly"                 ? title_only
                              : first(shapes, is_title) && !opens ? with_title
                              : type == "blank"                   ? blank
                                                                  : other;
            if (found[kind].empty()) found[kind] = layout.target;
        }
    }
    for (const std::string& layout : found) {
        if (!layout.empty()) return read_layout(package, layout, width, height);
    }
    package.refuse("has no layout for slides");
}

std::string notes_words(const OfficePackage& package, const std::string& master) {
    const std::vector<Shape> shapes = shapes_of(package.xml(master));
    const Shape* words =
        first(shapes, [](const Shape& s) { return s.placeholder && s.kind == "body"; });
    return words ? placeholder(words) : notes_placeholder;
}

}  // namespace viz::pptx
