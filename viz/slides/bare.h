// A view alone, for papers: as wide as a column, cropped, without a ground, its labels 8 points.
#pragma once

#include "viz/slides/deck.h"

namespace viz {

// Pixels that a view needs to be drawn bare.
float least_bare_width(const View& view);
// One page for each step of the recipe, all of one size: cut to what the first and the last cover.
Deck bare_deck(const DeckRecipe& recipe, const Theme& theme, SceneOfStep scene,
               const std::string& title);

}  // namespace viz
