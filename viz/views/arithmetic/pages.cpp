#include "viz/views/arithmetic/pages.h"

#include <cmath>

#include "viz/paint/format.h"

namespace viz {

Part words(std::string text) {
    return {std::move(text), Part::Tone::words};
}
Part num(std::string text) {
    return {std::move(text), Part::Tone::number};
}
Part result(std::string text) {
    return {std::move(text), Part::Tone::result};
}
std::string shape(int n) {
    return " [" + count(n) + "]";
}
// A number that is added: "+ 0.31", "− 0.31".
std::string added(double value) {
    return (value < 0 ? " − " : " + ") + number(std::abs(value));
}
// A number that is taken away: " − 1.20"; taking away a negative one adds.
std::string taken(double value) {
    return added(-value);
}
std::string dimension(int j) {
    return "dimension " + count(j);
}
std::string hook_of(int layer, const char* name) {
    return "blocks." + std::to_string(layer) + "." + name;
}
std::string at(const Scene& scene, int position) {
    return scene.shown_at(position) + " (position " + count(position) + ")";
}

// In the order of the dimensions, as they were before they were sorted.
std::vector<float> in_order(const std::vector<model::Term>& terms, float model::Term::*member) {
    std::vector<float> values(terms.size());
    for (const model::Term& t : terms) values[static_cast<size_t>(t.dimension)] = t.*member;
    return values;
}

std::vector<double> products(const std::vector<model::Term>& terms) {
    std::vector<double> values;
    for (const model::Term& t : terms) values.push_back(t.product);
    return values;
}

// Two vectors and their products: as cells, and the largest products as rows.
SumPanel product_panel(const std::vector<model::Term>& terms, const std::string& a,
                       const std::string& b, const std::string& a_hook, const std::string& b_hook) {
    const auto n = static_cast<int>(terms.size());
    SumPanel panel;
    panel.wide = true;
    panel.operands = {{"a", a + shape(n), a_hook, in_order(terms, &model::Term::value),
                       Operand::Look::signed_values, -1},
                      {"b", b + shape(n), b_hook, in_order(terms, &model::Term::weight),
                       Operand::Look::signed_values, -1},
                      {"product", a + " × " + b, "", in_order(terms, &model::Term::product),
                       Operand::Look::signed_values, -1}};
    panel.terms =
        TermTable{"term",
                  {"largest products", a, b, "product"},
                  products(terms),
                  [terms, a, b](size_t i) {
                      const model::Term& t = terms[i];
                      return TermRow{dimension(t.dimension),
                                     {number(t.value), number(t.weight)},
                                     Target{"term", "product", {t.dimension}},
                                     {dimension(t.dimension) + ": " + a + " " + number(t.value) +
                                          " × " + b + " " + number(t.weight),
                                      "= " + number(t.product)}};
                  },
                  number,
                  {}};
    return panel;
}

SumPage arithmetic_page(const Scene& scene, const Subject& subject) {
    return std::visit(
        [&](const auto& s) -> SumPage {
            using S = std::decay_t<decltype(s)>;
            if constexpr (std::is_same_v<S, ScoreOf>) return score_page(scene, s);
            if constexpr (std::is_same_v<S, StreamOf>) return stream_page(scene, s);
            if constexpr (std::is_same_v<S, LengthOf>) return length_page(scene, s);
            if constexpr (std::is_same_v<S, NeuronOf>) return neuron_page(scene, s);
            if constexpr (std::is_same_v<S, NormOf>) return norm_page(scene, s);
            if constexpr (std::is_same_v<S, EmbeddingOf>) return embedding_page(scene, s);
            if constexpr (std::is_same_v<S, LogitOf>) return logit_page(scene, s);
        },
        subject);
}

}  // namespace viz
