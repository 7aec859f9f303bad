#include "viz/scene/guesses.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <numeric>

#include "viz/paint/format.h"

namespace viz {

std::vector<int> to_guess_from(const model::Model& model, const model::Ranking& ranking) {
    std::vector<int> indices(std::min<size_t>(ranking.candidates.size(), 12));
    std::iota(indices.begin(), indices.end(), 0);
    std::ranges::sort(indices, {}, [&](int index) {
        return model.shown(ranking.candidates[static_cast<size_t>(index)].id);
    });
    return indices;
}

std::vector<int> typed_guess(const model::Model& model, const std::string& typed) {
    if (!model.tokenizer || typed.empty()) return {};
    const auto first = static_cast<unsigned char>(typed.front());
    const bool word = std::isalnum(first) != 0 || first >= 0x80;
    return model.tokenizer->encode_part((word ? " " : "") + typed);
}

void vote(std::vector<Guess>& guesses, int id, int by) {
    auto found = std::ranges::find(guesses, id, &Guess::id);
    if (found == guesses.end()) found = guesses.insert(found, {id, 0});
    found->votes += by;
    if (found->votes <= 0) guesses.erase(found);
}

ClassScore score_guesses(const std::vector<Guess>& guesses, const model::Ranking& ranking) {
    std::vector<ScoredGuess> scored;
    for (const Guess& guess : guesses) {
        const auto found = std::ranges::find(ranking.candidates, guess.id, &model::Candidate::id);
        if (found != ranking.candidates.end()) scored.push_back({guess, found->probability, 0});
    }
    return class_score(std::move(scored), ranking.entropy_bits);
}

ClassScore class_score(std::vector<ScoredGuess> guesses, double entropy_bits) {
    ClassScore score;
    score.entropy_bits = entropy_bits;
    for (ScoredGuess& scored : guesses) {
        // So unlikely that no double holds it is still not impossible.
        const double p = std::max(scored.probability, std::numeric_limits<double>::min());
        scored.bits = -std::log2(p) + 0.0;
        score.votes += scored.guess.votes;
        score.mean_bits += scored.guess.votes * scored.bits;
    }
    if (score.votes > 0) score.mean_bits /= score.votes;
    std::ranges::stable_sort(guesses, [](const ScoredGuess& a, const ScoredGuess& b) {
        return a.guess.votes > b.guess.votes;
    });
    score.guesses = std::move(guesses);
    return score;
}

RunningScore running_score(const std::vector<ClassScore>& steps) {
    RunningScore running;
    for (const ClassScore& step : steps) {
        if (step.votes == 0) continue;
        ++running.steps;
        running.class_bits += step.mean_bits;
        running.entropy_bits += step.entropy_bits;
    }
    if (running.steps > 0) {
        running.class_bits /= running.steps;
        running.entropy_bits /= running.steps;
    }
    return running;
}

namespace {

constexpr float most_row = 30, least_row = 22, score_line = 22;

struct Place {
    Rect token, bar, votes, probability, bits, less;
};

Place place_row(Rect row, bool revealed) {
    Place at;
    row = row.without_left(8).without_right(8);
    if (revealed) {
        at.bits = row.without_left(row.w - 88);
        row = row.without_right(92);
        at.probability = row.without_left(row.w - 66);
        row = row.without_right(74);
    } else {
        at.less = row.without_left(row.w - 26);
        row = row.without_right(30);
    }
    at.token = row.left(row.w * 0.45f);
    row = row.without_left(at.token.w + 6);
    at.votes = row.without_left(row.w - 24);
    at.bar = row.without_right(30);
    return at;
}

void draw_row(Canvas& canvas, Rect row, const model::Model& model, const Theme& t,
              const ScoredGuess& scored, int most, bool revealed) {
    const Place at = place_row(row, revealed);
    canvas.region(row, {"guess", {scored.guess.id}});
    const TextStyle token{Face::mono_bold, 16, t.text};
    draw_text_in(canvas, at.token,
                 fit_middle(token.face, token.size, model.shown(scored.guess.id), at.token.w),
                 token);
    const float part = static_cast<float>(scored.guess.votes) / static_cast<float>(most);
    if (at.bar.w > 8) {
        const Rect bar{at.bar.x, at.bar.centre().y - 6, std::max(at.bar.w * part, 4.0f), 12};
        canvas.fill_rect(bar, t.query, 3);
    }
    draw_text_in(canvas, at.votes, count(scored.guess.votes), {Face::sans_bold, 16, t.text},
                 Align::right);
    if (revealed) {
        draw_text_in(canvas, at.probability, percent(scored.probability), {Face::mono, 14, t.text},
                     Align::right);
        draw_text_in(canvas, at.bits, bits(scored.bits), {Face::mono, 14, t.accent}, Align::right);
        return;
    }
    const Point minus[] = {{at.less.centre().x - 5, at.less.centre().y},
                           {at.less.centre().x + 5, at.less.centre().y}};
    canvas.stroke_rect({at.less.x + 2, at.less.centre().y - 11, 22, 22}, {t.border, 1}, 5);
    canvas.polyline(minus, {t.muted, 1.8f});
    canvas.region(at.less, {"guess-less", {scored.guess.id}});
}

// "class 2.31 bits · model 1.95 bits"
void draw_score(Canvas& canvas, Rect line, const Theme& t, const std::string& what, double of_class,
                double of_model, bool large) {
    const std::string text = "class " + bits(of_class) + "  ·  model " + bits(of_model);
    const Face face = large ? Face::sans_bold : Face::sans;
    float size = large ? 16 : 13;
    const auto width = [&] {
        return text_width(face, size, text) + 10 + text_width(Face::sans, size, what);
    };
    while (size > 12 && width() > line.w) size -= 0.5f;
    // In a narrow panel the numbers alone.
    if (width() <= line.w) draw_text_in(canvas, line, what, {Face::sans, size, t.muted});
    draw_text_in(canvas, line, text, {face, size, large ? t.text : t.muted}, Align::right);
}

}  // namespace

void draw_guesses(Canvas& canvas, Rect rect, const model::Model& model, const Theme& theme,
                  const ClassScore& score, const RunningScore& so_far, bool revealed) {
    const bool scored = revealed && score.votes > 0;
    const int lines = (scored ? 1 : 0) + (so_far.steps > 1 ? 1 : 0);
    const float below = lines > 0 ? score_line * static_cast<float>(lines) + 6 : 0;
    const auto all = score.guesses.size();
    const float space = rect.h - below;
    const float row_height =
        std::clamp(space / static_cast<float>(std::max<size_t>(all, 1)), least_row, most_row);
    const auto room = static_cast<size_t>(std::max(space / row_height + 0.01f, 1.0f));
    const size_t shown = all > room ? room - 1 : all;
    int most = 1;
    for (const ScoredGuess& each : score.guesses) most = std::max(most, each.guess.votes);
    Rect row = rect.top(row_height);
    for (size_t i = 0; i < shown; ++i, row.y += row_height) {
        draw_row(canvas, row, model, theme, score.guesses[i], most, revealed);
    }
    if (shown < all) {
        draw_text_in(canvas, row.without_left(8),
                     "and " + count(static_cast<int>(all - shown)) + " more",
                     {Face::sans, 13, theme.muted});
    }
    if (lines == 0) return;
    Rect line{rect.x, rect.bottom() - score_line * static_cast<float>(lines), rect.w, score_line};
    const Point edge[] = {{rect.x, line.y - 4}, {rect.right(), line.y - 4}};
    canvas.polyline(edge, {theme.border, 1});
    if (scored) {
        draw_score(canvas, line, theme, "this step", score.mean_bits, score.entropy_bits, true);
        line.y += score_line;
    }
    if (so_far.steps > 1) {
        draw_score(canvas, line, theme, count(so_far.steps) + " steps, mean", so_far.class_bits,
                   so_far.entropy_bits, false);
    }
}

}  // namespace viz
