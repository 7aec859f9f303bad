#include "app/run/step_json.h"

#include <algorithm>

#include "model/base/json.h"
#include "model/interp/lens.h"
#include "model/pass/attention.h"

namespace app {

using Json = nlohmann::ordered_json;

namespace {

constexpr size_t candidates_listed = 20;

Json text_or_null(const model::Model& model, int id) {
    if (!model.tokenizer) return nullptr;
    const std::string& bytes = model.tokenizer->bytes(id);
    return model::is_utf8(bytes) ? Json(bytes) : Json(nullptr);
}

Json candidate_json(const model::Model& model, const model::Candidate& c) {
    return {{"id", c.id},
            {"text", text_or_null(model, c.id)},
            {"logit", c.logit},
            {"probability", c.probability},
            {"adjusted", c.adjusted}};
}

double norm(std::span<const float> x) {
    return model::norm(x.data(), static_cast<int>(x.size()));
}

}  // namespace

Json token_json(const model::Tokenizer& tokenizer, int id) {
    const std::string& bytes = tokenizer.bytes(id);
    Json values = Json::array();
    for (char byte : bytes) values.push_back(static_cast<unsigned char>(byte));
    return {{"id", id},
            {"text", model::is_utf8(bytes) ? Json(bytes) : Json(nullptr)},
            {"bytes", values}};
}

Json step_json(const model::Model& model, const model::Step& step,
               const model::Decoding& decoding) {
    const model::Ranking& ranking = step.ranking;
    const size_t listed = std::min(candidates_listed, ranking.candidates.size());
    Json candidates = Json::array();
    for (size_t i = 0; i < listed; ++i) {
        candidates.push_back(candidate_json(model, ranking.candidates[i]));
    }
    Json texts = Json::array();
    for (const int id : step.ids()) texts.push_back(text_or_null(model, id));
    return {{"step", step.number()},
            {"input_ids", step.ids()},
            {"tokens", texts},
            {"prompt_length", step.prompt_length},
            {"ablated", model::describe(step.ablation)},
            {"candidates", candidates},
            {"vocabulary", ranking.candidates.size()},
            {"entropy_bits", ranking.entropy_bits},
            {"choice", candidate_json(model, ranking.proposed())},
            {"chosen_by", decoding.sampled() ? "sampled" : "argmax"},
            {"decoding", model::describe(decoding)}};
}

Json internals_json(const model::Model& model, const model::Step& step, int layer, int head) {
    const int last = static_cast<int>(step.records.size()) - 1;
    Json pattern = Json::array();
    for (int query = 0; query <= last; ++query) {
        pattern.push_back(model::attention_row(model.config, step.records, layer, head, query));
    }
    Json layers = Json::array();
    const model::TokenRecord& record = *step.records[last];
    for (int l = 0; l < model.config.n_layer; ++l) {
        layers.push_back({{"layer", l},
                          {"block", l + 1},
                          {"resid_pre_norm", norm(record.resid_pre(l))},
                          {"attn_out_norm", norm(record.attn_out(l))},
                          {"mlp_out_norm", norm(record.mlp_out(l))},
                          {"resid_post_norm", norm(record.resid_post(l))}});
    }
    // Layer and head from 0, as hooks have them; "shown" as the page does.
    const std::string shown =
        "block " + std::to_string(layer + 1) + " head " + std::to_string(head + 1);
    return {
        {"attention", {{"layer", layer}, {"head", head}, {"shown", shown}, {"pattern", pattern}}},
        {"last_position", layers}};
}

}  // namespace app
