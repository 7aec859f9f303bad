// A run as pages: what slides show of its steps and what goes with them, for the files that hold
// many pages (viz/deck_*.h). Pages are made one at a time, when they are asked for: a long run of
// a large model is never held at once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/base/progress.h"
#include "model/run/history.h"
#include "viz/paint/cairo_canvas.h"
#include "viz/scene/scene.h"
#include "viz/slides/slide.h"
#include "viz/slides/words.h"

namespace viz {

// A ranking as rows that the reader of the file can edit.
struct PageTable {
    Rect place;
    std::vector<std::vector<std::string>> rows;  // the first names the columns
    int marked = -1;                             // the row of what is chosen
    std::vector<double> shares;                  // what bars show of each row below the first
    std::string chosen;                          // the choice in words
    std::string says, bars_say;                  // of the rows and the bars, for who sees neither
};

// What a click shows on a page that asks and then tells: it covers what was there.
struct PageStage {
    Reveal reveal = Reveal::all;
    Drawing figure;
    std::string description;
};

class SlideTemplate;  // viz/slides/pptx_template.h

// One page. Its functions may be called until the next page is asked for.
struct Page {
    int step = 0;          // number, from 1
    int hundredths = 150;  // of a second that it stays, in a film
    std::string name;      // for its own file, without ending: "step-007-head-ranking"; sorts
    std::string number;    // "007", or "007-1-logits" where a step has several pages
    std::string title;
    std::string caption;
    std::string notes;        // for who speaks: the numbers of the step, in plain lines
    std::string footer;       // beside the page's number
    std::string description;  // of the figure, for who does not see it; tells no more than it does
    Drawing whole;            // everything
    Drawing figure;  // without title and caption, for decks where these are text of their own
    std::optional<PageTable> table;  // beside `figure`, which is then without it
    std::vector<PageStage> stages;  // after `figure`: probabilities, the choice, the token appended
    // What a narrow screen shows of the page's drawing, one below the other, between the title and
    // the notes; none: as figure_parts() finds them.
    std::optional<std::vector<Rect>> parts;
    std::function<Lines(const Hit&)> tooltip;  // of a region that the drawing declares
};

struct Deck {
    std::string title;
    SlideShape shape = SlideShape::wide;
    std::string footer;  // as wide as that of any page: slides leave its room free
    Size sheet{};        // of pages that are no slides: a bare figure, a sheet of paper; else empty
    const Theme* theme = &light_theme();
    bool transparent = false;     // no ground of the theme's colour
    std::string language = "en";  // as BCP 47 names it
    bool fragment = false;        // as a web page: a piece of another
    PicturePtr logo;              // on every page; null: none
    // Whose slides these are added to; null: a file of their own.
    std::shared_ptr<const SlideTemplate> base = nullptr;
    float scale = 0;  // pixels for one of the page, where it has pixels; 0: as usual there
    int pages = 0;
    std::function<Page(int)> page;  // 0 .. pages - 1

    Size size() const { return sheet.w > 0 ? sheet : slide_size(shape); }
    Colour ground() const { return transparent ? Colour{0, 0, 0, 0} : theme->card; }
};

// Told after every page.
using model::Progress;
using model::tell;

// Pages that play the way of a token, in about two seconds.
inline constexpr int frames_of_way = 20;

// What a deck is made of.
struct DeckRecipe {
    std::vector<int> steps;          // numbers, from 1
    std::vector<const View*> views;  // one or two
    SlideShape shape = SlideShape::wide;
    // Four pages a step, for classes that guess: logits, probabilities, the choice, appended.
    bool reveal = false;
    // Films: how many pages play the way of a token before the step stands; 0: none.
    int frames = 0;
    int hundredths = 0;  // of a second that a page stays in a film; 0: as usual
    std::map<int, model::Choice> chosen = {};  // of the token that follows a step, where one does
    PageWords words = {};
    // The first view alone, so many pixels wide, its words in their true size; 0: whole pages.
    float bare = 0;
    // The ranking as a table and a chart, for files that can hold them; with `reveal` one page a
    // step, whose stages follow one another.
    bool native = false;
    bool strip = false;  // all steps beside each other on one page, the first view of each
    PicturePtr logo = nullptr;
};

// The scene of a step, by number; valid until the next call. It is asked for when the deck is made,
// too.
using SceneOfStep = std::function<const Scene&(int number)>;

Deck make_deck(const DeckRecipe& recipe, const Theme& theme, SceneOfStep scene);

}  // namespace viz
