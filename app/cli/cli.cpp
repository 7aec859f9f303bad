#include "app/cli/cli.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <thread>

#include "app/cli/progress.h"
#include "app/cli/terminal_text.h"
#include "app/run/export_run.h"
#include "app/run/run_store.h"
#include "app/run/settings.h"
#include "app/run/step_json.h"
#include "model/base/error.h"
#include "model/base/json.h"
#include "model/base/thread_pool.h"
#include "model/decode/beam.h"
#include "model/load/hub_cache.h"
#include "model/load/plain_text.h"
#include "model/run/trace_file.h"
#include "viz/paint/format.h"
#include "viz/views/view_table.h"

namespace app {

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// One step as a table for people who have no window.
void print_ranking(const model::Model& model, const model::Step& step) {
    constexpr size_t rows = 8;
    const auto& all = step.ranking.candidates;
    std::cout << "Step " << step.number() << ": after " << step.records.size()
              << " tokens, entropy " << viz::bits(step.ranking.entropy_bits) << "\n";
    double rest = 1;
    for (size_t i = 0; i < std::min(rows, all.size()); ++i) {
        const bool pick = static_cast<int>(i) == step.ranking.pick;
        const int bar = static_cast<int>(all[i].probability * 30 + 0.5);
        char line[160];
        std::snprintf(line, sizeof line, "%s %2zu  %9s  logit %7s  ", pick ? "->" : "  ", i + 1,
                      viz::percent(all[i].probability).c_str(), viz::number(all[i].logit).c_str());
        std::cout << line << std::string(static_cast<size_t>(bar), '#')
                  << std::string(static_cast<size_t>(31 - bar), ' ') << model.shown(all[i].id)
                  << "\n";
        rest -= all[i].probability;
    }
    if (all.size() > rows) {
        std::cout << "       " << viz::percent(std::max(rest, 0.0)) << "  other "
                  << viz::count(static_cast<long long>(all.size() - rows)) << " tokens\n";
    }
    std::cout << "   appends " << model.shown(step.ranking.proposed().id) << "\n\n";
}

}  // namespace

// More than the machine has would only be in each other's way.
int usable_threads(const Options& options) {
    const auto there = static_cast<int>(std::thread::hardware_concurrency());
    return there > 0 ? std::min(options.threads, there) : options.threads;
}

std::filesystem::path model_folder(const Options& options) {
    return options.model.empty() ? bundled_model() : model::resolve_model(options.model);
}

std::shared_ptr<const model::Model> open_model(const Options& options) {
    model::set_threads(usable_threads(options));
    auto model = model::load_model(model_folder(options), precision(options));
    for (const std::string& note : model->notes) {
        std::cerr << "stepscope: " << model::plain_text(note) << "\n";
    }
    // Ids work without one, so nothing else would say it.
    if (options.has_ids && !model->tokenizer && model::Tokenizer::present(model->folder)) {
        std::cerr << "stepscope: " << model::plain_text(model->no_tokenizer) << "\n";
    }
    return model;
}

model::Precision precision(const Options& options) {
    return options.precision == "f16" ? model::Precision::f16 : model::Precision::f32;
}

model::Decoding decoding(const Options& options) {
    model::Decoding d = options.decoding;
    d.seed = options.seed;
    if (options.no_temperature) d.strategy = model::Strategy::greedy;
    return d;
}

bool stops_at_end(const Options& options, bool otherwise) {
    return options.stop_at_end || (otherwise && !options.no_stop);
}

model::SessionOptions session_options(const Options& options, const model::Config& config,
                                      bool stops) {
    if (options.stop_at_end && config.end_tokens.empty()) {
        std::cerr << "stepscope: --stop-at-end: the model names no token that ends a text "
                     "(eos_token_id of generation_config.json or config.json)\n";
    }
    model::SessionOptions s;
    s.use_cache = !options.no_cache;
    s.stop_at_end = stops_at_end(options, stops);
    s.ablation = model::parse_ablation(options.ablate, config, "--ablate");
    if (options.memory_mb) s.detail_budget = static_cast<size_t>(*options.memory_mb * 1e6);
    return s;
}

// That a text of `length` tokens, `appended` of them new, ends because there is no more room.
void say_if_full(const model::Model& model, int length, int appended) {
    if (length < model.config.n_ctx) return;
    std::cerr << "stepscope: the context of " << model.config.n_ctx
              << " tokens is full; stopped after " << viz::plural(appended, "token") << "\n";
}

// The best beam's continuation; with json all beams, best first.
void print_beams(const Options& options, const model::Model& model,
                 const std::vector<int>& prompt) {
    const auto beams =
        model::beam_search(model, prompt,
                           {.beams = options.beams,
                            .steps = options.steps.value_or(20),
                            .stop_at_end = options.stop_at_end,
                            .use_cache = !options.no_cache,
                            .ablation = session_options(options, model.config).ablation});
    for (const model::Beam& beam : beams) {
        const std::vector<int> ids(beam.ids.begin() + static_cast<std::ptrdiff_t>(prompt.size()),
                                   beam.ids.end());
        if (options.print == "json") {
            nlohmann::ordered_json object = {{"ids", ids},
                                             {"log_probability", beam.log_probability}};
            if (model.tokenizer) object["text"] = model::shown_text(model.tokenizer->decode(ids));
            std::cout << model::json_text(object) << "\n";
            continue;
        }
        if (options.print == "ids") {
            for (size_t i = 0; i < ids.size(); ++i) std::cout << (i ? "," : "") << ids[i];
        } else {
            TerminalText().write(model.tokenizer->decode(ids));
        }
        std::cout << "\n";
        if (ids.size() < static_cast<size_t>(options.steps.value_or(20))) {
            say_if_full(model, static_cast<int>(beam.ids.size()), static_cast<int>(ids.size()));
        }
        return;
    }
}

// One printed step of generate. `by`: who chose what `step` proposes.
void print_step(const Options& options, const model::Model& model, const model::Step& step,
                const model::Decoding& decoding, model::ChosenBy by, std::optional<double> ms,
                TerminalText& text) {
    const int id = step.ranking.proposed().id;
    if (options.print == "json") {
        auto object = step_json(model, step, decoding);
        object["chosen_by"] = model::chosen_by_name(by);
        if (ms) object["time_ms"] = *ms;
        std::cout << model::json_text(object) << "\n";
    } else if (options.print == "ranking") {
        print_ranking(model, step);
    } else if (options.print == "ids") {
        std::cout << (step.number() > 1 ? "," : "") << id;
    } else {
        text.write(model.tokenizer->bytes(id));
    }
}

void check_printable(const Options& options, const model::Model& model) {
    if (options.print == "text" && !model.tokenizer) {
        throw model::Error(model.no_tokenizer + "; print ids instead of text (--print ids)");
    }
}

// The path of a saved run, as the generate that made it printed it.
int print_saved_run(const Options& options) {
    model::set_threads(usable_threads(options));
    const SavedRun saved = open_run(options.run, options.model);
    const model::Model& model = *saved.model;
    check_printable(options, model);
    const auto session = model::replay(saved.file, saved.model);
    session->rewind(session->path_length());
    const model::StepPtr end = session->step();
    TerminalText text;
    for (size_t n = static_cast<size_t>(end->prompt_length); n < end->records.size(); ++n) {
        const model::Choice& choice = end->choices[n];
        session->rewind(static_cast<int>(n));
        session->set_decoding(choice.decoding);
        model::Step step = *session->step();
        auto& ranking = step.ranking;
        const auto chosen =
            std::ranges::find(ranking.candidates, end->records[n]->id(), &model::Candidate::id);
        ranking.pick = static_cast<int>(chosen - ranking.candidates.begin());
        print_step(options, model, step, choice.decoding, choice.by, {}, text);
    }
    text.finish();
    if (options.print == "ids" || options.print == "text") std::cout << "\n";
    return 0;
}

int run_generate(const Options& options) {
    if (!options.run.empty()) return print_saved_run(options);
    const auto model = open_model(options);
    const auto prompt = prompt_ids(options, *model);
    check_printable(options, *model);
    if (options.beams > 1) {
        print_beams(options, *model, prompt);
        return 0;
    }
    model::Session session(model, session_options(options, model->config));
    const int steps = options.steps.value_or(20);
    const bool saves = !options.save_run.empty();
    ProgressLine progress;
    TerminalText text;
    auto start = Clock::now();
    session.start(prompt, decoding(options));
    for (int i = 0; i < steps && session.stage() == model::Stage::proposed; ++i) {
        const model::StepPtr step = session.step();
        const int id = step->ranking.proposed().id;
        const bool sampled = session.decoding().sampled();
        print_step(options, *model, *step, session.decoding(),
                   sampled ? model::ChosenBy::sampled : model::ChosenBy::argmax, ms_since(start),
                   text);
        if (options.print != "text") progress.show("step", i + 1, steps);
        // The last token is printed, not run: nobody asks what follows it. A saved run holds it.
        const bool last = i + 1 == steps || (options.stop_at_end && model->config.ends(id));
        if (last && !saves) break;
        start = Clock::now();
        session.commit();
        if (last) break;
    }
    text.finish();
    if (options.print == "ids" || options.print == "text") std::cout << "\n";
    if (saves) {
        const bool default_text = !options.has_prompt && !options.has_ids;
        std::optional<std::string> prompt_said;
        if (options.has_prompt) prompt_said = options.prompt;
        if (default_text) prompt_said = default_prompt;
        model::save_run(options.save_run, model::run_file(session, prompt_said));
    }
    const int appended = session.path_length() - session.prompt_length();
    if (session.step()->why == model::StopReason::context_full && appended < steps) {
        say_if_full(*model, model->config.n_ctx, appended);
    }
    return 0;
}

int run_trace(const Options& options) {
    const auto model = open_model(options);
    const auto prompt = prompt_ids(options, *model);
    model::Session session(model, session_options(options, model->config));
    const int steps = options.steps.value_or(0);
    ProgressLine progress;
    session.start(prompt, decoding(options));
    for (int i = 0; i < steps && session.stage() == model::Stage::proposed; ++i) {
        session.commit();
        progress.show("step", i + 1, steps);
    }
    const auto metadata = trace_metadata(session, prompt_text(options));
    if (options.out == standard_output) {
        model::write_trace(std::cout, *model, session.step()->records, metadata, {});
    } else {
        model::write_trace(options.out, *model, session.step()->records, metadata);
    }
    return 0;
}

int run_tokenize(const Options& options) {
    const auto tokenizer = model::Tokenizer::load(model_folder(options));
    const auto ids = tokenizer.encode(options.text);
    if (options.json) {
        auto tokens = nlohmann::ordered_json::array();
        for (int id : ids) tokens.push_back(token_json(tokenizer, id));
        std::cout << model::json_text(tokens) << "\n";
    } else {
        for (size_t i = 0; i < ids.size(); ++i) std::cout << (i ? "," : "") << ids[i];
        std::cout << "\n";
    }
    return 0;
}

int run_info(const Options& options) {
    const auto model = open_model(options);
    const model::Config& c = model->config;
    const model::TokenRecord::Layout layout(c);
    const double record_mb = static_cast<double>(layout.floats()) * 4 * c.n_ctx / 1e6;
    const double cache_mb = 2.0 * 4 * c.n_layer * c.d_model * c.n_ctx / 1e6;
    uint64_t widened = 4 * static_cast<uint64_t>(model->weights.n_parameters);
    if (options.json) {
        nlohmann::ordered_json out = {
            {"name", c.name},        {"folder", model->folder.string()},
            {"hash", model->hash()}, {"n_layer", c.n_layer},
            {"n_head", c.n_head},    {"d_model", c.d_model},
            {"d_head", c.d_head()},  {"d_mlp", c.d_mlp},
            {"n_vocab", c.n_vocab},  {"n_ctx", c.n_ctx},
            {"tied", c.tied},        {"activation", c.activation->names[0]}};
        for (const model::ConfigFlag& f : model::config_flags()) out[f.name] = c.*f.member;
        out.update(nlohmann::ordered_json{{"biases", c.biases},
                                          {"tokenizer", model->tokenizer.has_value()},
                                          {"tokenizer_problem", model->no_tokenizer},
                                          {"parameters", model->weights.n_parameters},
                                          {"dtype", model->weights.stored_as},
                                          {"file_bytes", model->weights.file_bytes},
                                          {"weights_mb", static_cast<double>(widened) / 1e6},
                                          {"kv_cache_mb", cache_mb},
                                          {"record_mb", record_mb}});
        std::cout << model::json_text(out, 2) << "\n";
        return 0;
    }
    auto mb = [](double value) { return viz::number(value) + " MB"; };
    auto line = [](const char* key, const std::string& value) {
        std::printf("%-12s %s\n", key, value.c_str());
    };
    line("model", model::plain_text(c.name) + " (hash " + model->hash() + ")");
    for (const auto& file : model->weights.files) line("file", model::plain_text(file.string()));
    line("shape", std::to_string(c.n_layer) + " layers x " + std::to_string(c.n_head) +
                      " heads, width " + std::to_string(c.d_model) + " (head " +
                      std::to_string(c.d_head()) + ", MLP " + std::to_string(c.d_mlp) + ")");
    const std::string differs = model::variant(c);
    line("pass", "as GPT-2's" + (differs.empty() ? "" : ", but: " + differs));
    line("vocabulary",
         viz::count(c.n_vocab) + (model->tokenizer ? " tokens" : " ids, no tokenizer"));
    if (!model->tokenizer && model::Tokenizer::present(model->folder)) {
        line("tokenizer", "cannot be used: " + model::plain_text(model->no_tokenizer));
    }
    line("context", viz::count(c.n_ctx) + " positions");
    line("parameters", viz::count(model->weights.n_parameters) + ", " + model->weights.stored_as +
                           (c.tied ? ", lm_head tied to wte" : ", own lm_head"));
    line("memory", mb(static_cast<double>(widened) / 1e6) +
                       " weights as float32, at full context " + mb(cache_mb) + " KV cache and " +
                       mb(record_mb) + " records");
    return 0;
}

int run_views(const Options&) {
    for (const viz::View* view : viz::views()) std::printf("%-10s  %s\n", view->id, view->help);
    return 0;
}

}  // namespace app
