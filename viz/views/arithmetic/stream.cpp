// How the numbers of the residual stream come about: embedding, sums, lengths, the final norm.
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

namespace {

std::string part_name(const Scene& scene, int position, const model::ResidualPart& part) {
    using Kind = model::ResidualPart::Kind;
    const std::string block = "block " + std::to_string(part.layer + 1);
    switch (part.kind) {
        case Kind::token:
            return "token " + scene.shown_at(position);
        case Kind::position:
            return "position " + count(position);
        case Kind::attention:
            return block + " attention";
        case Kind::mlp:
            return block + " MLP";
    }
    return "";
}

std::string part_hook(const model::ResidualPart& part) {
    using Kind = model::ResidualPart::Kind;
    switch (part.kind) {
        case Kind::token:
            return "hook_embed";
        case Kind::position:
            return "hook_pos_embed";
        case Kind::attention:
            return hook_of(part.layer, "hook_attn_out");
        case Kind::mlp:
            return hook_of(part.layer, "hook_mlp_out");
    }
    return "";
}

SumPanel stream_panel(const Scene& scene, int line, int position, int dim) {
    const auto& record = *scene.step.records[position];
    const auto a = model::residual_arithmetic(scene.model, record, line, dim);
    std::vector<double> values;
    for (const auto& part : a.parts) values.push_back(part.value);
    SumPanel panel;
    panel.title = "All that was added at dimension " + count(dim);
    panel.formula = {words("stream = token + position + Σ (attention + MLP) of blocks 1 to " +
                           std::to_string(line))};
    if (line == 0) panel.formula = {words("stream = token + position")};
    panel.terms =
        TermTable{"part",
                  {"added by", "value"},
                  std::move(values),
                  [&scene, position, parts = a.parts](size_t i) {
                      const std::string name = part_name(scene, position, parts[i]);
                      return TermRow{name,
                                     {},
                                     Target{"term", "part", {static_cast<int>(i)}},
                                     {name + ": " + number(parts[i].value), part_hook(parts[i])}};
                  },
                  number,
                  {}};
    panel.lines = {{words("Σ = "), result(number(a.sum))}};
    panel.wide = true;
    return panel;
}

std::string line_words(int line) {
    return line == 0 ? "before block 1" : "after block " + std::to_string(line);
}

}  // namespace

SumPage stream_page(const Scene& scene, const StreamOf& s) {
    const auto& record = *scene.step.records[s.position];
    const int d = scene.model.config.d_model;
    SumPage page;
    page.heading = "Dimension " + count(s.dimension) + " of the stream at " +
                   scene.shown_at(s.position) + ", " + line_words(s.line);
    SumPanel sum = stream_panel(scene, s.line, s.position, s.dimension);
    sum.priority = 0;
    SumPanel vector;
    vector.title = "Where it stands in the vector";
    vector.operands = {
        {"stream", "stream" + shape(d),
         s.line == 0 ? "hook_embed + hook_pos_embed" : hook_of(s.line - 1, "hook_resid_post"),
         record.resid_pre(s.line), Operand::Look::signed_values, s.dimension}};
    vector.priority = 1;
    vector.wide = true;
    page.panels = {vector, sum};
    return page;
}

SumPage length_page(const Scene& scene, const LengthOf& s) {
    const auto& record = *scene.step.records[s.position];
    const bool resid = s.what == "resid";
    const std::string hook =
        resid ? s.line == 0 ? "hook_embed + hook_pos_embed" : hook_of(s.line - 1, "hook_resid_post")
              : hook_of(s.line, s.what == "attn" ? "hook_attn_out" : "hook_mlp_out");
    std::vector<float> x;
    if (resid) {
        x = record.resid_pre(s.line);
    } else {
        const auto stored = s.what == "attn" ? record.attn_out(s.line) : record.mlp_out(s.line);
        x.assign(stored.begin(), stored.end());
    }
    const auto a = model::length_arithmetic(x);
    SumPage page;
    page.heading = (resid              ? "Length of the stream at "
                    : s.what == "attn" ? "Length of what attention added at "
                                       : "Length of what the MLP added at ") +
                   scene.shown_at(s.position) +
                   (resid ? ", " + line_words(s.line) : ", block " + std::to_string(s.line + 1));
    SumPanel squares;
    squares.title = "Root of the squares";
    squares.formula = {words("length = √Σ x²,  x" + shape(static_cast<int>(x.size())))};
    squares.operands = {{"x", "x", hook, x, Operand::Look::signed_values, -1}};
    squares.terms = TermTable{"square",
                              {"largest squares", "x", "x²"},
                              products(a.terms),
                              [terms = a.terms](size_t i) {
                                  const model::Term& t = terms[i];
                                  return TermRow{dimension(t.dimension),
                                                 {number(t.value)},
                                                 Target{"term", "square", {t.dimension}},
                                                 {dimension(t.dimension) + ": " + number(t.value) +
                                                  "² = " + number(t.product)}};
                              },
                              number,
                              {}};
    squares.lines = {
        {words("√ "), num(number(a.squares)), words(" = length "), result(number(a.length))}};
    squares.wide = true;
    page.panels = {squares};
    if (resid) {
        SumPanel sum = stream_panel(scene, s.line, s.position, a.terms.front().dimension);
        sum.title = "The largest of them, dimension " + count(a.terms.front().dimension) +
                    ": all that was added";
        sum.priority = 1;
        page.panels.push_back(sum);
    }
    return page;
}

SumPage norm_page(const Scene& scene, const NormOf& s) {
    const model::Config& c = scene.model.config;
    const auto& record = *scene.step.records[s.position];
    const auto normed = record.ln_final();
    const std::vector<float> x = record.resid_pre(c.n_layer);
    const auto louder = [](float a, float b) { return std::abs(a) < std::abs(b); };
    const auto dim =
        static_cast<int>(std::max_element(normed.begin(), normed.end(), louder) - normed.begin());
    const auto a = model::norm_arithmetic(scene.model, record, dim);
    const std::string d = count(c.d_model);
    SumPage page;
    page.heading = "Final norm at " + at(scene, s.position);
    SumPanel scale;
    scale.title = "Mean, variance, scale";
    scale.formula = {words("mean = Σ x / " + d + ",  "),
                     words("variance = Σ (x − mean)² / " + d + ",  "),
                     words("scale = 1 / √(variance + ε)")};
    scale.operands = {{"x", "x" + shape(c.d_model), hook_of(c.n_layer - 1, "hook_resid_post"), x,
                       Operand::Look::signed_values, dim}};
    scale.lines = {
        {words("mean "), result(number(a.mean)), words("   variance "), result(number(a.variance))},
        {num("1 / √(" + number(a.variance) + " + " + number(c.ln_eps) + ")"), words(" = scale "),
         result(number(a.scale))}};
    scale.wide = true;
    scale.priority = 0;
    SumPanel one;
    one.title = "The largest result, dimension " + count(dim);
    one.formula = {
        words(c.biases ? "y = (x − mean) × scale × gain + bias" : "y = (x − mean) × scale × gain")};
    one.operands = {{"y",
                     "y" + shape(c.d_model),
                     "ln_final.hook_normalized",
                     {normed.begin(), normed.end()},
                     Operand::Look::signed_values,
                     dim}};
    std::vector<size_t> order(normed.size());
    for (size_t j = 0; j < order.size(); ++j) order[j] = j;
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t i, size_t j) { return std::abs(normed[i]) > std::abs(normed[j]); });
    order.resize(std::min<size_t>(order.size(), 12));
    std::vector<double> largest;
    for (const size_t j : order) largest.push_back(normed[j]);
    one.terms = TermTable{
        "",
        {"largest results", "x", "(x − mean) × scale", "gain", "bias", "y"},
        std::move(largest),
        [order, x, mean = a.mean, factor = a.scale, norm = scene.model.weights.ln_final,
         biases = c.biases](size_t i) {
            const size_t j = order[i];
            const std::string name = dimension(static_cast<int>(j));
            TermRow row{name,
                        {number(x[j]), number((x[j] - mean) * factor), number(norm.gain[j])},
                        Target{"term", "norm", {static_cast<int>(j)}},
                        {name + ": x " + number(x[j]) + ", gain " + number(norm.gain[j])}};
            if (biases) {
                row.numbers.push_back(number(norm.bias[j]));
                row.tooltip[0] += ", bias " + number(norm.bias[j]);
            }
            return row;
        },
        number,
        {}};
    one.terms->is_sum = false;
    one.lines = {{num("(" + number(a.x) + taken(a.mean) + ")"), num(" × " + number(a.scale)),
                  num(" × " + number(a.gain)), num(c.biases ? added(a.bias) : ""), words(" = y "),
                  result(number(a.normed))}};
    if (!c.biases) std::erase(one.terms->columns, "bias");
    one.wide = true;
    one.priority = 1;
    page.panels = {scale, one};
    return page;
}

SumPage embedding_page(const Scene& scene, const EmbeddingOf& s) {
    const model::Config& c = scene.model.config;
    const auto& record = *scene.step.records[s.position];
    std::vector<float> token(static_cast<size_t>(c.d_model)), place(token.size());
    model::read_row(scene.model.weights.wte, record.id(), token.data());
    model::read_row(scene.model.weights.wpe, record.position(), place.data());
    const std::vector<float> sum(record.embedded().begin(), record.embedded().end());
    std::vector<double> values(sum.begin(), sum.end());
    const auto louder = [](float a, float b) { return std::abs(a) < std::abs(b); };
    const auto most =
        static_cast<size_t>(std::max_element(sum.begin(), sum.end(), louder) - sum.begin());
    SumPage page;
    page.heading = "Embedding of " + at(scene, s.position);
    SumPanel panel;
    panel.title = "Token plus position";
    panel.formula = {
        words("stream" + shape(c.d_model) + " = row " + std::to_string(record.id()) + " of W_E"),
        words(" + row " + count(s.position) + " of W_pos")};
    panel.operands = {
        {"token", "token", "hook_embed", token, Operand::Look::signed_values, -1},
        {"position", "position", "hook_pos_embed", place, Operand::Look::signed_values, -1},
        {"sum", "sum", hook_of(0, "hook_resid_pre"), sum, Operand::Look::signed_values,
         static_cast<int>(most)}};
    panel.lines = {{words(dimension(static_cast<int>(most)) + ", the largest: "),
                    num(number(token[most])), num(added(place[most])), words(" = "),
                    result(number(sum[most]))}};
    panel.wide = true;
    page.panels = {panel};

    // The numbers of the dimensions that matter most.
    SumPanel table;
    table.title = "The largest sums";
    std::vector<size_t> order(sum.size());
    for (size_t j = 0; j < order.size(); ++j) order[j] = j;
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return std::abs(sum[a]) > std::abs(sum[b]); });
    order.resize(std::min<size_t>(order.size(), 12));
    std::vector<double> largest;
    for (const size_t j : order) largest.push_back(sum[j]);
    table.terms =
        TermTable{"of these",
                  {"dimension", "token", "position", "sum"},
                  std::move(largest),
                  [order, token, place](size_t i) {
                      const size_t j = order[i];
                      return TermRow{dimension(static_cast<int>(j)),
                                     {number(token[j]), number(place[j])},
                                     Target{"term", "sum", {static_cast<int>(j)}},
                                     {dimension(static_cast<int>(j)) + ": token " +
                                      number(token[j]) + ", position " + number(place[j])}};
                  },
                  number,
                  {}};
    table.terms->is_sum = false;
    table.wide = true;
    table.priority = 1;
    page.panels.push_back(table);
    return page;
}

}  // namespace viz
