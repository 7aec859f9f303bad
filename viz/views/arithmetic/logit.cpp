// How a neuron, a logit and a probability come about.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "model/interp/arithmetic.h"
#include "model/pass/kernels.h"
#include "viz/paint/format.h"
#include "viz/views/arithmetic/pages.h"

namespace viz {

SumPage neuron_page(const Scene& scene, const NeuronOf& s) {
    const model::Config& c = scene.model.config;
    const auto& record = *scene.step.records[s.position];
    const auto a = model::neuron_arithmetic(scene.model, record, s.layer, s.neuron);
    SumPage page;
    page.heading = "Neuron " + count(s.neuron) + " of " + count(c.d_mlp) + ", Block " +
                   std::to_string(s.layer + 1) + " · MLP, at " + scene.shown_at(s.position);
    double sum = 0;
    for (const model::Term& t : a.terms) sum += t.product;
    SumPanel pre = product_panel(
        a.terms, "x", "w", hook_of(s.layer, "ln2.hook_normalized"),
        "W_in of block " + std::to_string(s.layer + 1) + ", column " + count(s.neuron));
    pre.title = "Norm times weights";
    pre.formula = {words(std::string("pre = Σ x × w") + (c.biases ? " + b" : "") + ",  x" +
                         shape(c.d_model) + " the second norm,  w" + shape(c.d_model) +
                         " a column of W_in")};
    pre.lines = {{words("Σ = "), num(number(sum)), words(" = pre "), result(number(a.pre))}};
    if (c.biases) {
        auto& line = pre.lines[0];
        line.insert(line.begin() + 2, {num(added(a.bias)), words(" (b)")});
    }
    pre.priority = 0;
    SumPanel post;
    const model::Activation& activation = *c.activation;
    post.title = activation.label;
    for (const char* part : activation.formula) {
        if (*part) post.formula.push_back(words(part));
    }
    post.lines = {{num(activation.label + ("(" + number(a.pre) + ")")), words(" = post "),
                   result(number(a.post))}};
    if (record.ablation() && record.ablation()->mlp_off(s.layer)) {
        post.lines.push_back({words("this MLP is ablated: nothing of it is added")});
    }
    post.plot = FunctionPlot{
        [&activation](double x) { return double{model::apply(activation, static_cast<float>(x))}; },
        a.pre, a.post, "pre", "post"};
    post.priority = 1;

    // What it writes, where that is most.
    std::vector<float> row(static_cast<size_t>(c.d_model));
    model::read_row(scene.model.weights.layers[static_cast<size_t>(s.layer)].mlp_out, s.neuron,
                    row.data());
    std::vector<size_t> order(row.size());
    for (size_t j = 0; j < order.size(); ++j) order[j] = j;
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t i, size_t j) { return std::abs(row[i]) > std::abs(row[j]); });
    order.resize(std::min<size_t>(order.size(), 8));
    std::vector<double> largest;
    for (const size_t j : order) largest.push_back(double{a.post} * row[j]);
    SumPanel adds;
    adds.title = "What it adds to the stream";
    adds.formula = {words("post × w_out" + shape(c.d_model) + ", a row of W_out")};
    adds.terms = TermTable{"",
                           {"where it is most", "w_out", "post × w_out"},
                           std::move(largest),
                           [order, row](size_t i) {
                               const auto j = static_cast<int>(order[i]);
                               return TermRow{dimension(j),
                                              {number(row[order[i]])},
                                              Target{"term", "adds", {j}},
                                              {dimension(j) + ": w_out " + number(row[order[i]])}};
                           },
                           number,
                           {}};
    adds.terms->is_sum = false;
    adds.priority = 2;
    page.panels = {pre, post, adds};
    return page;
}

namespace {

SumPanel probability_panel(const Scene& scene, int index, const model::ProbabilityArithmetic& a) {
    const auto& all = scene.step.ranking.candidates;
    std::vector<double> probabilities;
    for (const auto& candidate : all) probabilities.push_back(candidate.probability);
    SumPanel panel;
    panel.title = "Softmax";
    panel.formula = {words("p = exp(logit − max) / Σ exp(logit − max) "),
                     words("over " + count(static_cast<long long>(all.size())) + " tokens")};
    panel.terms = TermTable{
        "token",
        {"token", "logit", "exp(logit − max)", "p"},
        std::move(probabilities),
        [&scene](size_t i) {
            const auto& candidate = scene.step.ranking.candidates[i];
            const float largest = scene.step.ranking.candidates[0].logit;
            return TermRow{
                scene.shown(candidate.id),
                {number(candidate.logit), number(std::exp(double{candidate.logit} - largest))},
                Target{"term", "token", {static_cast<int>(i)}},
                {scene.shown(candidate.id) + "  rank " + count(static_cast<long long>(i) + 1),
                 "probability " + percent(candidate.probability) + "   logit " +
                     number(candidate.logit)}};
        },
        percent,
        static_cast<size_t>(index)};
    panel.lines = {
        {num("exp(" + number(a.logit) + taken(a.largest) + ")"), num(" / " + number(a.total)),
         num(" = " + number(std::exp(double{a.logit} - a.largest)) + " / " + number(a.total)),
         words(" = "), result(percent(a.probability))}};
    return panel;
}

SumPanel decoding_panel(const Scene& scene, int index, const model::ProbabilityArithmetic& a) {
    const model::Decoding& d = scene.decoding;
    const model::Ranking& ranking = scene.step.ranking;
    SumPanel panel;
    panel.title = "Decoding";
    panel.formula = {words(model::describe(d))};
    const bool changed = a.processed != a.logit;
    if (std::isinf(a.processed)) {
        panel.lines.push_back(
            {words("it would repeat an n-gram: ruled out, its logit becomes "), result("−∞")});
    } else if (changed) {
        panel.lines.push_back({words("it occurred: the penalty turns "), num(number(a.logit)),
                               words(" into "), result(number(a.processed))});
    }
    if (!d.sampled()) {
        panel.lines.push_back(
            {words(index == ranking.pick ? "the highest logit: it is taken"
                                         : "not the highest logit: it is not taken")});
        return panel;
    }
    if (a.adjusted == 0) {
        panel.lines.push_back({words("not among the " + count(ranking.kept) + " tokens kept: "),
                               words("cut, "), result("0")});
        return panel;
    }
    const double mass = std::exp((a.processed - a.processed_largest) / d.temperature);
    panel.lines.push_back({words("exp((logit − max) / temperature) = "),
                           num("exp((" + number(a.processed) + " − " + number(a.processed_largest) +
                               ") / " + number(d.temperature) + ")"),
                           num(" = " + number(mass))});
    panel.lines.push_back({words("one of the " + count(ranking.kept) + " kept: "),
                           num(number(mass) + " / " + number(a.kept_total)), words(" = adjusted "),
                           result(percent(a.adjusted))});
    return panel;
}

}  // namespace

SumPage logit_page(const Scene& scene, const LogitOf& s) {
    const model::Config& c = scene.model.config;
    const auto& candidate = scene.step.ranking.candidates[static_cast<size_t>(s.candidate)];
    const auto a = model::logit_arithmetic(scene.model, *scene.step.records.back(), candidate.id);
    const auto p = model::probability_arithmetic(scene.step.ranking, scene.decoding,
                                                 scene.step.ids(), s.candidate);
    SumPage page;
    page.heading = "Logit and probability of " + scene.shown(candidate.id) + " after " +
                   scene.shown_at(scene.length() - 1);
    SumPanel logit = product_panel(a.terms, "y", "u", "ln_final.hook_normalized",
                                   "row " + std::to_string(candidate.id) + " of " +
                                       (c.tied ? "W_E, the token embedding" : "lm_head"));
    logit.title = "Final norm times unembedding";
    logit.formula = {words("logit = Σ y × u,  y" + shape(c.d_model) + " the final norm,  u" +
                           shape(c.d_model) + " the token's row")};
    logit.lines = {{words("Σ of " + count(c.d_model) + " products = logit "),
                    result(number(candidate.logit))}};
    logit.priority = 1;
    SumPanel softmax = probability_panel(scene, s.candidate, p);
    softmax.priority = 0;
    SumPanel decoding = decoding_panel(scene, s.candidate, p);
    decoding.priority = 2;
    page.panels = {logit, softmax, decoding};
    return page;
}

}  // namespace viz
