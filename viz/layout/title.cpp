#include "viz/layout/title.h"

#include "viz/layout/parts.h"

namespace viz {

void draw_title(Canvas& canvas, Rect line, const Title& title, const Theme& theme) {
    const TextStyle style = bold(13, theme.text), quiet = sans(11.5f, theme.muted);
    if (title.end) {
        draw_text_in(canvas, line, *title.end, quiet, Align::right);
        line = line.without_right(width_of(quiet, *title.end) + title.gap);
    }
    const std::string words = fit_wording(style, title.wordings, line.w);
    draw_text_in(canvas, line, words, style);
    const Rect rest = line.without_left(width_of(style, words) + title.gap);
    if (!title.note.empty()) draw_if_room(canvas, rest, {title.note}, quiet);
}

}  // namespace viz
