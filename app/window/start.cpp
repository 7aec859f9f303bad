#include "app/window/start.h"

namespace app {

std::string text_of(const WindowOptions& options, const model::Model& model) {
    if (options.ids.empty()) return options.prompt;
    return model.tokenizer ? model.tokenizer->decode(options.ids) : "";
}

model::SessionOptions session_options(const WindowOptions& options, const model::Model& model) {
    model::SessionOptions session;
    session.use_cache = options.use_cache;
    session.stop_at_end = options.stop_at_end;
    session.ablation = model::parse_ablation(options.ablate, model.config, "--ablate");
    session.detail_budget = options.detail_budget;
    return session;
}

}  // namespace app
