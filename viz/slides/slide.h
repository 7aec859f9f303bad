// A page, 16:9 or 4:3, without window furniture: title, token ribbon, one or two views, caption.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"
#include "viz/slides/language.h"
#include "viz/views/view_table.h"

namespace viz {

// Wide is 16:9, 1920x1080; classic is 4:3, 1440x1080. Upright is a sheet of A4 at 96 dots an inch,
// for what is printed; draw_slide() knows only the others.
enum class SlideShape { wide, classic, upright };
Size slide_size(SlideShape shape);

// Where a slide has its title and its caption, for decks where these are text of their own.
struct SlideText {
    Rect title, caption;
    TextStyle title_style, caption_style;
    Rect number;  // of the page, with the footer, at the end of the caption's line
};
SlideText slide_text(SlideShape shape, const Theme& theme, const std::string& footer = "");

// "Step 1 — “␣Tom” is about to be appended"; a question where the choice is not told.
std::string slide_title(const Scene& scene, const Language& language = english());
// Model, prompt, layer, head, scale, decoding: as much of the prompt as there is room for.
// `footer`: what stands beside the page's number and takes its room.
std::string slide_caption(const Scene& scene, SlideShape shape = SlideShape::wide,
                          const std::string& footer = "", const Language& language = english());
// "Block 5 · Head 2", of the head or the heads that a view shows.
std::string head_heading(const Scene& scene, const Language& language);
// Why nothing is appended.
std::string stopped_words(const Scene& scene, const Language& language);
// The first tokens as running text: spaces stay spaces, what would break a line is made visible.
std::string running_text(const Scene& scene, int tokens);
// Whether these views have room on one slide. Where they have not, their texts are cut.
bool slide_holds(SlideShape shape, const std::vector<const View*>& shown);

struct SlideWords {
    std::string title, caption, footer;
    int ribbon_lines = 0;  // 0: as many as this page needs
    const Language* language = &english();
    std::string description = {};  // of the figure, for who does not see it
    PicturePtr logo = nullptr;
};
// Where a logo stands: at the end of the title's line, as large as there is room for.
Rect logo_place(SlideShape shape, const Picture& logo);
// The room that this leaves for a title.
float title_room(SlideShape shape, const PicturePtr& logo);
// A footer cut to the room that slides have for one.
std::string fit_footer(const std::string& footer, SlideShape shape);
// Lines of the ribbon on a page of this scene.
int ribbon_lines(const Scene& scene, SlideShape shape);

// `shown`: one or two views side by side; the standard slide is "head" and "ranking". What is
// locked (scene.locked) is outlined and said in words.
void draw_slide(Canvas& canvas, const Scene& scene, const std::vector<const View*>& shown,
                SlideShape shape = SlideShape::wide);
void draw_slide(Canvas& canvas, const Scene& scene, const std::vector<const View*>& shown,
                SlideShape shape, const SlideWords& words);
// Title, figure, caption and number of a page, told apart for who has it read aloud.
void draw_page_parts(Canvas& canvas, const SlideWords& words, SlideShape shape, const Theme& theme,
                     const std::string& number, const std::function<void()>& figure);
// Where one of the views stands.
Rect slide_place(const Scene& scene, const std::vector<const View*>& shown, SlideShape shape,
                 size_t which, int lines = 0);
// Where the ribbon and the views stand, and these alone.
Rect slide_body(SlideShape shape);
// `said` stands below the views: a question, and its answer. `lines`: of the ribbon; 0: as many as
// this page needs.
void draw_slide_body(Canvas& canvas, const Scene& scene, const std::vector<const View*>& shown,
                     SlideShape shape = SlideShape::wide, const Lines& said = {}, int lines = 0,
                     const Language& language = english());

}  // namespace viz
