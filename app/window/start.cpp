#include "app/window/start.h"

#include "app/run/lessons.h"
#include "model/base/thread_pool.h"

namespace app {

std::shared_ptr<const model::Model> first_model(const WindowOptions& options) {
    model::set_threads(options.threads);
    auto model = model::load_model(options.model_folder, options.precision);
    if (options.lesson) {
        LessonTour(options.lesson, model).go(0);
    } else if (options.ids.empty()) {
        (void)model::encode_prompt(*model, options.prompt);
    } else {
        model::check_ids(*model, options.ids);
    }
    return model;
}

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
