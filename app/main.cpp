// Reads the command line, runs the command, and turns what went wrong into one line and a status.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "app/cli.h"
#include "app/export_run.h"
#include "app/settings.h"
#include "model/error.h"
#include "viz/font.h"
#ifdef STEPSCOPE_WINDOW
#include "app/lessons.h"
#include "app/run_store.h"
#include "app/window.h"
#endif

namespace {

using app::Options;

constexpr int failed = 1;
constexpr int wrong_usage = 2;

// CLI::Range lets "nan" pass.
CLI::Validator between(double low, double high) {
    return CLI::Validator(
        [low, high](const std::string& text) {
            double value = 0;
            const bool good =
                CLI::detail::lexical_cast(text, value) && value >= low && value <= high;
            return good ? std::string()
                        : text + " is not a number between " + CLI::detail::to_string(low) +
                              " and " + CLI::detail::to_string(high);
        },
        "NUMBER");
}

void add_model(CLI::App& command, Options& o) {
    command.add_option("--model", o.model,
                       "GPT-2 folder, or a name in the Hugging Face cache (default: the bundled)");
}

void add_run(CLI::App& command, Options& o) {
    add_model(command, o);
    auto* prompt = command.add_option("--prompt", o.prompt, "text to go on from");
    command.add_option("--ids", o.ids, "token ids instead of a prompt: 1,2,3")->excludes(prompt);
    command.add_option("--threads", o.threads, "threads to compute with (default: all cores)")
        ->check(CLI::Range(1, 1024));
    command
        .add_option("--precision", o.precision, "of the matrices in memory: f32 (default) or f16")
        ->check(CLI::IsMember({"f32", "f16"}));
    command.add_flag("--no-cache", o.no_cache,
                     "the naive pass: the whole sequence again each step");
    command.add_option("--seed", o.seed, "of the random numbers that sampling draws")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--ablate", o.ablate,
                       "intervene: heads, MLPs or layers off (L3H2,L4MLP,L5), uniform attention of "
                       "a head or of one of its rows (L3H2=uniform,L3H2@7=uniform)");
    command
        .add_option("--memory", o.memory_mb,
                    "megabytes that activations may take; older ones are computed again")
        ->check(between(0.001, 1e9));
    auto* greedy = command.add_flag("--greedy", o.greedy, "take the most likely token (default)");
    command.add_option("--temperature", o.temperature, "sample with the logits divided by T")
        ->check(between(1e-3, 1e3))
        ->excludes(greedy);
    command.add_option("--top-k", o.top_k, "sample among the K most likely")
        ->check(CLI::Range(1, 1 << 24))
        ->excludes(greedy);
    command
        .add_option(
            "--repetition-penalty", o.repetition_penalty,
            "divide the positive logits of tokens that occurred by R, multiply negative ones")
        ->check(between(0.01, 100.0));
    command.add_option("--no-repeat-ngram", o.no_repeat_ngram, "never say the same N tokens twice")
        ->check(CLI::Range(0, 1 << 20));
    command.add_option("--top-p", o.top_p, "sample from the nucleus of probability P")
        ->check(between(1e-6, 1.0))
        ->excludes(greedy);
}

void add_steps(CLI::App& command, Options& o, const char* help) {
    command.add_option("--steps", o.steps, help)->check(CLI::Range(0, 1 << 24));
}

void add_pages(CLI::App& page, Options& o) {
    auto* lesson = page.add_option("--lesson", o.lesson,
                                   "a lesson instead of a run: pdf, html, svg, png: a handout; "
                                   "pptx, gif: slides");
    for (const char* other :
         {"--prompt", "--ids", "--steps", "--no-cache", "--seed", "--ablate", "--greedy",
          "--temperature", "--top-k", "--top-p", "--repetition-penalty", "--no-repeat-ngram"}) {
        lesson->excludes(other);
    }
    page.add_flag("--stop-at-end", o.stop_at_end, "stop at the end-of-text token");
    page.add_option("-o,--out", o.out, "file, or folder for numbered pages")->required();
    page.add_option("--format", o.format,
                    "svg, png, pdf, pptx, html, gif, json, csv or safetensors (default: from the "
                    "name)")
        ->check(CLI::IsMember(app::format_names()));
    page.add_option("--step", o.step, "only these steps: 3, 2-6 or 1,4,9");
    page.add_option("--views", o.views, "one or two view ids (default: head,ranking)")
        ->delimiter(',');
    page.add_option("--shape", o.shape, "16:9 (default) or 4:3")
        ->check(CLI::IsMember({"16:9", "4:3"}));
    page.add_flag("--reveal", o.reveal,
                  "four pages a step, for guessing: logits, probabilities, choice, appended");
    page.add_option("--theme", o.theme, "light or dark")->check(CLI::IsMember({"light", "dark"}));
    page.add_option("--scale", o.scale, "pixels of a PNG: 1 gives 1920x1080")
        ->check(between(0.25, 4.0));
    page.add_option("--layer", o.layer, "layer shown, from 1 (default: a telling one)");
    page.add_option("--head", o.head, "head shown, from 1");
    page.add_option("--position", o.position, "position of the token that looks, from 0");
    page.add_option("--follow", o.follow, "id of the token that is followed through the layers");
    page.add_option("--lock", o.lock,
                    "outline and explain a cell: map/LAYER/HEAD/ROW/COLUMN, all from 0");
    page.add_option("--strategies", o.strategies,
                    "for the views strategies and beam: \"greedy; t=0.9, p=0.95; k=40; beams=4\"");
    page.add_option("--mix", o.mix, "heads of the layer: one (default), mean or max")
        ->check(CLI::IsMember({"one", "mean", "max"}));
    page.add_option("--tint", o.tint, "heads by what they look at: previous, first or induction")
        ->check(CLI::IsMember({"none", "previous", "first", "induction"}));
    page.add_option("--colours", o.colours, "of weights: violet (default), viridis or cividis")
        ->check(CLI::IsMember({"violet", "viridis", "cividis"}));
    page.add_flag("--own-scale", o.own_scale, "the darkest colour is the largest weight shown");
    page.add_flag("--difference", o.difference,
                  "with --ablate: how ranking, lens and attention differ from the untouched run");
    page.add_flag("--hide-first", o.hide_first, "attention without token 0, renormalised");
}

int run_window(const Options& options) {
#ifdef STEPSCOPE_WINDOW
    app::WindowOptions window;
    Options named = options;
    if (app::is_run_file(options.model)) {  // FILE or DIR
        window.run = options.model;
        const auto folder = std::filesystem::path(model::read_run_file(window.run).model_folder);
        named.model = std::filesystem::is_directory(folder) ? folder.string() : "";
    }
    if (!options.lesson.empty()) {
        viz::Lesson lesson = *app::open_lesson(options.lesson);
        if (named.model.empty()) named.model = lesson.model;
        if (!options.model.empty()) lesson.model.clear();  // it is shown with another one
        window.lesson = std::make_shared<const viz::Lesson>(std::move(lesson));
    }
    window.model_folder = app::model_folder(named);
    window.prompt = options.has_prompt ? options.prompt : app::default_prompt;
    if (options.has_ids) window.ids = app::parse_ids(options.ids);
    window.decoding = app::decoding(options);
    window.precision = app::precision(options);
    window.threads = options.threads;
    window.use_cache = !options.no_cache;
    window.ablate = options.ablate;
    if (options.memory_mb) window.detail_budget = static_cast<size_t>(*options.memory_mb * 1e6);
    return app::run_window(window);
#else
    (void)options;
    throw model::Error("window: this program was built without it; --help lists the commands");
#endif
}

int dispatch(int argc, char** argv) {
    Options o;
    CLI::App program(
        "Stepscope shows how a language model writes, one token at a time.\n"
        "Without a command it opens the window.",
        "stepscope");
    program.set_version_flag("--version", std::string("stepscope ") + STEPSCOPE_VERSION);
    program.require_subcommand(0, 1);
    program.option_defaults()->always_capture_default(false);
    add_run(program, o);
    program.add_option("folder", o.model, "folder of a GPT-2 model, or a saved run");
    program.add_option("--lesson", o.lesson, "open a lesson: its id, or a .json file")
        ->excludes("--prompt")
        ->excludes("--ids");

    auto* generate = program.add_subcommand("generate", "print the continuation of a prompt");
    add_run(*generate, o);
    add_steps(*generate, o, "tokens to append (default: 20)");
    generate->add_option("--print", o.print, "text, ids, json (one object a step) or ranking")
        ->check(CLI::IsMember({"text", "ids", "json", "ranking"}));
    generate->add_flag("--stop-at-end", o.stop_at_end, "stop at the end-of-text token");

    generate->add_option("--beams", o.beams, "search with B beams; the most probable is printed")
        ->check(CLI::Range(1, 1024));

    auto* saved = generate->add_option("--run", o.run, "print the path of a saved run");
    for (const char* other :
         {"--prompt", "--ids", "--steps", "--precision", "--no-cache", "--seed", "--ablate",
          "--greedy", "--temperature", "--top-k", "--top-p", "--repetition-penalty",
          "--no-repeat-ngram", "--stop-at-end", "--beams"}) {
        saved->excludes(other);
    }
    generate->add_option("--save-run", o.save_run, "write the run, to be opened again")
        ->excludes("--beams")
        ->excludes(saved);

    auto* trace = program.add_subcommand("trace", "write every tensor of a run as safetensors");
    add_run(*trace, o);
    add_steps(*trace, o, "tokens to append and run (default: 0, the prompt alone)");
    trace->add_flag("--stop-at-end", o.stop_at_end, "stop at the end-of-text token");
    trace->add_option("-o,--out", o.out, "file to write")->required();

    auto* page = program.add_subcommand("export", "write figures, decks or data of a run");
    add_run(*page, o);
    add_steps(*page, o, "steps of the run (default: 1)");
    add_pages(*page, o);

    auto* tokenize = program.add_subcommand("tokenize", "print the token ids of a text");
    add_model(*tokenize, o);
    tokenize->add_option("text", o.text, "text to encode")->required();
    tokenize->add_flag("--json", o.json, "with strings and bytes");

    auto* info = program.add_subcommand("info", "print the model's shape, files and memory");
    add_model(*info, o);
    info->add_option("folder", o.model, "folder of a GPT-2 model");
    info->add_flag("--json", o.json, "as JSON");

    auto* bench = program.add_subcommand("bench", "time passes against this machine's limits");
    add_model(*bench, o);
    bench->add_option("--threads", o.threads, "threads to compute with (default: all cores)")
        ->check(CLI::Range(1, 1024));
    bench->add_option("--precision", o.precision, "of the matrices in memory: f32 (default) or f16")
        ->check(CLI::IsMember({"f32", "f16"}));
    bench->add_flag("--json", o.json, "as JSON");

    auto* lessons = program.add_subcommand("lessons", "list the lessons, or check what they say");
    add_model(*lessons, o);
    lessons->add_option("lesson", o.lessons, "ids, or .json files (default: all bundled ones)");
    lessons->add_flag("--check", o.check, "measure every claim; status 1 if one is not true");

    auto* list = program.add_subcommand("views", "list the ids of the views");

    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) return program.exit(e, std::cout, std::cerr);  // --help
        std::cerr << "stepscope: " << e.what() << "; --help lists the flags\n";
        return wrong_usage;
    }
    for (const CLI::App* command : {&program, generate, trace, page}) {
        o.has_prompt = o.has_prompt || command->count("--prompt") > 0;
        o.has_ids = o.has_ids || command->count("--ids") > 0;
    }
    if (*generate) return app::run_generate(o);
    if (*trace) return app::run_trace(o);
    if (*page) return app::run_export(o);
    if (*tokenize) return app::run_tokenize(o);
    if (*info) return app::run_info(o);
    if (*bench) return app::run_bench(o);
    if (*lessons) return app::run_lessons(o);
    if (*list) return app::run_views(o);
    return run_window(o);
}

// Threads that wait for each other spin; on a machine that is busy otherwise that makes a step up
// to fifty times slower. The OpenMP library reads its settings before main(), so the only way to
// choose them is to start again with them set.
void start_with_patient_threads(char** argv) {
    if (std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY")) return;
    setenv("GOMP_SPINCOUNT", "10000", 1);
    execv("/proc/self/exe", argv);
    // Where that is impossible, the program works all the same.
}

}  // namespace

int main(int argc, char** argv) {
    start_with_patient_threads(argv);
    try {
        if (const auto assets = app::assets_folder(); !assets.empty()) {
            viz::set_font_folder(assets / "fonts");
        }
        return dispatch(argc, argv);
    } catch (const model::Error& e) {
        std::cerr << "stepscope: " << e.what() << "\n";
    } catch (const std::bad_alloc&) {
        std::cerr << "stepscope: there is not enough memory for this model\n";
    } catch (const std::exception& e) {
        std::cerr << "stepscope: this is a bug in the program: " << e.what() << "\n";
    }
    return failed;
}
