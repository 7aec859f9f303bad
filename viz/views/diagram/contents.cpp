#include "viz/views/diagram/contents.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "model/interp/lens.h"
#include "model/interp/neurons.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"

namespace viz {

namespace {

using Values = std::vector<float>;

double length_of(const Values& x) {
    return model::norm(x.data(), static_cast<int>(x.size()));
}

Values copy(std::span<const float> x) {
    return {x.begin(), x.end()};
}

Values of_head(std::span<const float> x, const Scene& scene) {
    const size_t d_head = scene.model.config.d_head();
    return copy(x.subspan(scene.selection.head * d_head, d_head));
}

Values normed(const Scene& scene, Values x, const model::Norm& norm) {
    model::normalize(scene.model.config, norm, x.data(), x.data());
    return x;
}

// A size is a number, or n, the number of tokens.
constexpr int by_tokens = -1;

void set_shape(DiagramBox& box, const Scene& scene, std::initializer_list<int> sizes) {
    for (int size : sizes) {
        const char* times = box.shape.empty() ? "" : " × ";
        box.shape += times + count(size == by_tokens ? scene.length() : size);
        box.symbolic += times + (size == by_tokens ? "n" : count(size));
    }
}

DiagramBox tensor(const Scene& scene, const char* place, std::string name, std::string short_name,
                  std::string hook, std::initializer_list<int> sizes) {
    DiagramBox box;
    box.target = target::phase(place);
    box.name = std::move(name);
    box.short_name = std::move(short_name);
    box.hook = std::move(hook);
    set_shape(box, scene, sizes);
    return box;
}

// The number shown is how long the vector is.
void set_vector(DiagramBox& box, Values values, const std::string& whose) {
    box.number = number(length_of(values));
    box.prefix = "length";
    box.words = "length " + box.number + whose;
    box.values = std::move(values);
}

int strongest(const Values& x) {
    return static_cast<int>(std::max_element(x.begin(), x.end()) - x.begin());
}

const model::TokenRecord& here(const Scene& scene) {
    return *scene.step.records[scene.position()];
}

Values row_of(const Scene& scene) {
    return model::attention_row(scene.model.config, scene.step.records, scene.selection.layer,
                                scene.selection.head, scene.position());
}

// The MLP's neurons after the activation.
Values neurons(const Scene& scene) {
    return model::neuron_values(scene.model, here(scene), scene.selection.layer);
}

int shown_neuron(const Scene& scene, const Values& post) {
    const int chosen = scene.selection.neuron;
    return chosen >= 0 && chosen < static_cast<int>(post.size()) ? chosen : strongest(post);
}

}  // namespace

DiagramBlock diagram_block(const Scene& scene) {
    const model::Config& c = scene.model.config;
    const Theme& t = scene.theme;
    const model::LayerWeights& w = scene.model.weights.layers[scene.selection.layer];
    const model::TokenRecord& record = here(scene);
    const int layer = scene.selection.layer, n = by_tokens, position = scene.position();
    const std::string block = "blocks." + std::to_string(layer) + ".";
    const std::string at = " at " + scene.shown_at(position);
    const std::string head = " of head " + std::to_string(scene.selection.head + 1);
    auto box = [&](const char* place, const char* name, const char* short_name, const char* hook,
                   std::initializer_list<int> sizes) {
        return tensor(scene, place, name, short_name, *hook ? block + hook : "", sizes);
    };
    DiagramBlock b;
    b.ln1 = box("attention/ln1", "norm", "norm", "ln1.hook_normalized", {n, c.d_model});
    set_vector(b.ln1, normed(scene, record.resid_pre(layer), w.ln1), at);

    b.q = box("attention/q", "query", "q", "attn.hook_q", {n, c.n_head, c.d_head()});
    b.k = box("attention/k", "key", "k", "attn.hook_k", {n, c.n_head, c.d_head()});
    b.v = box("attention/v", "value", "v", "attn.hook_v", {n, c.n_head, c.d_head()});
    set_vector(b.q, of_head(record.q(layer), scene), head + at);
    set_vector(b.k, of_head(record.k(layer), scene), head + at);
    set_vector(b.v, of_head(record.v(layer), scene), head + at);
    b.q.edge = t.query;
    b.k.edge = t.key;
    b.v.edge = t.value;

    const Values scores =
        model::attention_scores(c, scene.step.records, layer, scene.selection.head, position);
    const Values weights = row_of(scene);
    const int key = strongest(weights);
    b.scores =
        box("attention/scores", "scores", "scores", "attn.hook_attn_scores", {c.n_head, n, n});
    b.scores.token = scene.shown_at(key);
    b.scores.number = number(scores[key]);
    b.scores.words = "the largest" + head + at + ": " + b.scores.token + " " + b.scores.number;
    b.scores.values = scores;
    b.mask = box("attention/mask", "mask", "mask", "", {});
    const int later = scene.length() - 1 - position;
    b.mask.number = count(later) + " hidden";
    b.mask.words = later == 0 ? "no key is later than " + scene.shown_at(position)
                              : count(later) + " keys are later than " + scene.shown_at(position) +
                                    ": their scores become minus infinity";
    b.pattern =
        box("attention/softmax", "softmax", "softmax", "attn.hook_pattern", {c.n_head, n, n});
    b.pattern.token = b.scores.token;
    b.pattern.number = weight(weights[key]);
    b.pattern.words = "the largest weight" + head + at + ": " + b.pattern.token + " " +
                      b.pattern.number + "; all sum to 1";
    b.pattern.values = weights;
    b.pattern.is_signed = false;
    b.z = box("attention/z", "weighted values", "z", "attn.hook_z", {n, c.n_head, c.d_head()});
    set_vector(b.z, of_head(record.z(layer), scene), head + at);
    b.z.edge = t.value;
    b.attn_out = box("attention/out", "output", "out", "hook_attn_out", {n, c.d_model});
    set_vector(b.attn_out, copy(record.attn_out(layer)), at);

    b.ln2 = box("mlp/ln2", "norm", "norm", "ln2.hook_normalized", {n, c.d_model});
    set_vector(b.ln2, normed(scene, record.resid_mid(layer), w.ln2), at);
    const Values post = neurons(scene);
    const int neuron = shown_neuron(scene, post);
    const std::string name = "neuron " + count(neuron);
    b.mlp_pre = box("mlp/in", "pre-activation", "pre", "mlp.hook_pre", {n, c.d_mlp});
    b.mlp_pre.prefix = name;
    b.mlp_pre.number = number(record.mlp_pre(layer)[neuron]);
    b.mlp_pre.words = name + at + ": " + b.mlp_pre.number;
    b.mlp_pre.values = copy(record.mlp_pre(layer));
    b.mlp_post =
        box("mlp/gelu", c.activation->label, c.activation->label, "mlp.hook_post", {n, c.d_mlp});
    b.mlp_post.prefix = name;
    b.mlp_post.number = number(post[neuron]);
    b.mlp_post.words = name + at + ": " + b.mlp_post.number;
    b.mlp_post.values = post;
    b.mlp_out = box("mlp/out", "output", "out", "hook_mlp_out", {n, c.d_model});
    set_vector(b.mlp_out, copy(record.mlp_out(layer)), at);

    auto matrix = [&](const char* place, const char* called, const char* hook,
                      std::initializer_list<int> sizes, const std::string& words, int biases) {
        DiagramBox matrix_box = box(place, called, called, hook, sizes);
        matrix_box.words = words;
        if (c.biases) matrix_box.words += "; then " + count(biases) + " biases";
        return matrix_box;
    };
    const std::initializer_list<int> reading{c.n_head, c.d_model, c.d_head()};
    b.w_q = matrix("attention/W_Q", "W_Q", "attn.W_Q", reading,
                   "weights from the normed stream to the queries", c.d_model);
    b.w_k = matrix("attention/W_K", "W_K", "attn.W_K", reading,
                   "weights from the normed stream to the keys", c.d_model);
    b.w_v = matrix("attention/W_V", "W_V", "attn.W_V", reading,
                   "weights from the normed stream to the values", c.d_model);
    b.w_o = matrix("attention/W_O", "W_O", "attn.W_O", {c.n_head, c.d_head(), c.d_model},
                   "weights from the heads' weighted values to the stream", c.d_model);
    b.w_in = matrix("mlp/W_in", "W_in", "mlp.W_in", {c.d_model, c.d_mlp},
                    "weights from the normed stream to the neurons", c.d_mlp);
    b.w_out = matrix("mlp/W_out", "W_out", "mlp.W_out", {c.d_mlp, c.d_model},
                     "weights from the neurons to the stream", c.d_model);

    b.attn_added = length_of(b.attn_out.values);
    b.mlp_added = length_of(b.mlp_out.values);
    b.resid_mid = length_of(record.resid_mid(layer));
    b.resid_post = length_of(record.resid_post(layer));
    return b;
}

std::vector<DiagramBox> boxes_before(const Scene& scene) {
    const model::Config& c = scene.model.config;
    const std::string token = scene.shown_at(scene.position());
    DiagramBox tokens = tensor(scene, "tokens", "Tokens", "Tokens", "", {by_tokens});
    tokens.shape = plural(scene.length(), "id");
    tokens.token = token;
    if (scene.model.tokenizer) tokens.number = "#" + std::to_string(here(scene).id());
    DiagramBox embedding = tensor(scene, "embedding", "Embedding", "Embed",
                                  "hook_embed + hook_pos_embed", {by_tokens, c.d_model});
    set_vector(embedding, copy(here(scene).embedded()), " at " + token);
    return {tokens, embedding};
}

std::vector<DiagramBox> boxes_after(const Scene& scene) {
    const model::Config& c = scene.model.config;
    const model::Ranking& ranking = scene.step.ranking;
    const model::Candidate &first = ranking.candidates[0], &pick = ranking.proposed();
    const bool ended = scene.step.why != model::StopReason::none;
    DiagramBox norm = tensor(scene, "final_norm", "Final norm", "Norm", "ln_final.hook_normalized",
                             {by_tokens, c.d_model});
    set_vector(norm, copy(scene.step.records.back()->ln_final()), "");
    DiagramBox logits = tensor(scene, "logits", "Logits", "Logits", "logits", {1, c.n_vocab});
    logits.token = scene.shown(first.id);
    logits.number = number(first.logit);
    DiagramBox softmax = tensor(scene, "softmax", "Softmax", "Softmax", "", {1, c.n_vocab});
    softmax.token = scene.shown(first.id);
    softmax.number = percent(first.probability);
    DiagramBox picked = tensor(scene, "pick", "Pick", "Pick", "", {1});
    picked.shape = picked.symbolic = scene.decoding.sampled() ? "sampled" : "argmax";
    picked.token = scene.shown(pick.id);
    picked.number = percent(scene.decoding.sampled() ? pick.adjusted : pick.probability);
    DiagramBox append = tensor(scene, "append", "Append", "Append", "", {});
    append.shape = ended ? "" : "position " + count(scene.length());
    append.symbolic = ended ? "" : "to " + count(scene.length());
    append.token = ended ? "" : scene.shown(pick.id);
    append.number = ended ? "done" : "";
    return {norm, logits, softmax, picked, append};
}

DiagramBox embedding_weights(const Scene& scene) {
    const model::Config& c = scene.model.config;
    DiagramBox weights =
        tensor(scene, "embedding/W_E", "W_E", "W_E", "embed.W_E", {c.n_vocab, c.d_model});
    weights.words = "one row for each token; W_pos, " + count(c.n_ctx) + " × " + count(c.d_model) +
                    ", adds one for its position";
    return weights;
}

DiagramBox unembedding_weights(const Scene& scene) {
    const model::Config& c = scene.model.config;
    DiagramBox weights =
        tensor(scene, "logits/W_U", "W_U", "W_U", "unembed.W_U", {c.d_model, c.n_vocab});
    weights.words =
        c.tied ? "W_E once more, read as columns (tied)" : "a matrix of its own (lm_head)";
    return weights;
}

std::string reading_title(const Scene& scene, Phase phase) {
    const std::string block = " of block " + count(scene.selection.layer + 1);
    switch (phase) {
        case Phase::tokens:
            return "Tokens";
        case Phase::embedding:
            return "Embedding";
        case Phase::attention:
            return "Attention" + block;
        case Phase::mlp:
            return "MLP" + block;
        case Phase::final_norm:
            return "Final norm";
        case Phase::logits:
            return "Logits";
        case Phase::softmax:
            return "Softmax";
        case Phase::pick:
            return "Pick";
        case Phase::append:
            return "Append";
    }
    return "";
}

Lines reading_sentences(const Scene& scene, Phase phase) {
    const model::Config& c = scene.model.config;
    const model::Ranking& ranking = scene.step.ranking;
    const model::Candidate &first = ranking.candidates[0], &pick = ranking.proposed();
    const model::TokenRecord& record = here(scene);
    const int n = scene.length(), layer = scene.selection.layer;
    const std::string at = scene.shown_at(scene.position()), last = scene.shown_at(n - 1);
    switch (phase) {
        case Phase::tokens:
            return {"The text is cut into " + plural(n, "token") +
                    " and each becomes a number below " + count(c.n_vocab) + ": " + at + " is " +
                    std::to_string(record.id()) + "."};
        case Phase::embedding:
            return {at + " picks its row of " + count(c.d_model) +
                    " numbers from the token table, position " + count(scene.position()) +
                    " picks another; their sum, of length " +
                    number(length_of(copy(record.embedded()))) + ", starts the residual stream."};
        case Phase::attention: {
            const Values row = row_of(scene);
            const int key = strongest(row);
            const size_t keys = row.size();
            const std::string compared = at + " compares its query with " +
                                         plural(static_cast<long long>(keys), "key") + " (head " +
                                         count(scene.selection.head + 1) + "); the strongest is " +
                                         scene.shown_at(key) + ", weight " + weight(row[key]) + ".";
            const double added = length_of(copy(record.attn_out(layer)));
            return {compared, "All heads together add a vector of length " + number(added) + "."};
        }
        case Phase::mlp: {
            const Values post = neurons(scene);
            const int neuron = strongest(post);
            return {"Each position is worked on alone: of " + count(c.d_mlp) + " neurons at " + at +
                        ", neuron " + count(neuron) + " is the strongest with " +
                        number(post[neuron]) + ".",
                    "Together they add a vector of length " +
                        number(length_of(copy(record.mlp_out(layer)))) + "."};
        }
        case Phase::final_norm:
            return {"The stream at the last token, " + last + ", is scaled from length " +
                    number(length_of(scene.step.records.back()->resid_pre(c.n_layer))) + " to " +
                    number(length_of(copy(scene.step.records.back()->ln_final()))) +
                    " before it is read."};
        case Phase::logits:
            return {"The " + count(c.d_model) + " numbers at " + last + " are compared with all " +
                    count(c.n_vocab) + " tokens; the highest score is " + number(first.logit) +
                    ", of " + scene.shown(first.id) + "."};
        case Phase::softmax: {
            std::string text =
                "The scores become probabilities that sum to 1: " + scene.shown(first.id) +
                " has " + percent(first.probability);
            if (ranking.candidates.size() > 1) {
                const model::Candidate& second = ranking.candidates[1];
                text += ", " + scene.shown(second.id) + " " + percent(second.probability);
            }
            return {text + "."};
        }
        case Phase::pick:
            if (!scene.decoding.sampled()) {
                return {"Greedy decoding takes the highest: " + scene.shown(pick.id) + " with " +
                        percent(pick.probability) + "."};
            }
            return {"One of " + plural(ranking.kept, "kept token") +
                    " is drawn: " + scene.shown(pick.id) + ", which had " + percent(pick.adjusted) +
                    " after the rest was cut."};
        case Phase::append:
            if (scene.step.why != model::StopReason::none) {
                return {"Nothing is appended: " +
                        std::string(model::stop_reason_text(scene.step.why)) + "."};
            }
            return {scene.shown(pick.id) + " becomes position " + count(n) +
                    "; the next step runs that position alone, on the keys and values of the " +
                    count(n) + " before it."};
    }
    return {""};
}

}  // namespace viz
