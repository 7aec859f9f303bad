// The table of views: it feeds the tabs, `stepscope views`, `export --views` and the golden tests.
// A view's own file defines its row, which says all that others must know of it.
#pragma once

#include <span>
#include <string_view>

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

// What is to be written above a view where it stands alone.
enum class Heading {
    title,  // its title
    head,   // the selected head, then its title
    own,    // nothing: the drawing begins with it
};

// What a view is about, in the order in which the data goes.
enum class Group { text, attention, stream, choice };
const char* group_title(Group group);  // "Stream and MLP"

// What the window offers above a view to change it.
enum class Switches { none, attention, heads, routes, strategies, beam };

// What a view does while the way of a token is played: nothing, it is uncovered with the way, or
// when the way has come to its end.
enum class Plays { whole, way, late };

// What comes of pointing at, or clicking on, a kind of target that a view declares.
struct Pointing {
    std::string_view kind;  // Target::kind(): "neuron"
    // The words for it; none for what is not there (any text can be asked for by --lock). May be
    // null.
    Lines (*tooltip)(const Scene&, const Hit&) = nullptr;
    // What a click selects; nothing: null.
    void (*select)(Selection&, const Hit&, const Extent&) = nullptr;
    // Whether a click keeps the cell on show.
    bool locks = false;
    // What is meant in its place, where all other drawings know it under another name.
    Hit (*means)(const Hit&) = nullptr;
};

struct View {
    const char* id;     // "attention"
    const char* title;  // "Attention"
    const char* help;   // one line for `stepscope views`
    Group group = Group::text;
    bool tab = true;  // shown as a tab in the middle of the window
    Heading heading = Heading::title;
    Size (*preferred_size)(const Scene&);
    void (*draw)(Canvas&, Rect, const Scene&);  // inside the rectangle, on a card that is there
    Size least{420, 300};                       // pixels: in less, texts are cut or meet
    // Its point is what the model would say: it waits until that may be seen (Reveal).
    bool tells_choice = false;
    // It shows the selected head: a page says what that one looks at.
    bool shows_head = false;
    // It shows the prompt under other strategies (Scene::strategies), which have to be run.
    bool strategies = false;
    // It shows random draws: with greedy decoding there are none.
    bool needs_sampling = false;
    Switches switches = Switches::none;
    Plays plays = Plays::whole;
    // The view that stands for it on a page; "": itself.
    std::string_view on_page = "";
    std::span<const Pointing> targets = {};
};

// In the order of the tabs.
std::span<const View* const> views();
const View* find_view(std::string_view id);  // null when there is none
// The view's drawing; one that tells the choice waits until that may be seen, and says so.
void draw_view(Canvas& canvas, Rect rect, const View& view, const Scene& scene);
// What lies over a view while the way of a token plays, of which this part is shown.
void cover(Canvas& canvas, Rect rect, const View& view, float way, const Theme& theme);
// What stands for a view on a page.
const View* page_view(const View* view);

}  // namespace viz
