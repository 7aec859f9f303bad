#include "app/cli/command_line.h"

#include <cstdio>
#include <iostream>
#include <limits>

#include "app/cli/manual.h"
#include "app/cli/numbers.h"
#include "app/run/export_formats.h"
#include "model/base/error.h"
#include "model/decode/options.h"
#include "model/load/hub_cache.h"
#include "model/load/plain_text.h"

namespace app {

namespace {

constexpr int wrong_usage = 2;

void add_model(CLI::App& command, Options& o) {
    command
        .add_option("--model", o.model,
                    "GPT-2 folder, or a name in the Hugging Face cache (default: the bundled)")
        ->type_name("MODEL");
}

CLI::Option* add_prompt_file(CLI::App& command, Options& o) {
    return command
        .add_option("--prompt-file", o.prompt_file, "text to go on from, in a file; - reads it in")
        ->type_name("FILE");
}

// As everywhere else, temperature 0 is the argmax.
bool zero_is_greedy(const model::DecodingOption& option) {
    return option.strategy == model::Strategy::temperature;
}

// Later rows of the table name the strategy, in whatever order the flags were given.
void add_decoding(CLI::App& command, Options& o) {
    auto* greedy = command.add_flag("--greedy", o.greedy, "take the most likely token (default)");
    for (const model::DecodingOption& option : model::decoding_options()) {
        const auto choose = [&o, row = &option](auto value) {
            if (zero_is_greedy(*row) && value == 0) {
                o.no_temperature = true;
            } else {
                row->choose(o.decoding, value);
            }
        };
        CLI::Option* flag = nullptr;
        if (option.whole()) {
            flag = command.add_option_function<int>(option.flag(), choose, option.help)
                       ->transform(whole_number(static_cast<int64_t>(option.least),
                                                static_cast<uint64_t>(option.most)));
        } else {
            flag = command.add_option_function<double>(option.flag(), choose, option.help)
                       ->check(real_number(zero_is_greedy(option) ? 0 : option.least, option.most));
        }
        if (option.samples()) flag->excludes(greedy);
    }
}

// What makes a run of its own does not go with `other`, which brings one.
void exclude_run(CLI::Option& other) {
    for (const char* flag : {"--prompt", "--prompt-file", "--ids", "--steps", "--no-cache",
                             "--seed", "--ablate", "--greedy"}) {
        other.excludes(flag);
    }
    for (const model::DecodingOption& option : model::decoding_options()) {
        other.excludes(option.flag());
    }
}

void add_run(CLI::App& command, Options& o) {
    add_model(command, o);
    auto* prompt = command.add_option("--prompt", o.prompt, "text to go on from");
    auto* file = add_prompt_file(command, o)->excludes(prompt);
    command.add_option("--ids", o.ids, "token ids instead of a prompt: 1,2,3")
        ->excludes(prompt)
        ->excludes(file);
    command.add_option("--threads", o.threads, "threads to compute with (default: all cores)")
        ->transform(whole_number(1, 1024));
    command
        .add_option("--precision", o.precision, "of the matrices in memory: f32 (default) or f16")
        ->check(CLI::IsMember({"f32", "f16"}));
    command.add_flag("--no-cache", o.no_cache,
                     "the naive pass: compute the whole text anew at each step");
    command.add_option("--seed", o.seed, "number that fixes the random choices of sampling")
        ->transform(whole_number(0, UINT64_MAX));
    command.add_option(
        "--ablate", o.ablate,
        "switch parts off: L3H2,L4MLP,L5 (block 3's head 2, block 4's MLP, block 5); or make "
        "the attention of a head, or of one of its rows, uniform (L3H2=uniform,L3H2@7=uniform)");
    command
        .add_option(
            "--memory", o.memory_mb,
            "megabytes that activations may take; older ones are computed again. The window "
            "takes as much again for runs that can be taken back (a quarter of the machine's)")
        ->check(real_number(0.001, 1e9));
    add_decoding(command, o);
}

void add_stops(CLI::App& command, Options& o, const char* stops, const char* goes_on) {
    auto* stop = command.add_flag("--stop-at-end", o.stop_at_end, stops);
    command.add_flag("--no-stop", o.no_stop, goes_on)->excludes(stop);
}

void add_steps(CLI::App& command, Options& o, const char* help) {
    command.add_option("--steps", o.steps, help)->transform(whole_number(0, 1 << 24));
}

// What the window opens.
void add_opened(CLI::App& command, Options& o) {
    add_run(command, o);
    add_stops(command, o, "stop where the model ends the text (default)", "go on past it");
    command.add_option("folder", o.model, "folder of a GPT-2 model, a saved run, or a link to one")
        ->type_name("FILE");
    command.add_option("--lesson", o.lesson, "open a lesson: its id, or a .json file")
        ->type_name("LESSON")
        ->excludes("--prompt")
        ->excludes("--prompt-file")
        ->excludes("--ids");
}

// "pdf, png or svg".
std::string listed(const std::vector<std::string>& names, const char* last) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : &name == &names.back() ? last : ", ") + name;
    }
    return text;
}

void add_pages(CLI::App& page, Options& o) {
    std::vector<std::string> handouts, slides;
    for (const ExportFormat& format : export_formats()) {
        if (format.has_pages()) (format.slides ? slides : handouts).emplace_back(format.name);
    }
    auto* lesson = page.add_option("--lesson", o.lesson,
                                   "a lesson instead of a run: " + listed(handouts, ", ") +
                                       ": a handout; " + listed(slides, ", ") + ": slides")
                       ->type_name("LESSON");
    exclude_run(*lesson);
    page.add_flag("--worksheet", o.worksheet,
                  "of --lesson the questions on one page, with room to write, then the answers")
        ->needs(lesson);
    add_stops(page, o, "stop where the model ends the text (default)", "go on past it");
    page.add_option("-o,--out", o.out, "file, or folder for numbered pages")
        ->required()
        ->type_name("FILE");
    page.add_option("--format", o.format,
                    listed(format_names(), " or ") + " (default: from the name)")
        ->check(CLI::IsMember(format_names(), CLI::ignore_case));
    page.add_option("--step", o.step, "only these steps: 3, 2-6 or 1,4,9");
    page.add_option("--views", o.views, "one or two view ids (default: head,ranking)")
        ->delimiter(',')
        ->type_name("VIEW");
    page.add_option("--shape", o.shape, "16:9 (default) or 4:3")
        ->check(CLI::IsMember({"16:9", "4:3"}));
    page.add_flag("--reveal", o.reveal,
                  "four pages a step, for guessing: logits, probabilities, choice, appended");
    page.add_option("--theme", o.theme, "light or dark")->check(CLI::IsMember({"light", "dark"}));
    page.add_option("--scale", o.scale,
                    "png, gif, mp4, webm, webp: pixels for one of a page; 1 gives 1920x1080")
        ->check(real_number(0.25, 4.0));
    const auto index =
        whole_number(std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
    page.add_option("--layer", o.layer,
                    "block shown, from 1 (default: that of the head which adds most to the choice)")
        ->transform(index);
    page.add_option("--head", o.head, "head shown, from 1")->transform(index);
    page.add_option("--position", o.position, "position of the token that looks, from 0")
        ->transform(index);
    page.add_option("--follow", o.follow, "id of the token that is followed through the blocks")
        ->transform(index);
    page.add_option("--lock", o.lock,
                    "outline and explain a cell: map/LAYER/HEAD/ROW/COLUMN, all from 0");
    page.add_option("--strategies", o.strategies,
                    "for the views strategies and beam: \"greedy; t=0.9, p=0.95; k=40; beams=4\"");
    page.add_option("--mix", o.mix, "heads of the block: one (default), mean or max")
        ->check(CLI::IsMember({"one", "mean", "max"}));
    page.add_option("--tint", o.tint, "heads by what they look at: previous, first or induction")
        ->check(CLI::IsMember({"none", "previous", "first", "induction"}));
    page.add_option("--routes", o.routes,
                    "for the view routes: its part in the answer (default), or what arrives")
        ->check(CLI::IsMember({"answer", "arrives"}));
    page.add_option("--colours", o.colours, "of weights: violet (default), viridis or cividis")
        ->check(CLI::IsMember({"violet", "viridis", "cividis"}));
    page.add_flag("--own-scale", o.own_scale, "the darkest colour is the largest weight shown");
    page.add_flag("--difference", o.difference,
                  "with --ablate: how ranking, lens and attention differ from the untouched run");
    page.add_flag("--watch", o.watch,
                  "gif, mp4, webm, webp: the way of a token plays before each step stands");
    page.add_flag("--since", o.since, "the ranking: what changed since the step before");
    page.add_flag("--hide-first", o.hide_first, "attention without token 0, renormalised");
}

// A shell's empty variable is not the same as no word at all.
CLI::Validator not_empty() {
    return CLI::Validator(
        [](const std::string& word) {
            return word.empty() ? std::string("is empty") : std::string();
        },
        "");
}

// What of a page is not of the run.
void add_layout(CLI::App& page, Options& o) {
    page.add_option("--title", o.title,
                    "of every page, with fields such as {step}, {token}, {probability}");
    page.add_option("--footer", o.footer, "beside the page's number, with the same fields");
    page.add_option("--caption", o.caption, "on (default) or off: model, prompt and so on below")
        ->check(CLI::IsMember({"on", "off"}));
    page.add_option("--language", o.language,
                    "of titles, captions and notes: en, de, or a .json file")
        ->type_name("NAME");
    page.add_option("--notes", o.notes,
                    "what is said, in a file, with fields; \"# 3\" begins what is said of step 3")
        ->type_name("FILE");
    page.add_option("--template", o.slide_template,
                    "pptx: a PowerPoint file; its look, and its slides before these")
        ->type_name("FILE");
    page.add_option("--logo", o.logo, "a PNG or SVG, beside the title of every page")
        ->type_name("FILE");
    page.add_option("--strip", o.strip, "one page with N steps of a view beside each other")
        ->transform(whole_number(2, 12))
        ->type_name("N")
        ->excludes("--reveal");
    auto* bare =
        page.add_flag("--bare", o.bare, "svg, pdf, eps, png: one view alone, cropped, no ground")
            ->excludes("--reveal")
            ->excludes("--strip");
    page.add_option("--width", o.width, "of --bare: 84mm, 3.3in, 240pt or 320px (default: 84mm)")
        ->needs(bare)
        ->type_name("LENGTH");
    page.add_option("--per-page", o.per_page,
                    "pdf, svg, png: 1, 2, 4 or 6 pages on a sheet of paper, with lines for notes")
        ->check(CLI::IsMember({1, 2, 4, 6}))
        ->excludes(bare);
    page.add_option("--paper", o.paper, "of --per-page: a4 (default) or letter")
        ->check(CLI::IsMember({"a4", "letter"}))
        ->needs("--per-page");
    page.add_option("--seconds", o.seconds, "gif, mp4, webm, webp: that a page stays")
        ->check(real_number(0.1, 60));
    page.add_flag("--native", o.native,
                  "pptx: the ranking as a table and a chart that can be edited; with --reveal "
                  "one slide a step, on which clicks show what follows")
        ->excludes("--strip");
    page.add_flag("--fragment", o.fragment,
                  "html: a piece to paste into Moodle, Quarto, a notebook or a page of your own");
    page.add_flag("--slides", o.slides,
                  "of --lesson slides with questions and answers, where a handout is usual")
        ->needs("--lesson")
        ->excludes("--worksheet");
    // A lesson says itself what its pages show, and has no words of another.
    auto* lesson = page.get_option("--lesson");
    for (const char* other :
         {"--step",  "--views",    "--reveal",   "--strip",      "--bare",       "--per-page",
          "--title", "--footer",   "--caption",  "--notes",      "--native",     "--fragment",
          "--logo",  "--language", "--seconds",  "--difference", "--watch",      "--since",
          "--layer", "--head",     "--position", "--follow",     "--lock",       "--mix",
          "--tint",  "--routes",   "--colours",  "--own-scale",  "--hide-first", "--strategies"}) {
        lesson->excludes(other);
    }
    for (const char* other :
         {"--title", "--footer", "--caption", "--notes", "--logo", "--shape", "--watch"})
        bare->excludes(other);
    for (const char* flag : {"--lesson", "--notes", "--width", "--step", "--title", "--footer",
                             "--template", "--logo", "--language"})
        page.get_option(flag)->check(not_empty());
}

}  // namespace

CLI::App& CommandLine::add(const char* name, const char* help, Run run) {
    CLI::App* command = program_.add_subcommand(name, help);
    commands_.emplace_back(command, std::move(run));
    return *command;
}

CommandLine::CommandLine()
    : program_(
          "Stepscope shows how a language model writes, one token at a time.\n"
          "Without a command it opens the window. It uses no network, but for fetching a model "
          "that you ask for, and for a class that you start.",
          "stepscope") {
    program_.set_version_flag("--version", std::string("stepscope ") + STEPSCOPE_VERSION);
    program_.require_subcommand(0, 1);
    program_.option_defaults()->always_capture_default(false);
    add_window(options_);
    add_class(options_);
    add_generate(options_);
    add_trace(options_);
    add_export(options_);
    add_tokenize(options_);
    add_info(options_);
    add_bench(options_);
    add_lessons(options_);
    add_get(options_);
    add("views", "list the ids of the views", run_views);
    add_manual(options_);
}

void CommandLine::add_window(Options& o) {
    add_opened(program_, o);
}

void CommandLine::add_class(Options& o) {
    CLI::App& in_class = add("class", "open the window, and a page for the class's phones",
                             [](const Options& asked) {
                                 Options options = asked;
                                 options.in_class = true;
                                 return run_window(options);
                             });
    add_opened(in_class, o);
    in_class
        .add_option("--port", o.port,
                    "of the page on the local network (default: 8099, or the next that is free)")
        ->transform(whole_number(1, 65535))
        ->type_name("PORT");
    in_class.footer(
        "Phones in the same network open the address that the window shows, or its QR code, and "
        "vote "
        "for the next token. The page is there until the window is closed; docs/class.md says what "
        "is "
        "served, and what may stand in the way.");
}

void CommandLine::add_generate(Options& o) {
    CLI::App& generate = add("generate", "print the continuation of a prompt", run_generate);
    add_run(generate, o);
    add_steps(generate, o, "tokens to append (default: 20)");
    generate.add_option("--print", o.print, "text, ids, json (one object a step) or ranking")
        ->check(CLI::IsMember({"text", "ids", "json", "ranking"}));
    add_stops(generate, o, "stop where the model ends the text", "go on past it (default)");
    auto* beams =
        generate
            .add_option("--beams", o.beams, "search with B beams; the most probable is printed")
            ->transform(whole_number(1, 1024));
    // A search neither samples nor penalises.
    for (const model::DecodingOption& option : model::decoding_options()) {
        beams->excludes(option.flag());
    }
    auto* saved =
        generate.add_option("--run", o.run, "print the text of a saved run, or of a link to one")
            ->type_name("FILE");
    exclude_run(*saved);
    for (const char* other : {"--precision", "--stop-at-end", "--no-stop", "--beams"})
        saved->excludes(other);
    generate.add_option("--save-run", o.save_run, "write the run, to be opened again")
        ->type_name("FILE")
        ->excludes("--beams")
        ->excludes(saved);
}

void CommandLine::add_trace(Options& o) {
    CLI::App& trace = add("trace", "write every tensor of a run as safetensors", run_trace);
    add_run(trace, o);
    add_steps(trace, o, "tokens to append and run (default: 0, the prompt alone)");
    add_stops(trace, o, "stop where the model ends the text", "go on past it (default)");
    trace.add_option("-o,--out", o.out, "file to write")->required()->type_name("FILE");
}

void CommandLine::add_export(Options& o) {
    CLI::App& page = add("export", "write figures, decks or data of a run", run_export);
    add_run(page, o);
    add_steps(page, o, "steps of the run (default: 1)");
    add_pages(page, o);
    add_layout(page, o);
    auto* saved = page.add_option("run", o.run,
                                  "a saved run instead of a prompt; looked at as it "
                                  "was saved, where no flag says otherwise")
                      ->type_name("RUN")
                      ->check(not_empty());
    exclude_run(*saved);
    for (const char* other : {"--lesson", "--precision", "--stop-at-end", "--no-stop"})
        saved->excludes(other);
}

void CommandLine::add_tokenize(Options& o) {
    CLI::App& tokenize = add("tokenize", "print the token ids of a text", run_tokenize);
    add_model(tokenize, o);
    auto* text = tokenize.add_option("text", o.text, "text to encode");
    auto* file = add_prompt_file(tokenize, o)->excludes(text);
    tokenize.parse_complete_callback([text, file] {
        if (text->count() == 0 && file->count() == 0) throw CLI::RequiredError("text");
    });
    tokenize.add_flag("--json", o.json, "with strings and bytes");
}

void CommandLine::add_info(Options& o) {
    CLI::App& info = add("info", "print the model's shape, files and memory", run_info);
    add_model(info, o);
    info.add_option("folder", o.model, "folder of a GPT-2 model")->type_name("MODEL");
    info.add_flag("--json", o.json, "as JSON");
}

void CommandLine::add_bench(Options& o) {
    CLI::App& bench = add("bench", "time passes against this machine's limits", run_bench);
    add_model(bench, o);
    bench.add_option("--threads", o.threads, "threads to compute with (default: all cores)")
        ->transform(whole_number(1, 1024));
    bench.add_option("--precision", o.precision, "of the matrices in memory: f32 (default) or f16")
        ->check(CLI::IsMember({"f32", "f16"}));
    bench.add_flag("--json", o.json, "as JSON");
}

void CommandLine::add_lessons(Options& o) {
    CLI::App& lessons = add("lessons", "list the lessons, or check what they say", run_lessons);
    add_model(lessons, o);
    lessons.add_option("lesson", o.lessons, "ids, or .json files (default: all bundled ones)")
        ->type_name("LESSON");
    lessons.add_flag("--check", o.check, "measure every claim; status 1 if one is not true");
    lessons
        .add_option("--quiz", o.quiz, "print their questions as gift (for Moodle) or csv (a table)")
        ->check(CLI::IsMember({"gift", "csv"}))
        ->type_name("FORMAT");
}

void CommandLine::add_get(Options& o) {
    CLI::App& get = add(
        "get", "fetch a model from the Hugging Face hub; nothing else fetches anything", run_get);
    std::string names;
    for (const model::KnownModel& known : model::known_models()) {
        names += std::string(known.name) + ", ";
    }
    get.add_option("name", o.model, names + "or OWNER/NAME of another GPT-2")
        ->type_name("NAME")
        ->required();
    get.footer(
        "The size is said first. What broke off goes on where it was; what came is checked.\n"
        "HF_HOME or HF_HUB_CACHE: another folder for the cache. HF_TOKEN: for models that are not "
        "open to everybody. HF_ENDPOINT: another server. https_proxy: a proxy. HF_HUB_OFFLINE=1: "
        "nothing is fetched.");
}

// For those who install the program; not in --help.
void CommandLine::add_manual(Options& o) {
    CLI::App& manual = add("manual", "print the man page, or what a shell completes",
                           [this](const Options& asked) {
                               print_manual(program_, manual_values(), asked.manual);
                               return 0;
                           });
    manual.group("");
    manual.add_option("form", o.manual, "what is printed")
        ->required()
        ->check(CLI::IsMember(manual_forms()));
}

int CommandLine::run(int argc, char** argv) {
    const int status = act(argc, argv);
    std::cout.flush();
    // Results that could not be written must not look like success.
    if (!std::cout || std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        throw model::Error("stdout: cannot be written; the disk may be full");
    }
    return status;
}

int CommandLine::act(int argc, char** argv) {
    try {
        program_.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) return program_.exit(e, std::cout, std::cerr);  // --help
        std::cerr << "stepscope: " << model::plain_text(e.what()) << "; --help lists the flags\n";
        return wrong_usage;
    }
    auto given = [this](const char* flag) {
        auto has_it = [flag](const CLI::App& command) {
            const CLI::Option* option = command.get_option_no_throw(flag);
            return option && option->count() > 0;
        };
        bool found = has_it(program_);
        for (const auto& [command, run] : commands_) found = found || has_it(*command);
        return found;
    };
    options_.has_prompt = given("--prompt");
    if (given("--prompt-file")) {
        options_.prompt = options_.text = read_prompt(options_.prompt_file);
        options_.has_prompt = true;
    }
    options_.has_ids = given("--ids");
    for (const auto& [command, run] : commands_) {
        if (*command) return run(options_);
    }
    return run_window(options_);
}

}  // namespace app
