// The table of views: it feeds the tabs, `stepscope views`, `export --views` and the golden tests.
// Adding a view = one file, one row here, one golden.
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

struct View {
    const char* id;     // "attention"
    const char* title;  // "Attention"
    const char* help;   // one line for `stepscope views`
    bool tab;           // shown as a tab in the middle of the window
    Heading heading;
    Size (*preferred_size)(const Scene&);
    void (*draw)(Canvas&, Rect, const Scene&);  // inside the rectangle, on a card that is there
    // The words for a region that only this view declares; empty for any other. May be null.
    Lines (*tooltip)(const Scene&, const Hit&) = nullptr;
};

std::span<const View> views();
const View* find_view(std::string_view id);  // null when there is none
// Whether a view shows the prompt under other strategies (Scene::strategies), which have to be run.
bool shows_strategies(const View& view);

}  // namespace viz
