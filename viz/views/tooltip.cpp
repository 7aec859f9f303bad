// The words for what is pointed at, where several drawings declare it.
#include "viz/views/tooltip.h"

#include <cstdio>
#include <string>

#include "model/decode/ranking_change.h"
#include "viz/layout/difference.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

const char* chosen_words(const model::Choice& choice) {
    switch (choice.by) {
        case model::ChosenBy::prompt:
            return "from the prompt";
        case model::ChosenBy::argmax:
            return "chosen as the most likely (argmax)";
        case model::ChosenBy::sampled:
            return "drawn at random (sampled)";
        case model::ChosenBy::forced:
            return "forced by hand";
    }
    return "";
}

std::string bytes_of(const Scene& scene, int id) {
    if (!scene.model.tokenizer) return "";
    std::string text = " · bytes";
    for (const char byte : scene.model.tokenizer->bytes(id)) {
        char hex[8];
        std::snprintf(hex, sizeof hex, " %02X", static_cast<unsigned char>(byte));
        text += hex;
    }
    return text;
}

Lines token_lines(const Scene& scene, int position) {
    const model::Choice& choice = scene.step.choices[position];
    const int id = scene.step.records[position]->id();
    Lines lines{scene.shown(id) + "  position " + count(position),
                "id " + std::to_string(id) + bytes_of(scene, id), chosen_words(choice)};
    if (choice.by == model::ChosenBy::sampled)
        lines.back() += ": " + model::describe(choice.decoding);
    if (position > 0) {
        lines.push_back("the model gave it " + percent(choice.probability) + ", rank " +
                        count(choice.rank + 1));
    }
    return lines;
}

Lines candidate_lines(const Scene& scene, int index) {
    const model::Candidate& c = scene.step.ranking.candidates[index];
    if (scene.reveal == Reveal::guess) {
        return {scene.shown(c.id), "id " + std::to_string(c.id) + bytes_of(scene, c.id)};
    }
    const bool proposed = index == scene.step.ranking.pick && scene.tells_choice();
    Lines lines{scene.shown(c.id) + "  rank " + count(index + 1) + (proposed ? ", proposed" : ""),
                "id " + std::to_string(c.id) + bytes_of(scene, c.id), "logit " + number(c.logit)};
    if (!scene.tells_probabilities()) return lines;
    lines.back() = "probability " + percent(c.probability) + "   " + lines.back();
    if (scene.decoding.sampled()) {
        lines.push_back(c.adjusted > 0 ? "after " + model::describe(scene.decoding) + ": " +
                                             percent(c.adjusted)
                                       : "cut by " + model::describe(scene.decoding));
    }
    if (const model::Step* untouched = scene.compared()) {
        const model::Change change = model::change_of(scene.step.ranking, untouched->ranking, c.id);
        lines.push_back("untouched: probability " + percent(change.other) + ", rank " +
                        count(change.rank_other + 1) + "; here " + points(change.points()) +
                        " points");
    }
    if (!scene.step.probability_before.empty()) {
        lines.push_back(
            "at the position before: " + percent(double{scene.step.probability_before[c.id]}) +
            ", rank " + count(scene.step.rank_before[c.id] + 1));
    }
    if (c.id == scene.selection.token) lines.push_back("followed through the layers");
    return lines;
}

Lines cell_lines(const Scene& scene, int layer, int head, int query, int key) {
    const std::string looks = scene.shown_at(query);
    const std::string at = scene.shown_at(key);
    if (key > query) {
        return {looks + " cannot look at " + at + ": it comes later (masked)"};
    }
    Lines lines{looks + " looks at " + at};
    const bool hidden = scene.attention.hide_first && key == 0;
    std::string line = hidden ? "hidden; the others are renormalised"
                              : "weight " + weight(shown_row(scene, layer, head, query)[key]);
    if (!hidden && scene.compared()) {
        const float here = shown_row(scene, layer, head, query)[key];
        const float there = untouched_row(scene, layer, head, query)[key];
        line += ", untouched " + weight(there) + ": " + signed_weight(here - there);
    }
    // A score is one head's.
    if (scene.attention.mix == AttentionLook::Mix::one) {
        line += "   score " + number(model::attention_scores(scene.model.config, scene.step.records,
                                                             layer, head, query)[key]);
    }
    lines.push_back(line);
    if (scene.attention.mix == AttentionLook::Mix::one &&
        scene.step.records[static_cast<size_t>(query)]->is_uniform(layer, head)) {
        lines.push_back("pinned to equal weights, whatever the scores");
    }
    lines.push_back(shown_name(scene, layer, head) + " · positions " + count(query) + " → " +
                    count(key));
    return lines;
}

Lines block_lines(const Scene& scene, int layer) {
    const Norms& norms = scene.memo.norms.read(scene.step.records)[scene.position()];
    const auto& lens = scene.memo.lens.read(scene.model, scene.step.records[scene.position()],
                                            scene.followed())[layer];
    const std::string name = "blocks." + std::to_string(layer);
    Lines lines{
        "Block " + std::to_string(layer + 1) + " at " + scene.shown_at(scene.position()),
        "attention added a vector of length " + number(norms.attn[layer]) + " (" + name +
            ".hook_attn_out)",
        "the MLP added one of length " + number(norms.mlp[layer]) + " (" + name + ".hook_mlp_out)"};
    if (scene.tells_choice()) {
        lines.push_back("read out here, the next token would be " + scene.shown(lens.id) + " " +
                        percent(lens.probability));
    }
    return lines;
}

Lines phase_lines(const Scene& scene, std::string_view phase) {
    const model::Config& c = scene.model.config;
    const std::string n = count(scene.length());
    if (phase == "tokens") {
        return {"The text as numbers: one id of " + count(c.n_vocab) + " for each token (tokens)"};
    }
    if (phase == "embedding") {
        return {"Each id and its position become vectors of " + count(c.d_model) +
                    " numbers, which are added",
                "hook_embed + hook_pos_embed"};
    }
    if (phase == "final_norm") {
        return {"The stream at every position is scaled to one size before it is read",
                "ln_final.hook_normalized"};
    }
    if (phase == "logits") {
        return {"The last position's vector against every token's embedding: " + count(c.n_vocab) +
                    " scores",
                "logits"};
    }
    if (phase == "softmax") {
        return {"Scores become probabilities: exponentials divided by their sum"};
    }
    if (phase == "pick") {
        return {scene.decoding.sampled() ? "One token is drawn by its adjusted probability: " +
                                               model::describe(scene.decoding)
                                         : "The token with the highest logit is taken (greedy)"};
    }
    if (phase == "append") {
        if (scene.step.why != model::StopReason::none)
            return {model::stop_reason_text(scene.step.why)};
        return {"The proposed token would become position " + n +
                "; the next step then runs that position alone"};
    }
    return {};
}

Lines other_lines(const Scene& scene) {
    const double tokens = static_cast<double>(scene.step.ranking.candidates.size());
    return {"All tokens of the vocabulary that have no row here",
            "of " + count(static_cast<long long>(tokens)) + " tokens in all"};
}

Lines shared_tooltip(const Scene& scene, const Hit& hit) {
    const model::Config& c = scene.model.config;
    const int n = scene.length();
    const RegionId id(hit.id);
    const std::string_view kind = id.kind;

    if (kind == "token" || kind == "query") {
        const int position = id.number(0, n);
        return position >= 0 ? token_lines(scene, position) : Lines{};
    }
    if (kind == "candidate") {
        const int index = id.number(0, static_cast<int>(scene.step.ranking.candidates.size()));
        return index >= 0 ? candidate_lines(scene, index) : Lines{};
    }
    if (kind == "proposed") {
        if (!scene.tells_choice()) return {"what comes next is not shown yet"};
        Lines lines = candidate_lines(scene, scene.step.ranking.pick);
        lines.push_back(scene.reveal == Reveal::appended ? "appended" : "not appended yet");
        return lines;
    }
    if (kind == "text") {
        return {"The product of the probabilities the model gave each token after the first;",
                "perplexity: one over their geometric mean"};
    }
    if (kind == "other") return other_lines(scene);
    if (kind == "phase") return phase_lines(scene, id.word(0));

    const int layer = id.number(0, c.n_layer);
    const int head = id.number(1, c.n_head);
    if (kind == "layer" && layer >= 0) return block_lines(scene, layer);
    if (kind == "map" && layer >= 0 && head >= 0 && hit.row < n && hit.col < n) {
        return cell_lines(scene, layer, head, hit.row, hit.col);
    }
    if (kind == "row" && layer >= 0 && head >= 0) {
        const int key = id.number(2, n);
        return key >= 0 ? cell_lines(scene, layer, head, scene.position(), key) : Lines{};
    }
    return {};
}

}  // namespace

Lines tooltip(const Scene& scene, const Hit& hit) {
    for (const View& view : views()) {
        if (!view.tooltip) continue;
        if (Lines lines = view.tooltip(scene, hit); !lines.empty()) return lines;
    }
    return shared_tooltip(scene, hit);
}

}  // namespace viz
