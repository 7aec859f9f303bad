#include "viz/views/pointing.h"

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
    if (c.id == scene.selection.token) lines.push_back("followed through the blocks");
    const model::LookAhead* ahead = scene.ahead();
    const auto* follows = ahead ? ahead->find(c.id) : nullptr;
    if (follows && !follows->then.empty()) {
        std::string line = "then likeliest:";
        for (const auto& token : follows->then) {
            line += (line.ends_with(':') ? "  " : " · ") + scene.shown(token.id) + " " +
                    percent(token.probability);
        }
        lines.push_back(line);
    }
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

int layer_of(const Scene& scene, const Hit& hit) {
    return hit.target.number(0, scene.model.config.n_layer);
}

int head_of(const Scene& scene, const Hit& hit) {
    return hit.target.number(1, scene.model.config.n_head);
}

Lines token_tooltip(const Scene& scene, const Hit& hit) {
    const int position = hit.target.number(0, scene.length());
    return position >= 0 ? token_lines(scene, position) : Lines{};
}

Lines candidate_tooltip(const Scene& scene, const Hit& hit) {
    const int index = hit.target.number(0, static_cast<int>(scene.step.ranking.candidates.size()));
    return index >= 0 ? candidate_lines(scene, index) : Lines{};
}

Lines proposed_tooltip(const Scene& scene, const Hit&) {
    if (!scene.tells_choice()) return {"what comes next is not shown yet"};
    Lines lines = candidate_lines(scene, scene.step.ranking.pick);
    lines.push_back(scene.reveal == Reveal::appended ? "appended" : "not appended yet");
    return lines;
}

Lines text_tooltip(const Scene&, const Hit&) {
    return {"The product of the probabilities the model gave each token after the first;",
            "perplexity: one over their geometric mean"};
}

Lines phase_tooltip(const Scene& scene, const Hit& hit) {
    return phase_lines(scene, hit.target.word());
}

Lines layer_tooltip(const Scene& scene, const Hit& hit) {
    const int layer = layer_of(scene, hit);
    return layer >= 0 ? block_lines(scene, layer) : Lines{};
}

Lines map_tooltip(const Scene& scene, const Hit& hit) {
    const int layer = layer_of(scene, hit), head = head_of(scene, hit), n = scene.length();
    if (layer < 0 || head < 0 || hit.row < 0 || hit.row >= n || hit.col < 0 || hit.col >= n) {
        return {};
    }
    return cell_lines(scene, layer, head, hit.row, hit.col);
}

Lines row_tooltip(const Scene& scene, const Hit& hit) {
    const int layer = layer_of(scene, hit), head = head_of(scene, hit);
    const int key = hit.target.number(2, scene.length());
    if (layer < 0 || head < 0 || key < 0) return {};
    return cell_lines(scene, layer, head, scene.position(), key);
}

void select_token(Selection& selection, const Hit& hit, const Extent& extent) {
    select_position(selection, hit.target.number(0), extent);
}

void select_phase(Selection& selection, const Hit& hit, const Extent&) {
    selection.phase =
        value_named(phase_id, Phase::append, hit.target.word()).value_or(selection.phase);
}

void select_layer(Selection& selection, const Hit& hit, const Extent& extent) {
    select_head(selection, hit.target.number(0), selection.head, extent);
}

void select_query(Selection& selection, const Hit& hit, const Extent& extent) {
    select_position(selection, hit.row, extent);
}

// What several drawings declare.
constexpr Pointing shared[] = {
    {.kind = "token", .tooltip = token_tooltip, .select = select_token},
    {.kind = "query", .tooltip = token_tooltip, .select = select_token},
    {.kind = "candidate", .tooltip = candidate_tooltip},
    {.kind = "proposed", .tooltip = proposed_tooltip},
    {.kind = "text", .tooltip = text_tooltip},
    {.kind = "phase", .tooltip = phase_tooltip, .select = select_phase},
    {.kind = "layer", .tooltip = layer_tooltip, .select = select_layer},
    {.kind = "map", .tooltip = map_tooltip, .select = select_query, .locks = true},
    {.kind = "row", .tooltip = row_tooltip, .locks = true},
};

// Calls `use` with the rows of this kind, those of views first, until it says that it is done.
template <typename Use>
void each_row_of(std::string_view kind, Use use) {
    for (const View* view : views()) {
        for (const Pointing& row : view->targets) {
            if (row.kind == kind && use(row)) return;
        }
    }
    for (const Pointing& row : shared) {
        if (row.kind == kind && use(row)) return;
    }
}

Hit meant(const Hit& hit) {
    Hit cell = hit;
    each_row_of(hit.target.kind(), [&](const Pointing& row) {
        if (row.means) cell = row.means(hit);
        return row.means != nullptr;
    });
    return cell;
}

}  // namespace

Lines tooltip(const Scene& scene, const Hit& pointed) {
    const Hit hit = meant(pointed);
    Lines lines;
    each_row_of(hit.target.kind(), [&](const Pointing& row) {
        if (row.tooltip) lines = row.tooltip(scene, hit);
        return !lines.empty();
    });
    return lines;
}

bool select(Selection& selection, const Hit& clicked, const Extent& extent) {
    const Hit hit = meant(clicked);
    bool selects = false;
    each_row_of(hit.target.kind(), [&](const Pointing& row) {
        selects = row.select != nullptr;
        if (selects) row.select(selection, hit, extent);
        return selects;
    });
    return selects;
}

Hit lockable(const Hit& clicked) {
    const Hit hit = meant(clicked);
    bool locks = false;
    each_row_of(hit.target.kind(), [&](const Pointing& row) { return locks = row.locks; });
    return locks ? hit : Hit{};
}

}  // namespace viz
