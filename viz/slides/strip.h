// Several steps on one page: one view through the steps, all drawn at one size on shared scales.
#pragma once

#include "viz/slides/deck.h"

namespace viz {

// Whether so many steps of a view have room on a page.
bool strip_holds(SlideShape shape, const View& view, int steps);
// One page. Nothing of it is pointed at. Own words are of no step: they have no fields.
Deck strip_deck(const DeckRecipe& recipe, const Theme& theme, SceneOfStep scene,
                const std::string& title);

}  // namespace viz
