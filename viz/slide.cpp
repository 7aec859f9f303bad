#include "viz/slide.h"

#include <algorithm>

#include "viz/format.h"
#include "viz/parts.h"
#include "viz/tooltip.h"
#include "viz/views.h"

namespace viz {

namespace {

constexpr float text_scale = 1.75f;  // of the views: their smallest text is then 18 pixels
constexpr float ribbon_scale = 1.5f;
constexpr float margin = 80;
constexpr float title_size = 44;
constexpr float heading_size = 27;
constexpr float caption_size = 19;
constexpr float longest_prompt = 640;
constexpr float page_number_width = 160;
constexpr float locked_height = 44;  // the line of a locked cell, taken from the body
constexpr float locked_size = 22;
constexpr float between_views = 72;
constexpr float heading_height = 52;

// Where everything stands.
struct Areas {
    Rect title, ribbon, body, caption;
};

Areas areas_of(SlideShape shape) {
    const float width = slide_size(shape).w - 2 * margin;
    return {{margin, 52, width, 64},
            {margin, 134, width, 54},
            {margin, 216, width, 776},
            {margin, 1018, width, 36}};
}

Scene at_scale(const Scene& scene, float scale) {
    Scene larger = scene;
    larger.text_scale = scale;
    return larger;
}

// The prompt as running text, cut to what a caption has room for.
std::string prompt_of(const Scene& scene) {
    std::vector<int> ids = scene.step.ids();
    ids.resize(scene.step.prompt_length);
    std::string text;
    if (!scene.model.tokenizer) {
        for (int id : ids) text += (text.empty() ? "" : " ") + scene.shown(id);
        return fit_end(Face::sans, caption_size, text, longest_prompt);
    }
    // Spaces stay spaces; only what would break the line is made visible.
    for (const char c : scene.model.tokenizer->decode(ids)) {
        if (c == '\n') {
            text += "⏎";
        } else if (c == '\t') {
            text += "⇥";
        } else {
            text += c;
        }
    }
    return fit_end(Face::sans, caption_size, text, longest_prompt);
}

// What the tooltip of a locked cell says, in one line.
std::string locked_words(const Scene& scene) {
    std::string words;
    for (const std::string& line : tooltip(scene, scene.locked)) {
        words += (words.empty() ? "" : " · ") + line;
    }
    return words;
}

// Its rectangle: as wide as the drawing likes, not stretched over the page.
Rect place(Rect rect, const View& view, const Scene& scene) {
    const float width = std::min(rect.w, view.preferred_size(scene).w * 1.5f);
    return {rect.x + (rect.w - width) / 2, rect.y, width, rect.h};
}

void draw_one(Canvas& canvas, Rect rect, const View& view, const Scene& scene) {
    if (view.heading != Heading::own) {
        const std::string head =
            shown_name(scene, scene.selection.layer, scene.selection.head) + " · ";
        const std::string text = (view.heading == Heading::head ? head : "") + view.title;
        draw_text_in(canvas, rect.top(heading_height - 16), text,
                     {Face::sans_bold, heading_size, scene.theme.text});
        rect = rect.without_top(heading_height);
    }
    view.draw(canvas, rect, scene);
}

}  // namespace

std::string slide_title(const Scene& scene) {
    const std::string step = "Step " + count(scene.step.number()) + " — ";
    if (scene.step.why != model::Why::none) return step + model::why_text(scene.step.why);
    return step + "“" + scene.shown(scene.step.ranking.proposed().id) + "” is about to be appended";
}

std::string slide_caption(const Scene& scene) {
    const model::Config& c = scene.model.config;
    std::string text = "Stepscope · " + c.name + " (" + count(c.n_layer) + " layers × " +
                       count(c.n_head) + " heads) · prompt “" + prompt_of(scene) + "” · layer " +
                       count(scene.selection.layer + 1);
    const AttentionLook& look = scene.attention;
    text += look.mix == AttentionLook::Mix::mean  ? ", mean of its heads"
            : look.mix == AttentionLook::Mix::max ? ", largest of its heads"
                                                  : " head " + count(scene.selection.head + 1);
    text += look.own_scale ? " · own colour scale" : " · colour scale 0–1";
    if (scene.attention.hide_first) text += ", token 0 hidden";
    if (!scene.step.ablation.empty()) text += " · without " + model::describe(scene.step.ablation);
    return text + " · " + model::describe(scene.decoding);
}

Size slide_size(SlideShape shape) {
    return shape == SlideShape::wide ? Size{1920, 1080} : Size{1440, 1080};
}

SlideText slide_text(SlideShape shape, const Theme& theme) {
    const Areas at = areas_of(shape);
    return {at.title,
            at.caption.without_right(page_number_width),
            {Face::sans_bold, title_size, theme.text},
            {Face::sans, caption_size, theme.muted}};
}

void draw_slide(Canvas& canvas, const Scene& scene, const std::vector<const View*>& shown,
                SlideShape shape) {
    const SlideText at = slide_text(shape, scene.theme);
    draw_text_in(canvas, at.title, slide_title(scene), at.title_style);
    draw_slide_figure(canvas, scene, shown, shape);
    draw_text_in(canvas, at.caption, slide_caption(scene), at.caption_style);
}

void draw_slide_figure(Canvas& canvas, const Scene& scene, const std::vector<const View*>& shown,
                       SlideShape shape) {
    const Theme& t = scene.theme;
    const Areas at = areas_of(shape);
    draw_chips(canvas, at.ribbon, at_scale(scene, ribbon_scale));

    const Scene larger = at_scale(scene, text_scale);
    Rect room = at.body;
    if (const std::string said = locked_words(scene); !said.empty()) {
        room = at.body.without_bottom(locked_height);
        draw_text_in(canvas, {room.x, room.bottom(), room.w, locked_height}, said,
                     {Face::sans_bold, locked_size, t.accent});
    }
    if (shown.size() == 1) {
        draw_one(canvas, place(room, *shown[0], larger), *shown[0], larger);
    } else if (shown.size() == 2) {
        const float first = shown[0]->preferred_size(larger).w;
        const float second = shown[1]->preferred_size(larger).w;
        const float part = std::clamp(first / (first + second), 0.42f, 0.52f);
        const float width = (room.w - between_views) * part;
        draw_one(canvas, room.left(width), *shown[0], larger);
        draw_one(canvas, room.without_left(width + between_views), *shown[1], larger);
    }
    std::string page = count(scene.step.number());
    if (scene.total_steps > 0) page += " / " + count(scene.total_steps);
    draw_text_in(canvas, at.caption, page, {Face::sans, caption_size, t.muted}, Align::right);
}

}  // namespace viz
