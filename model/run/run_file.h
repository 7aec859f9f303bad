// A run as a file, NAME.stepscope.json: the prompt, every branch as tokens with who chose them, and
// where one was. It holds no activations: opening runs the model again, which gives the same bits.
// The format is described in docs/files.md.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "model/run/session.h"

namespace model {

// 2: runs with a prompt of their own, whole layers off and uniform attention, which a program that
// knows version 1 alone would read wrongly. 3: min-p, typical-p and top-a, which an older program
// would leave out, and words for enums in `view`.
inline constexpr int run_schema_version = 3;

struct RunFile {
    // A token after the prompt.
    struct Token {
        int parent = -1;  // index in the same list, always lower; -1: the prompt's last
        int id = 0;
        ChosenBy by = ChosenBy::argmax;
        int decoding = 0;  // index in `decodings`: in force when it was chosen
        bool operator==(const Token&) const = default;
    };
    // All that was run with the same parts left out or pinned, and the same prompt.
    struct Run {
        std::string ablation;  // "L3H2,L4MLP", as model::describe writes it
        std::vector<Token> tokens;
        std::vector<int> prompt_ids = {};  // of its own; empty: those of the file
        bool operator==(const Run&) const = default;
    };

    std::string program;       // that wrote it
    std::string model_name;    // as its configuration names it
    std::string model_hash;    // Model::hash()
    std::string model_folder;  // a hint where to look
    Precision precision = Precision::f32;
    std::optional<std::string> prompt;  // the text, where the prompt was one
    std::vector<int> prompt_ids;
    bool use_cache = true, stop_at_end = false;
    std::vector<Decoding> decodings;
    std::vector<Run> runs;                           // at least one
    int run = 0;                                     // the selected path: in which run,
    int path_end = -1;                               // its last token, -1: the prompt's last,
    int length = 0;                                  // and tokens of the step, prompt included
    Decoding decoding;                               // in force
    nlohmann::json view = nlohmann::json::object();  // the window's own, kept as it is

    std::filesystem::path source;  // where it was read from, for messages
};

// What a session holds. `prompt`: its text, if it was given as one. Throws Error for a run that is
// too large for a file.
RunFile run_file(const Session& session, std::optional<std::string> prompt = {});

// UTF-8; the same run gives the same bytes. A prompt that is no UTF-8 is kept as ids alone.
std::string to_json(const RunFile& run);
// Whole or not at all. Throws Error that names the path.
void save_run(const std::filesystem::path& path, const RunFile& run);

// Checks every field. Throws Error that names the file and the field.
RunFile read_run_file(const std::filesystem::path& path);
// The same for bytes that came from elsewhere; `where` stands for the path in messages.
RunFile parse_run_file(std::string_view text, const std::string& where);

// Computes the run: each branch once, the same passes as when it was made. Cache, end and ablation
// are the file's, the rest of the options the caller's. Throws Error when the model is another one,
// or a token or an ablation is none of its; Stopped.
std::unique_ptr<Session> replay(const RunFile& run, std::shared_ptr<const Model> model,
                                SessionOptions options = {}, const StopAsked& stop = {});

}  // namespace model
