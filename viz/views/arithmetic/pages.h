// The pages of viz/views/arithmetic/arithmetic: for each thing that can be explained, the steps
// that lead to its number. The sums are model/interp/arithmetic's, the drawing is
// viz/views/arithmetic/sum_page's.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/interp/arithmetic.h"
#include "viz/scene/scene.h"
#include "viz/views/arithmetic/sum_page.h"

namespace viz {

// What can be explained.
struct ScoreOf {
    int layer, head, query, key;
};
struct StreamOf {
    int line, position, dimension;
};
struct LengthOf {
    std::string what;  // "resid", "attn", "mlp"
    int line, position;
};
struct NeuronOf {
    int layer, position, neuron;
};
struct NormOf {
    int position;
};
struct EmbeddingOf {
    int position;
};
struct LogitOf {
    int candidate;  // index into the ranking
};
using Subject = std::variant<ScoreOf, StreamOf, LengthOf, NeuronOf, NormOf, EmbeddingOf, LogitOf>;

SumPage score_page(const Scene& scene, const ScoreOf& what);    // arithmetic_attention
SumPage stream_page(const Scene& scene, const StreamOf& what);  // arithmetic_stream
SumPage length_page(const Scene& scene, const LengthOf& what);
SumPage norm_page(const Scene& scene, const NormOf& what);
SumPage embedding_page(const Scene& scene, const EmbeddingOf& what);
SumPage neuron_page(const Scene& scene, const NeuronOf& what);  // arithmetic_logit
SumPage logit_page(const Scene& scene, const LogitOf& what);
// The one of them that fits the subject. `why` is left empty.
SumPage arithmetic_page(const Scene& scene, const Subject& subject);

// What the pages have in common: parts of formulas and words.
Part words(std::string text);
Part num(std::string text);
Part result(std::string text);
std::string shape(int n);
std::string added(double value);
std::string taken(double value);
std::string dimension(int j);
std::string hook_of(int layer, const char* name);
std::string at(const Scene& scene, int position);
std::vector<float> in_order(const std::vector<model::Term>& terms, float model::Term::*member);
std::vector<double> products(const std::vector<model::Term>& terms);
SumPanel product_panel(const std::vector<model::Term>& terms, const std::string& a,
                       const std::string& b, const std::string& a_hook, const std::string& b_hook);

}  // namespace viz
