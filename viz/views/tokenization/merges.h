// How a word was merged: a line for each state, from its bytes to its tokens, with the merge that
// led there. `word`: index into the text's words; -1: none, and then it is said why.
#pragma once

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"
#include "viz/views/tokenization/text.h"

namespace viz {

float merges_height(const TokenizedText& text, int word, const Scene& scene);  // pixels, all states
// Regions "piece/WORD/STEP/INDEX".
void draw_merges(Canvas& canvas, Rect rect, const TokenizedText& text, int word,
                 const Scene& scene);

}  // namespace viz
