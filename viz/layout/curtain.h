// What covers a drawing while its way is played: the part of it that a pass has not come to yet.
#pragma once

#include "viz/paint/canvas.h"
#include "viz/paint/theme.h"

namespace viz {

// Covers all but the first `part` (0 to 1) of a rectangle on a card, from left to right, with a
// soft edge.
void draw_curtain(Canvas& canvas, Rect rect, float part, const Theme& theme);

// Of the way of a token: the title, which tells the answer, comes last.
void draw_way_curtain(Canvas& canvas, Rect rect, float part, const Theme& theme);

// Of what comes at the end of the way.
float late_part(float part);

}  // namespace viz
