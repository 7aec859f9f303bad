// The command line: what each subcommand does with its parsed flags.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/run/run_file.h"
#include "viz/lessons/lesson.h"

namespace app {

constexpr const char* standard_output = "-";  // as names of files
constexpr const char* standard_input = "-";

// Flags that commands share; each command offers those that mean something to it.
struct Options {
    std::string model;  // a folder or a name in the Hugging Face cache; empty: the bundled one
    std::string prompt;
    std::filesystem::path prompt_file;  // what the prompt is read from; standard_input, or a name
    std::string ids;                    // "1,2,3", instead of a prompt
    bool has_prompt = false, has_ids = false;
    std::optional<int> steps;        // each command has its own default
    std::filesystem::path run;       // a saved run, instead of a prompt
    std::filesystem::path save_run;  // where generate writes one
    std::string print = "text";
    bool no_cache = false;
    bool stop_at_end = false, no_stop = false;  // neither: each command has its own default
    int threads = 0;                            // 0: as many as the machine has
    uint64_t seed = 0;
    bool greedy = false;
    model::Decoding decoding;     // what its flags set, without the seed
    bool no_temperature = false;  // 0: greedy, whatever else is said
    int beams = 1;
    std::string precision = "f32";
    std::string ablate;               // "L3H2,L4MLP"
    std::optional<double> memory_mb;  // of the details of records

    std::filesystem::path out;  // standard_output, or a name
    std::string format;         // empty: from the name of `out`
    std::vector<std::string> views;
    std::string step;                // "3", "2-6", "1,4,9"; empty: all
    std::optional<int> layer, head;  // from 1, as on the screen
    std::optional<int> position;     // of the token that looks, from 0, as in the ribbon
    std::optional<int> follow;       // id of the token that is followed through the layers
    std::string strategies;          // "greedy; t=0.9; beams=4"; empty: the usual ones
    std::string lock;                // a region and its cell: "map/2/1/ROW/COL"
    std::string theme, mix, colours, tint, routes;  // empty: the usual, or as a run was saved
    std::string shape;                              // "16:9", "4:3"; empty: as the pages go best
    std::string language;                           // of pages; "": English
    std::string title, footer, caption = "on";      // with fields, see viz/slides/words.h
    std::filesystem::path notes;                    // a file of what is said
    std::filesystem::path slide_template;  // a PowerPoint file whose slides these are added to
    std::filesystem::path logo;            // .png or .svg
    std::string width;                     // of --bare: "84mm"
    std::string paper = "a4";
    int per_page = 0;               // pages on a sheet of paper; 0: no sheets
    int strip = 0;                  // steps beside each other on one page; 0: a page each
    std::optional<double> seconds;  // that a page of a film stays
    bool bare = false, fragment = false, slides = false, native = false;
    std::optional<float> scale;  // pixels for one of the page
    bool hide_first = false, own_scale = false, reveal = false, difference = false, since = false,
         watch = false;

    std::vector<std::string> lessons;  // ids or files
    std::string lesson;                // that the window, or an export, shows
    bool check = false, worksheet = false;
    std::string quiz;         // "gift" or "csv"
    bool in_class = false;    // the window serves its class,
    std::optional<int> port;  // at this port

    std::string text;  // tokenize
    bool json = false;
    std::string manual;  // what of it is printed
};

int run_generate(const Options& options);
int run_trace(const Options& options);
int run_export(const Options& options);
int run_get(const Options& options);
int run_tokenize(const Options& options);
int run_info(const Options& options);
int run_bench(const Options& options);
int run_views(const Options& options);
int run_lessons(const Options& options);
int run_window(const Options& options);

// Shared by the commands that run a model.
std::filesystem::path model_folder(const Options& options);
std::shared_ptr<const model::Model> open_model(const Options& options);
model::Precision precision(const Options& options);
// That of --model, else the one that the lesson asks for, else the bundled one.
std::shared_ptr<const model::Model> open_lesson_model(const Options& options,
                                                      const viz::Lesson& lesson);

// Of --threads; 0: all.
int usable_threads(const Options& options);
// A text from a file, without the line break that editors put at its end. Throws model::Error that
// names the file.
std::string read_prompt(const std::filesystem::path& file);
// "1,2,3". Throws model::Error that names --ids.
std::vector<int> parse_ids(const std::string& text);
std::vector<int> prompt_ids(const Options& options, const model::Model& model);
model::Decoding decoding(const Options& options);
// The prompt as text; empty where ids were given.
std::string prompt_text(const Options& options);
model::SessionOptions session_options(const Options& options, const model::Config& config,
                                      bool stops = false);
// Whether a run ends where the model ends the text; `otherwise` where no flag says so.
bool stops_at_end(const Options& options, bool otherwise);

}  // namespace app
