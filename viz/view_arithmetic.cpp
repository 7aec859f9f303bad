// The sums behind one number: which number is explained, and the steps that lead to it. The sums
// are model/arithmetic's, the page is viz/sum_page's.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/arithmetic.h"
#include "model/kernels.h"
#include "viz/format.h"
#include "viz/sum_page.h"
#include "viz/views.h"

namespace viz {

namespace {

using Tone = Part::Tone;
using Look = Operand::Look;

// What can be explained.
struct ScoreOf {
    int layer, head, query, key;
};
struct ReadOf {  // one dimension of z
    int layer, head, query, dimension;
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
using Subject =
    std::variant<ScoreOf, ReadOf, StreamOf, LengthOf, NeuronOf, NormOf, EmbeddingOf, LogitOf>;

// The locked cell, if it is a number that can be explained.
std::optional<Subject> locked_subject(const Scene& scene) {
    const Hit& hit = scene.locked;
    const RegionId id(hit.id);
    const model::Config& c = scene.model.config;
    const int n = scene.length();
    if (hit.row < 0 || hit.col < 0) return {};
    if (id.kind == "map" || id.kind == "row" || id.kind == "value") {
        const int layer = id.number(0, c.n_layer), head = id.number(1, c.n_head);
        if (layer < 0 || head < 0) return {};
        if (id.kind == "map") {
            if (hit.row >= n || hit.col >= n) return {};
            return ScoreOf{layer, head, hit.row, hit.col};
        }
        const int last = id.number(2, id.kind == "row" ? n : c.d_head());
        if (last < 0) return {};
        if (id.kind == "row") return ScoreOf{layer, head, scene.position(), last};
        return ReadOf{layer, head, scene.position(), last};
    }
    if (id.kind == "stream") {
        const int line = id.number(0, c.n_layer + 1), cols = id.number(1, c.d_model + 1);
        if (line < 0 || cols <= 0 || hit.col >= cols) return {};
        const int dimension = hit.row * cols + hit.col;
        if (dimension >= c.d_model) return {};
        return StreamOf{line, scene.position(), dimension};
    }
    if (id.kind == "norms") {
        const std::string what(id.word(0));
        if (what != "resid" && what != "attn" && what != "mlp") return {};
        if (hit.row >= c.n_layer + (what == "resid" ? 1 : 0) || hit.col >= n) return {};
        return LengthOf{what, hit.row, hit.col};
    }
    if (id.kind == "neuron") {
        const int layer = id.number(0, c.n_layer), neuron = id.number(1, c.d_mlp);
        if (layer >= 0 && neuron >= 0) return NeuronOf{layer, scene.position(), neuron};
    }
    if (id.kind == "candidate") {
        const int index = id.number(0, static_cast<int>(scene.step.ranking.candidates.size()));
        if (index >= 0) return LogitOf{index};
    }
    return {};
}

int index_of(const Scene& scene, int id) {
    const auto& all = scene.step.ranking.candidates;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.id == id; });
    return found == all.end() ? 0 : static_cast<int>(found - all.begin());
}

Subject phase_subject(const Scene& scene) {
    const Selection& s = scene.selection;
    const int position = scene.position();
    switch (s.phase) {
        case Phase::tokens:
        case Phase::embedding:
            return EmbeddingOf{position};
        case Phase::attention: {
            const auto row = model::attention_row(scene.model.config, scene.step.records, s.layer,
                                                  s.head, position);
            const auto first = row.begin() + (scene.attention.hide_first && position > 0 ? 1 : 0);
            return ScoreOf{s.layer, s.head, position,
                           static_cast<int>(std::max_element(first, row.end()) - row.begin())};
        }
        case Phase::mlp: {
            const bool chosen = s.neuron >= 0 && s.neuron < scene.model.config.d_mlp;
            return NeuronOf{s.layer, position,
                            chosen
                                ? s.neuron
                                : model::strongest_neuron(*scene.step.records[position], s.layer)};
        }
        case Phase::final_norm:
            return NormOf{position};
        default:
            return LogitOf{index_of(scene, scene.followed())};
    }
}

// What decides what is explained, when nothing is locked.
std::string why_of(const Scene& scene) {
    const std::string more = " Click a number of any view to explain that one.";
    switch (scene.selection.phase) {
        case Phase::tokens:
        case Phase::embedding:
            return "The embedding of the selected position." + more;
        case Phase::attention:
            return std::string("The strongest key of the selected head and position") +
                   (scene.attention.hide_first ? ", token 0 aside." : ".") + more;
        case Phase::mlp:
            return (scene.selection.neuron >= 0 ? "The selected neuron."
                                                : "The strongest neuron.") +
                   more;
        case Phase::final_norm:
            return "The stream at the selected position." + more;
        default:
            return (scene.selection.token >= 0 ? "The followed token." : "The proposed token.") +
                   more;
    }
}

// ---- small words

Part words(std::string text) {
    return {std::move(text), Tone::words};
}
Part num(std::string text) {
    return {std::move(text), Tone::number};
}
Part result(std::string text) {
    return {std::move(text), Tone::result};
}
std::string shape(int n) {
    return " [" + count(n) + "]";
}
// A number that is added: "+ 0.31", "− 0.31".
std::string added(double value) {
    return (value < 0 ? " − " : " + ") + number(std::abs(value));
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
    panel.operands = {
        {"a", a + shape(n), a_hook, in_order(terms, &model::Term::value), Look::signed_values, -1},
        {"b", b + shape(n), b_hook, in_order(terms, &model::Term::weight), Look::signed_values, -1},
        {"product", a + " × " + b, "", in_order(terms, &model::Term::product), Look::signed_values,
         -1}};
    panel.terms =
        TermTable{"term",
                  {"largest products", a, b, "product"},
                  products(terms),
                  [terms, a, b](size_t i) {
                      const model::Term& t = terms[i];
                      return TermRow{dimension(t.dimension),
                                     {number(t.value), number(t.weight)},
                                     "term/product/" + std::to_string(t.dimension),
                                     {dimension(t.dimension) + ": " + a + " " + number(t.value) +
                                          " × " + b + " " + number(t.weight),
                                      "= " + number(t.product)}};
                  },
                  number,
                  {},
                  Tone::number};
    return panel;
}

// ---- the pages

SumPanel read_panel(const Scene& scene, int layer, int head, int query, int dim,
                    std::optional<int> key) {
    const model::Config& c = scene.model.config;
    const auto a = model::value_arithmetic(c, scene.step.records, layer, head, query, dim);
    SumPanel panel;
    panel.title = "What is read: z at dimension " + count(dim) + " of " + count(c.d_head());
    panel.formula = {words("z = Σ weight × "),
                     {"v", Tone::value},
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
                            Tone::value};
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
    const int d = scene.model.config.d_head();
    const auto z = scene.step.records[query]->z(layer).subspan(static_cast<size_t>(head * d),
                                                               static_cast<size_t>(d));
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
        weights.push_back(std::exp(double{score} - a.largest) / a.total);
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
        {},
        Tone::number};
    if (a.masked) {
        panel.lines.push_back({words("exp(−∞) = 0, so the weight is "), result("0")});
        return panel;
    }
    panel.terms->marked = static_cast<size_t>(s.key);
    panel.lines.push_back(
        {num("exp(" + number(a.score) + " − " + number(a.largest) + ")"),
         num(" / " + number(a.total)),
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

SumPage score_page(const Scene& scene, const ScoreOf& s) {
    const model::Config& c = scene.model.config;
    const auto a = model::score_arithmetic(c, scene.step.records, s.layer, s.head, s.query, s.key);
    const int d = c.d_head();
    const std::string query = scene.shown_at(s.query), key = scene.shown_at(s.key);
    SumPage page;
    page.heading = "Score of " + query + " → " + key + ", " + head_name(s.layer, s.head);

    SumPanel dot;
    dot.title = "Query times key";
    dot.formula = {{"q" + shape(d), Tone::query},
                   words(" of " + query + ",  "),
                   {"k" + shape(d), Tone::key},
                   words(" of " + key + ":  "),
                   {"q", Tone::query},
                   words(" · "),
                   {"k", Tone::key},
                   words(" = Σ "),
                   {"q", Tone::query},
                   words(" × "),
                   {"k", Tone::key}};
    dot.operands = {{"q", "q", hook_of(s.layer, "attn.hook_q"), a.q, Look::query, -1},
                    {"k", "k", hook_of(s.layer, "attn.hook_k"), a.k, Look::key, -1},
                    {"qk", "q × k", "", a.products, Look::signed_values, -1}};
    dot.lines = {{words("the " + count(d) + " products sum to "), result(number(a.sum))}};
    dot.wide = true;
    dot.priority = 1;

    SumPanel score;
    score.title = "Score and mask";
    score.formula = {
        words("score = "), {"q", Tone::query}, words(" · "), {"k", Tone::key}, words(" / √d_head")};
    score.lines = {{num(number(a.sum) + " / √" + count(d)),
                    num(" = " + number(a.sum) + " × " + number(a.scale)), words(" = score "),
                    result(number(a.score))}};
    if (a.masked) {
        score.lines.push_back({words("position " + count(s.key) + " is later than " +
                                     count(s.query) + ": masked, the score becomes "),
                               result("−∞")});
    } else {
        score.lines.push_back(
            {words("position " + count(s.key) + " is not later than " + count(s.query) + ": "),
             words("allowed, the score stays")});
    }
    score.wide = true;
    score.priority = 0;

    SumPanel softmax = weights_panel(scene, s, a);
    softmax.priority = 2;
    SumPanel read =
        read_panel(scene, s.layer, s.head, s.query, loudest(scene, s.layer, s.head, s.query),
                   a.masked ? std::nullopt : std::optional<int>(s.key));
    read.priority = 3;
    page.panels = {dot, score, softmax, read};
    return page;
}

SumPage read_page(const Scene& scene, const ReadOf& s) {
    SumPage page;
    page.heading = "What " + scene.shown_at(s.query) + " reads at dimension " + count(s.dimension) +
                   ", " + head_name(s.layer, s.head);
    page.panels = {read_panel(scene, s.layer, s.head, s.query, s.dimension, {})};
    return page;
}

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
                                     "term/part/" + std::to_string(i),
                                     {name + ": " + number(parts[i].value), part_hook(parts[i])}};
                  },
                  number,
                  {},
                  Tone::number};
    panel.lines = {{words("Σ = "), result(number(a.sum))}};
    panel.wide = true;
    return panel;
}

std::string line_words(int line) {
    return line == 0 ? "before block 1" : "after block " + std::to_string(line);
}

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
         record.resid_pre(s.line), Look::signed_values, s.dimension}};
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
    squares.operands = {{"x", "x", hook, x, Look::signed_values, -1}};
    squares.terms = TermTable{"square",
                              {"largest squares", "x", "x²"},
                              products(a.terms),
                              [terms = a.terms](size_t i) {
                                  const model::Term& t = terms[i];
                                  return TermRow{dimension(t.dimension),
                                                 {number(t.value)},
                                                 "term/square/" + std::to_string(t.dimension),
                                                 {dimension(t.dimension) + ": " + number(t.value) +
                                                  "² = " + number(t.product)}};
                              },
                              number,
                              {},
                              Tone::number};
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

SumPage neuron_page(const Scene& scene, const NeuronOf& s) {
    const model::Config& c = scene.model.config;
    const auto& record = *scene.step.records[s.position];
    const auto a = model::neuron_arithmetic(scene.model, record, s.layer, s.neuron);
    SumPage page;
    page.heading = "Neuron " + count(s.neuron) + " of " + count(c.d_mlp) + ", Layer " +
                   std::to_string(s.layer + 1) + " · MLP, at " + scene.shown_at(s.position);
    double sum = 0;
    for (const model::Term& t : a.terms) sum += t.product;
    SumPanel pre = product_panel(
        a.terms, "x", "w", hook_of(s.layer, "ln2.hook_normalized"),
        "W_in of block " + std::to_string(s.layer + 1) + ", column " + count(s.neuron));
    pre.title = "Norm times weights";
    pre.formula = {words("pre = Σ x × w + b,  x" + shape(c.d_model) + " the second norm,  w" +
                         shape(c.d_model) + " a column of W_in")};
    pre.lines = {{words("Σ = "), num(number(sum)), num(added(a.bias)), words(" (b)"),
                  words(" = pre "), result(number(a.pre))}};
    pre.priority = 0;
    SumPanel post;
    post.title = "GELU";
    post.formula = {words("post = pre / 2 × "),
                    words("(1 + tanh(√(2/π) × (pre + 0.044715 × pre³)))")};
    post.lines = {{num("GELU(" + number(a.pre) + ")"), words(" = post "), result(number(a.post))}};
    const auto out = record.mlp_out(s.layer);
    if (std::all_of(out.begin(), out.end(), [](float x) { return x == 0; })) {
        post.lines.push_back({words("this MLP is ablated: nothing of it is added")});
    }
    post.priority = 1;
    post.wide = true;
    page.panels = {pre, post};
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
                       Look::signed_values, dim}};
    scale.lines = {
        {words("mean "), result(number(a.mean)), words("   variance "), result(number(a.variance))},
        {num("1 / √(" + number(a.variance) + " + " + number(c.ln_eps) + ")"), words(" = scale "),
         result(number(a.scale))}};
    scale.wide = true;
    scale.priority = 0;
    SumPanel one;
    one.title = "The largest result, dimension " + count(dim);
    one.formula = {words("y = (x − mean) × scale × gain + bias")};
    one.operands = {{"y",
                     "y" + shape(c.d_model),
                     "ln_final.hook_normalized",
                     {normed.begin(), normed.end()},
                     Look::signed_values,
                     dim}};
    one.lines = {{num("(" + number(a.x) + " − " + number(a.mean) + ")"),
                  num(" × " + number(a.scale)), num(" × " + number(a.gain)), num(added(a.bias)),
                  words(" = y "), result(number(a.normed))}};
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
    panel.operands = {{"token", "token", "hook_embed", token, Look::signed_values, -1},
                      {"position", "position", "hook_pos_embed", place, Look::signed_values, -1},
                      {"sum", "sum", hook_of(0, "hook_resid_pre"), sum, Look::signed_values,
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
                                     "term/sum/" + std::to_string(j),
                                     {dimension(static_cast<int>(j)) + ": token " +
                                      number(token[j]) + ", position " + number(place[j])}};
                  },
                  number,
                  {},
                  Tone::number};
    table.wide = true;
    table.priority = 1;
    page.panels.push_back(table);
    return page;
}

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
                "term/token/" + std::to_string(i),
                {scene.shown(candidate.id) + "  rank " + count(static_cast<long long>(i) + 1),
                 "probability " + percent(candidate.probability) + "   logit " +
                     number(candidate.logit)}};
        },
        percent,
        static_cast<size_t>(index),
        Tone::number};
    panel.lines = {
        {num("exp(" + number(a.logit) + " − " + number(a.largest) + ")"),
         num(" / " + number(a.total)),
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

SumPage page_of(const Scene& scene) {
    const std::optional<Subject> locked = locked_subject(scene);
    const Subject subject = locked ? *locked : phase_subject(scene);
    SumPage page = std::visit(
        [&](const auto& s) -> SumPage {
            using S = std::decay_t<decltype(s)>;
            if constexpr (std::is_same_v<S, ScoreOf>) return score_page(scene, s);
            if constexpr (std::is_same_v<S, ReadOf>) return read_page(scene, s);
            if constexpr (std::is_same_v<S, StreamOf>) return stream_page(scene, s);
            if constexpr (std::is_same_v<S, LengthOf>) return length_page(scene, s);
            if constexpr (std::is_same_v<S, NeuronOf>) return neuron_page(scene, s);
            if constexpr (std::is_same_v<S, NormOf>) return norm_page(scene, s);
            if constexpr (std::is_same_v<S, EmbeddingOf>) return embedding_page(scene, s);
            if constexpr (std::is_same_v<S, LogitOf>) return logit_page(scene, s);
        },
        subject);
    page.why = locked ? "The cell that is pointed at or locked." : why_of(scene);
    return page;
}

}  // namespace

Size arithmetic_size(const Scene& scene) {
    return {940 * scene.text_scale, 640 * scene.text_scale};
}

void draw_arithmetic(Canvas& canvas, Rect rect, const Scene& scene) {
    draw_sum_page(canvas, rect, page_of(scene), scene);
}

Lines arithmetic_tooltip(const Scene& scene, const Hit& hit) {
    const RegionId id(hit.id);
    if (id.kind != "operand" && id.kind != "term") return {};
    return sum_page_tooltip(page_of(scene), hit);
}

}  // namespace viz
