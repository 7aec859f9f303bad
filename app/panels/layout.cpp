// Where the window's panels lie.
#include <algorithm>
#include <cmath>

#include "app/control/class_guesses.h"
#include "app/panels/panels.h"

namespace app {

namespace {

constexpr float margin = 16;
constexpr float gutter = 14;

float within(float value, float low, float high) {
    return std::round(std::clamp(value, low, high));
}

// The least width of each of two views side by side.
constexpr float least_beside = 440;

// The guesses of the class stand below the ranking, or, where that is low, beside the view.
void make_room_for_guesses(Layout& at, float between, const State& state) {
    const float needed = guesses_height(state);
    if (needed == 0) return;
    constexpr float least = 400, beside = 300;
    if (at.ranking.w > 0 && at.ranking.h >= least) {
        // As high as what was said needs; the ranking has the rest.
        const float lowest = takes_guesses(state) && state.phones.on ? 88 + class_votes_height : 88;
        const float share = at.ranking.h < 480 ? 0.3f : 0.44f;  // some rows of the ranking stay
        const float high = within(needed, lowest, std::max(at.ranking.h * share, lowest));
        at.ranking.h -= high + between;
        at.guesses = {at.ranking.x, at.ranking.bottom() + between, at.ranking.w, high};
        return;
    }
    at.guesses = {at.centre.right() - beside, at.centre.y, beside, at.centre.h};
    at.centre.w -= beside + between;
}

// While presenting: the text, the view and the ranking, and a line below them.
Layout lay_out_presentation(viz::Size size, const State& state) {
    constexpr float outer = 10, between = 8, footer = 22;
    Layout at;
    const float w = size.w - 2 * outer;
    at.ribbon = {outer, outer, w, 76};
    at.transport = {outer, size.h - footer - 6, w, footer};
    float top = at.ribbon.bottom() + between;
    if (state.walk.open()) {
        at.lesson = {outer, top, w, lesson_strip_height(state, w)};
        top = at.lesson.bottom() + between;
    }
    const float h = at.transport.y - 6 - top;
    if (state.beside) {
        at.centre = {outer, top, w, h};
        make_room_for_guesses(at, between, state);
        return at;
    }
    if (state.folded) {
        at.centre = {outer, top, w, h};
        make_room_for_guesses(at, between, state);
        return at;
    }
    const float right = within(w * 0.3f, 320, 400);
    at.ranking = {size.w - outer - right, top, right, h};
    at.centre = {outer, top, at.ranking.x - between - outer, h};
    make_room_for_guesses(at, between, state);
    // The ranking needs a few rows; what is left has other views to change to.
    constexpr float others = 112, least_ranking = 280;
    if (at.guesses.w == 0 && at.ranking.h >= least_ranking + others + between) {
        at.ranking.h -= others + between;
        at.others = {at.ranking.x, at.ranking.bottom() + between, right, others};
    }
    return at;
}

}  // namespace

Layout lay_out_window(viz::Size size, const State& state) {
    if (fits_a_hand(size)) return lay_out_for_hand(size, state);
    if (state.presenting) return lay_out_presentation(size, state);
    const bool notice = has_notice(state);
    const bool beside = state.beside != nullptr;
    const bool low = size.h < 800, lowest = size.h < 620;
    const float outer = size.w < 1200 ? 10 : margin;
    const float between = size.w < 1200 ? 10 : gutter;
    Layout at;
    at.bar = {0, 0, size.w, lowest ? 46.0f : low ? 50.0f : 58.0f};
    float y = at.bar.bottom();
    const float w = size.w - 2 * outer;
    if (notice) {
        at.notice = {outer, y + 8, w, 34};
        y = at.notice.bottom() - (between - 8);
    }
    at.ribbon = {outer, y + between, w, lowest ? 68.0f : low ? 74.0f : 86.0f};
    const float bottom = lowest ? 54.0f : low ? 96.0f : 110.0f;
    at.transport = {outer, size.h - outer - bottom, w, bottom};
    const float top = at.ribbon.bottom() + between;
    const float h = at.transport.y - between - top;
    const float left = within(size.w * 0.19f, 200, 300);
    const float right = within(size.w * 0.3125f, 270, 470);
    // A lesson's note stands where the way through the pass stood.
    const float column = state.walk.open() ? within(size.w * 0.22f, 250, 380) : left;
    (state.walk.open() ? at.lesson : at.flow) = {outer, top, column, h};
    at.ranking = {size.w - outer - right, top, right, h};
    // Where text is large, or somebody asked for it, what lies at the sides is away.
    if (!state.walk.open() && (state.folded || size.w < 1000)) at.flow = {};
    if (state.folded) at.ranking = {};
    const bool has_column = at.flow.w > 0 || at.lesson.w > 0;
    const float begin = has_column ? outer + column + between : outer;
    at.centre = {begin, top, (at.ranking.w > 0 ? at.ranking.x - between : size.w - outer) - begin,
                 h};
    if (state.walk.open()) {
        // The note stays; beside it, two views take the room of the ranking.
        if (beside) {
            at.centre.w = size.w - outer - begin;
            at.ranking = {};
        }
        make_room_for_guesses(at, between, state);
        return at;
    }
    // Two views take the room of the column beside them, and then of the ranking.
    if (beside && at.flow.w > 0 && at.centre.w < 2 * least_beside) {
        at.centre.w += at.centre.x - outer;
        at.centre.x = outer;
        at.flow = {};
    }
    if (beside && at.centre.w < 2 * least_beside) {
        at.centre = {outer, top, w, h};
        at.ranking = {};
    }
    make_room_for_guesses(at, between, state);
    return at;
}

}  // namespace app
