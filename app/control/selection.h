// What is looked at: position, layer, head, neuron, the token that is followed, the cell that is
// locked, and the reading cursor. All drawings share one selection.
#pragma once

#include "app/control/actions.h"

namespace app {

void select_position(State& state, int position);
void select_head(State& state, int layer, int head);

// The reading cursor through the pass: tokens, embedding, attention and MLP of each block, final
// norm, logits, softmax, pick, append. Forward from `append` appends and begins anew.
void walk(App& app, int by);

// Keeps a cell's exact value on show; the same cell again lets it go.
void lock(State& state, const viz::Hit& hit);
// With the keyboard: the selected position's cell of the first drawing in the middle, then its
// neighbours.
void lock_first(App& app);
void move_locked(App& app, int rows, int cols);

// Follows a token through layers and ranking; the same again lets it go.
void follow(State& state, int id);
// Follows the token that the text of the search field begins with: "Paris" finds "␣Paris" first,
// Enter again "Paris" itself; "#12" is an id.
void find_token(App& app);

// A click on a region of a drawing.
void click_drawing(App& app, const viz::Hit& hit);

}  // namespace app
