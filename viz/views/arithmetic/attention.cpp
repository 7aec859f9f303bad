// How a score, its weight and what is read come about.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "model/interp/arithmetic.h"
#include "model/pass/attention_scale.h"
#include "viz/paint/format.h"
#include "viz/views/arithmetic/pages.h"

namespace viz {

namespace {

SumPanel read_panel(const Scene& scene, int layer, int head, int query, int dim,
                    std::optional<int> key) {
    const model::Config& c = scene.model.config;
    const auto a = model::value_arithmetic(c, scene.step.records, layer, head, query, dim);
    SumPanel panel;
    panel.title = "What is read: z at dimension " + count(dim) + " of " + count(c.d_head());
    panel.formula = {words("z = Σ weight × "),
                     {"v", Part::Tone::value},
                     words(" over the " + count(query + 1) + (query == 0 ? " key" : " keys"))};
    panel.terms = TermTable{"key",
                            {"key", "weight", "v", "weight × v"},
                            products(a.terms),
                            [&scene, terms = a.terms](size_t i) {
                                const model::Term& t = terms[i];
                                return TermRow{scene.shown_at(t.dimension),
                                               {weight(t.weight), number(t.value)},
                                               "token/" + std::to_string(t.dimension),
                                               {}};
                            },
                            number,
                            {},
                            true,
                            mix(scene.theme.text, scene.theme.value, 0.75f)};
    for (size_t i = 0; key && i < a.terms.size(); ++i) {
        if (a.terms[i].dimension == *key) panel.terms->marked = i;
    }
    if (a.ablated) {
        panel.lines.push_back({words("this head is ablated, so z is set to "), result("0")});
    } else {
        panel.lines.push_back({words("Σ = z = "), result(number(a.z))});
    }
    return panel;
}

// The dimension at which a head says most.
int loudest(const Scene& scene, int layer, int head, int query) {
    const auto d = static_cast<size_t>(scene.model.config.d_head());
    const auto z = scene.step.records[query]->z(layer).subspan(head * d, d);
    return static_cast<int>(
        std::max_element(z.begin(), z.end(),
                         [](float a, float b) { return std::abs(a) < std::abs(b); }) -
        z.begin());
}

SumPanel weights_panel(const Scene& scene, const ScoreOf& s, const model::ScoreArithmetic& a) {
    const auto scores =
        model::attention_scores(scene.model.config, scene.step.records, s.layer, s.head, s.query);
    std::vector<double> weights;
    for (const float score : scores) {
        weights.push_back(a.uniform ? 1 / static_cast<double>(scores.size())
                                    : std::exp(double{score} - a.largest) / a.total);
    }
    SumPanel panel;
    panel.title = "Softmax";
    panel.formula = {words("weight = exp(score − max) / Σ exp(score − max)")};
    panel.terms = TermTable{
        "key",
        {"key", "score", "exp(score − max)", "weight"},
        std::move(weights),
        [&scene, scores, largest = a.largest](size_t i) {
            return TermRow{scene.shown_at(static_cast<int>(i)),
                           {number(scores[i]), number(std::exp(double{scores[i]} - largest))},
                           "token/" + std::to_string(i),
                           {}};
        },
        weight,
        {}};
    if (a.masked) {
        panel.lines.push_back({words("exp(−∞) = 0, so the weight is "), result("0")});
        return panel;
    }
    panel.terms->marked = static_cast<size_t>(s.key);
    if (a.uniform) {
        const std::string keys = count(static_cast<long long>(scores.size()));
        panel.lines.push_back({words("this row is pinned to equal weights: 1 / " + keys + " = "),
                               result(weight(a.weight))});
        return panel;
    }
    panel.lines.push_back(
        {num("exp(" + number(a.score) + taken(a.largest) + ")"), num(" / " + number(a.total)),
         num(" = " + number(std::exp(double{a.score} - a.largest)) + " / " + number(a.total)),
         words(" = weight "), result(weight(a.weight))});
    if (scene.attention.hide_first) {
        const auto row = shown_row(scene, s.layer, s.head, s.query);
        panel.lines.push_back(
            {words(s.key == 0 ? "token 0 is hidden in the map"
                              : "without token 0 and renormalised, as in the map: "),
             num(s.key == 0 ? "" : weight(row[static_cast<size_t>(s.key)]))});
    }
    return panel;
}

}  // namespace

SumPage score_page(const Scene& scene, const ScoreOf& s) {
    const model::Config& c = scene.model.config;
    const auto a = model::score_arithmetic(c, scene.step.records, s.layer, s.head, s.query, s.key);
    const int d = c.d_head();
    const std::string query = scene.shown_at(s.query), key = scene.shown_at(s.key);
    SumPage page;
    page.heading = "Score of " + query + " → " + key + ", " + head_name(s.layer, s.head);

    SumPanel dot;
    dot.title = "Query times key";
    dot.formula = {{"q" + shape(d), Part::Tone::query},
                   words(" of " + query + ",  "),
                   {"k" + shape(d), Part::Tone::key},
                   words(" of " + key + ":  "),
                   {"q", Part::Tone::query},
                   words(" · "),
                   {"k", Part::Tone::key},
                   words(" = Σ "),
                   {"q", Part::Tone::query},
                   words(" × "),
                   {"k", Part::Tone::key}};
    dot.operands = {{"q", "q", hook_of(s.layer, "attn.hook_q"), a.q, Operand::Look::query, -1},
                    {"k", "k", hook_of(s.layer, "attn.hook_k"), a.k, Operand::Look::key, -1},
                    {"qk", "q × k", "", a.products, Operand::Look::signed_values, -1}};
    dot.lines = {{words("the " + count(d) + " products sum to "), result(number(a.sum))}};
    dot.wide = true;
    dot.priority = 1;

    SumPanel score;
    score.title = "Score";
    score.formula = {words("score = "),
                     {"q", Part::Tone::query},
                     words(" · "),
                     {"k", Part::Tone::key},
                     words(model::attention_divisors(c, s.layer, "√d_head", " / "))};
    const std::string divisors = model::attention_divisors(c, s.layer, "√" + count(d), " / ");
    score.lines = {{num(number(a.sum) + divisors),
                    num(" = " + number(a.sum) + " × " + decimal(a.scale, 4)), words(" = score "),
                    result(number(a.score))}};
    if (divisors.empty()) {
        score.lines = {
            {num(number(a.sum)), words(" without a scale = score "), result(number(a.score))}};
    }
    score.priority = 0;

    SumPanel mask;
    mask.title = "Mask";
    mask.formula = {words("a later key is not looked at")};
    const std::string where = "position " + count(s.key);
    const std::string then = " later than " + count(s.query) + ": ";
    if (a.masked) {
        mask.lines = {
            {words(where + " is" + then), words("masked, the score becomes "), result("−∞")}};
    } else {
        mask.lines = {{words(where + " is not" + then), result("allowed")}};
    }
    mask.priority = a.masked ? 1 : 4;

    SumPanel softmax = weights_panel(scene, s, a);
    softmax.priority = 2;
    SumPanel read =
        read_panel(scene, s.layer, s.head, s.query, loudest(scene, s.layer, s.head, s.query),
                   a.masked ? std::nullopt : std::optional<int>(s.key));
    read.priority = 3;
    page.panels = {dot, score, mask, softmax, read};
    return page;
}

}  // namespace viz
