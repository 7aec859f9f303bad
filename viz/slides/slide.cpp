#include "viz/slides/slide.h"

#include <algorithm>

#include "model/run/prompt_edit.h"
#include "viz/layout/parts.h"
#include "viz/paint/format.h"
#include "viz/paint/paragraph.h"
#include "viz/paint/utf8.h"
#include "viz/views/drawings.h"
#include "viz/views/pointing.h"

namespace viz {

namespace {

constexpr float text_scale = 1.75f;  // of the views: their smallest text is then 18 pixels
constexpr float ribbon_scale = 1.5f;
constexpr float title_size = 44;
constexpr float heading_size = 27;
constexpr float caption_size = 19;
constexpr float longest_title_token = 440;
constexpr float longest_model_name = 300;
constexpr float least_prompt = 120;
constexpr float page_number_width = 160;
constexpr float logo_overhang = 12;  // of a logo above and below the title's line
constexpr float most_footer = 0.5f;  // of the caption's line, with the number
constexpr float locked_size = 22;
constexpr float locked_line = 32;  // the words of a locked cell, taken from the body
constexpr int most_locked_lines = 3;
constexpr float heading_height = 52;
constexpr float most_stretch = 1.5f;  // of what a view likes to be wide

// Where everything stands.
struct Areas {
    Rect title, ribbon, body, caption;
    float between;  // two views
};

Areas areas_of(SlideShape shape) {
    const bool wide = shape == SlideShape::wide;
    const float margin = wide ? 80 : 60;
    const float width = slide_size(shape).w - 2 * margin;
    return {{margin, 52, width, 64},
            {margin, 134, width, 54},
            {margin, 216, width, 776},
            {margin, 1018, width, 36},
            wide ? 72.0f : 44.0f};
}

float least_width(const View& view) {
    return view.least.w * text_scale;
}

// The width that a view likes to have on a page.
float preferred_width(const View& view, const Scene& scene) {
    return view.preferred_size(scene).w * text_scale;
}

// What the tooltip of a locked cell says, as many of its lines in one as there is room for.
Lines locked_words(const Scene& scene, float width) {
    const TextStyle style{Face::sans_bold, locked_size, {}};
    Lines rows;
    for (const std::string& line : tooltip(scene, scene.locked)) {
        const std::string longer = rows.empty() ? "" : rows.back() + " · " + line;
        if (!rows.empty() && width_of(style, longer) <= width) {
            rows.back() = longer;
        } else if (rows.size() < most_locked_lines) {
            rows.push_back(line);
        }
    }
    return rows;
}

// What is left of the body above these lines.
Rect without_said(Rect body, const Lines& said) {
    return said.empty() ? body
                        : body.without_bottom(locked_line * static_cast<float>(said.size()) + 12);
}

// Its rectangle: as wide as the drawing likes, not stretched over the page.
Rect place(Rect rect, const View& view, const Scene& scene) {
    const float width = std::min(rect.w, preferred_width(view, scene) * most_stretch);
    return {rect.x + (rect.w - width) / 2, rect.y, width, rect.h};
}

void draw_one(Canvas& canvas, Rect rect, const View& view, const Scene& scene,
              const Language& language, float scale = text_scale) {
    if (view.heading != Heading::own) {
        const std::string head = head_heading(scene, language) + " · ";
        const std::string text =
            (view.heading == Heading::head ? head : "") + language.view_title(view.id, view.title);
        draw_text_in(canvas, rect.top(heading_height - 16), text,
                     {Face::sans_bold, heading_size, scene.theme.text});
        rect = rect.without_top(heading_height);
    }
    draw_enlarged(canvas, rect, scale,
                  [&](Canvas& page, Rect whole) { draw_view(page, whole, view, scene); });
}

// Widths of two views side by side: as they like, but none less than it needs, and none stretched.
std::pair<float, float> divide(float room, const std::vector<const View*>& shown,
                               const Scene& scene) {
    const float first = preferred_width(*shown[0], scene);
    const float second = preferred_width(*shown[1], scene);
    float width = room * std::clamp(first / (first + second), 0.42f, 0.52f);
    width = std::max(width, room - most_stretch * second);
    width = std::min(width, most_stretch * first);
    width = std::max(width, least_width(*shown[0]));
    width = std::min(width, std::max(room - least_width(*shown[1]), room * 0.3f));
    return {width, room - width};
}

// The same for what a page shows: of a long text the ribbon takes a few lines, as many on every
// page of a run; beside itself it is not shown.
Areas areas_of(SlideShape shape, const Scene& scene, const std::vector<const View*>& shown,
               int lines) {
    Areas at = areas_of(shape);
    if (!shown.empty() && shown[0] == find_view("tokens")) {
        at.body = slide_body(shape);
        at.ribbon.h = 0;
        return at;
    }
    if (lines == 0) lines = chip_lines(at.ribbon.w / ribbon_scale, scene);
    const float more = chip_lines_height(lines) * ribbon_scale - at.ribbon.h;
    at.ribbon.h += more;
    at.body = at.body.without_top(more);
    return at;
}

// "Prof. Li, week 3 · 2 / 40".
std::string page_number(const Scene& scene, const std::string& footer) {
    std::string page = count(scene.step.number());
    if (scene.total_steps > 0) page += " / " + count(scene.total_steps);
    return footer.empty() ? page : footer + " · " + page;
}

float number_room(const TextStyle& small) {
    return width_of(small, " · 888 / 888") + 40;
}

}  // namespace

std::string running_text(const Scene& scene, int tokens) {
    std::vector<int> ids = scene.step.ids();
    ids.resize(static_cast<size_t>(tokens));
    std::string text;
    if (!scene.model.tokenizer) {
        for (int id : ids) text += (text.empty() ? "" : " ") + scene.shown(id);
        return text;
    }
    for (const char c : scene.model.tokenizer->decode(ids)) {
        if (c == '\n') {
            text += "⏎";
        } else if (c == '\t') {
            text += "⇥";
        } else {
            text += c;
        }
    }
    return drawable(text);
}

std::string stopped_words(const Scene& scene, const Language& language) {
    switch (scene.step.why) {
        case model::StopReason::none:
            return "";
        case model::StopReason::length:
            return language.say("stopped.length");
        case model::StopReason::end_of_text:
            return language.say("stopped.end_of_text");
        case model::StopReason::context_full:
            return language.say("stopped.context_full");
    }
    return "";
}

std::string slide_title(const Scene& scene, const Language& language) {
    const std::string step = count(scene.step.number());
    if (scene.step.why != model::StopReason::none) {
        return language.say("title.stopped",
                            {{"step", step}, {"why", stopped_words(scene, language)}});
    }
    if (scene.way < 1 || scene.reveal == Reveal::guess || scene.reveal == Reveal::logits) {
        return language.say("title.asks", {{"step", step}});
    }
    if (scene.reveal == Reveal::probabilities) {
        return language.say("title.how_likely", {{"step", step}});
    }
    const std::string token =
        fit_middle(Face::sans_bold, title_size, scene.shown(scene.step.ranking.proposed().id),
                   longest_title_token);
    return language.say(scene.reveal == Reveal::appended ? "title.appended" : "title.chosen",
                        {{"step", step}, {"token", token}});
}

std::string head_heading(const Scene& scene, const Language& language) {
    const auto mix = scene.attention.mix;
    const std::string block = count(scene.selection.layer + 1);
    if (mix == AttentionLook::Mix::one) {
        return language.say("heading.head",
                            {{"block", block}, {"head", count(scene.selection.head + 1)}});
    }
    return language.say(
        mix == AttentionLook::Mix::mean ? "heading.mean" : "heading.largest",
        {{"block", block}, {"heads", language.counted("heads", scene.model.config.n_head)}});
}

std::string slide_caption(const Scene& scene, SlideShape shape, const std::string& footer,
                          const Language& language) {
    const model::Config& c = scene.model.config;
    const AttentionLook& look = scene.attention;
    const std::string block = count(scene.selection.layer + 1);
    // What stands behind the prompt.
    std::string text;
    const auto add = [&](const std::string& said) { text += " · " + said; };
    if (look.mix == AttentionLook::Mix::one) {
        add(language.say("caption.head",
                         {{"block", block}, {"head", count(scene.selection.head + 1)}}));
    } else {
        const bool mean = look.mix == AttentionLook::Mix::mean;
        add(language.say(mean ? "caption.mean" : "caption.largest", {{"block", block}}));
    }
    add(language.say(look.own_scale ? "caption.own_scale" : "caption.scale"));
    if (look.hide_first) text += ", " + language.say("caption.sink_hidden");
    if (!scene.step.untouched()) add(model::run_words(scene.model, scene.step));
    if (scene.compared()) add(language.say("caption.difference"));
    add(model::describe(scene.decoding));
    // The prompt gives way, and then what else is known.
    const auto prompt = [&](const std::string& shown) {
        return " · " + language.say("caption.prompt", {{"prompt", shown}}) + text;
    };
    const std::string name = fit_middle(Face::sans, caption_size, c.name, longest_model_name);
    const std::string shaped =
        language.say("caption.model", {{"model", name},
                                       {"blocks", language.counted("blocks", c.n_layer)},
                                       {"heads", language.counted("heads", c.n_head)}});
    const TextStyle style{Face::sans, caption_size, {}};
    const float width = slide_text(shape, scene.theme, footer).caption.w;
    std::string before;
    float room = 0;
    for (const std::string& wording :
         {language.say("caption.program") + " · " + shaped, shaped, name}) {
        before = wording;
        room = width - width_of(style, before + prompt(""));
        if (room >= least_prompt) break;
    }
    return before +
           prompt(fit_end(Face::sans, caption_size, running_text(scene, scene.step.prompt_length),
                          std::max(room, least_prompt)));
}

bool slide_holds(SlideShape shape, const std::vector<const View*>& shown) {
    const Areas at = areas_of(shape);
    float needed = at.between * static_cast<float>(shown.empty() ? 0 : shown.size() - 1);
    for (const View* view : shown) needed += least_width(*view);
    return shown.size() <= 2 && needed <= at.body.w;
}

Size slide_size(SlideShape shape) {
    return shape == SlideShape::wide      ? Size{1920, 1080}
           : shape == SlideShape::classic ? Size{1440, 1080}
                                          : Size{794, 1123};
}

SlideText slide_text(SlideShape shape, const Theme& theme, const std::string& footer) {
    const Areas at = areas_of(shape);
    const TextStyle small{Face::sans, caption_size, theme.muted};
    const float wanted = footer.empty() ? 0 : width_of(small, footer) + number_room(small);
    const float number = std::clamp(wanted, page_number_width, at.caption.w * most_footer + 1);
    return {at.title,
            at.caption.without_right(number),
            {Face::sans_bold, title_size, theme.text},
            small,
            at.caption.without_left(at.caption.w - number)};
}

std::string fit_footer(const std::string& footer, SlideShape shape) {
    const TextStyle small{Face::sans, caption_size, {}};
    const float room = areas_of(shape).caption.w * most_footer - number_room(small);
    return fit_words(small, footer, room);
}

int ribbon_lines(const Scene& scene, SlideShape shape) {
    return chip_lines(areas_of(shape).ribbon.w / ribbon_scale, scene);
}

void draw_slide(Canvas& canvas, const Scene& scene, const std::vector<const View*>& shown,
                SlideShape shape) {
    draw_slide(canvas, scene, shown, shape,
               {slide_title(scene), slide_caption(scene, shape), "", 0});
}

void draw_slide(Canvas& canvas, const Scene& scene, const std::vector<const View*>& shown,
                SlideShape shape, const SlideWords& words) {
    draw_page_parts(canvas, words, shape, scene.theme, page_number(scene, words.footer), [&] {
        draw_slide_body(canvas, scene, shown, shape, {}, words.ribbon_lines, *words.language);
    });
}

void draw_page_parts(Canvas& canvas, const SlideWords& words, SlideShape shape, const Theme& theme,
                     const std::string& number, const std::function<void()>& figure) {
    const SlideText at = slide_text(shape, theme, words.footer);
    const auto line = [&](PagePart part, Rect rect, const std::string& text, const TextStyle& style,
                          Align align = Align::left) {
        if (text.empty()) return;
        draw_part(canvas, part, "", [&] { draw_text_in(canvas, rect, text, style, align); });
    };
    line(PagePart::title, at.title, words.title, at.title_style);
    draw_part(canvas, PagePart::figure, words.description, figure);
    line(PagePart::words, at.caption, words.caption, at.caption_style);
    line(PagePart::aside, at.number, number, at.caption_style, Align::right);
    if (!words.logo) return;
    draw_part(canvas, PagePart::aside, "",
              [&] { canvas.picture(logo_place(shape, *words.logo), words.logo); });
}

Rect logo_place(SlideShape shape, const Picture& logo) {
    const Rect line = areas_of(shape).title.inset(-logo_overhang);
    const float room = shape == SlideShape::wide ? 300 : 160;
    const float w = static_cast<float>(std::max(logo.width, 1));
    const float h = static_cast<float>(std::max(logo.height, 1));
    const float scale = std::min(room / w, line.h / h);
    return {line.right() - logo_overhang - w * scale, line.y + (line.h - h * scale) / 2, w * scale,
            h * scale};
}

float title_room(SlideShape shape, const PicturePtr& logo) {
    const Rect title = areas_of(shape).title;
    return logo ? logo_place(shape, *logo).x - 40 - title.x : title.w;
}

Rect slide_body(SlideShape shape) {
    const Areas at = areas_of(shape);
    return {at.ribbon.x, at.ribbon.y, at.ribbon.w, at.body.bottom() - at.ribbon.y};
}

Rect slide_place(const Scene& scene, const std::vector<const View*>& shown, SlideShape shape,
                 size_t which, int lines) {
    const Areas at = areas_of(shape, scene, shown, lines);
    const Rect body = without_said(at.body, locked_words(scene, at.body.w));
    Scene shared = scene;
    shared.brief = shown.size() > 1;
    if (shown.size() < 2) return place(body, *shown[0], shared);
    const auto [first, second] = divide(body.w - at.between, shown, shared);
    return which == 0 ? body.left(first) : body.without_left(body.w - second);
}

void draw_slide_body(Canvas& canvas, const Scene& scene, const std::vector<const View*>& shown,
                     SlideShape shape, const Lines& more, int lines, const Language& language) {
    const Theme& t = scene.theme;
    const Areas at = areas_of(shape, scene, shown, lines);
    if (at.ribbon.h > 0) {
        draw_enlarged(canvas, at.ribbon, ribbon_scale,
                      [&](Canvas& page, Rect whole) { draw_chips(page, whole, scene); });
    }

    Scene shared = scene;
    shared.brief = shown.size() > 1;
    Rect room = at.body;
    Lines said = locked_words(scene, room.w);
    const TextStyle bold_words{Face::sans_bold, locked_size, t.accent};
    for (const std::string& words : more) {
        for (std::string& line : broken_lines(bold_words, words, room.w, most_locked_lines)) {
            said.push_back(std::move(line));
        }
    }
    const float said_height = locked_line * static_cast<float>(said.size());
    room = without_said(room, said);
    Rect line{room.x, at.body.bottom() - said_height, room.w, locked_line};
    for (const std::string& words : said) {
        draw_text_in(canvas, line, words, bold_words);
        line.y += locked_line;
    }
    if (shown.size() == 1) {
        // A small view alone on its page is drawn larger.
        const Size liked = shown[0]->preferred_size(shared);
        const float fits = std::min(room.w / liked.w, (room.h - heading_height) / liked.h);
        const float scale = std::clamp(fits, text_scale, text_scale * most_stretch);
        draw_one(canvas, place(room, *shown[0], shared), *shown[0], shared, language, scale);
    } else if (shown.size() == 2) {
        const auto [first, second] = divide(room.w - at.between, shown, shared);
        draw_one(canvas, room.left(first), *shown[0], shared, language);
        draw_one(canvas, room.without_left(room.w - second), *shown[1], shared, language);
    }
}

}  // namespace viz
