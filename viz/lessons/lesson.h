// A lesson: stops on a walk through the program. Each says in plain words what is to be seen, asks
// the class a question, and names where to look. What the words claim is measured on the run, so a
// lesson is true of the model it is shown with, or says that it is not. docs/lessons.md describes
// the files.
#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "model/run/scenario.h"
#include "viz/scene/scene.h"
#include "viz/views/view_table.h"

namespace viz {

// A position of the text: by its index, negative ones from the end, or by the token that stands
// there.
struct PositionName {
    bool given = false;
    int index = -1;
    std::string text;    // instead of the index, unless empty
    int occurrence = 0;  // of the text, from 1; 0: the last
};

// Something that is measured on a stop's run.
enum class Measure {
    next,         // the token that is about to be appended, as a statement
    text,         // what was generated, as a statement
    tokens,       // the prompt's tokens, as a statement
    probability,  // of `token`, of all tokens as the model gives it
    chance,       // of `token`, after temperature, top-k and top-p
    rank,         // of `token`, from 1
    entropy,      // bits, of the model's distribution
    kept,         // tokens that the decoding can choose from
    perplexity,   // of the text so far
    surprise,     // bits, of the token at `query`
    length,       // tokens of the text
    loop,         // tokens of the block that the text repeats at its end; 0: it does not
    habit,        // of `head`: previous, first or induction
    attention,    // weight of `head` from `query` to `key`
    lens,         // probability of `token` read after the block `layer`
    saving,       // multiply-adds of the naive run divided by those of the cached one
};

struct Claim {
    Measure measure = Measure::next;
    std::string token;                // also the text of the statement `text`
    std::vector<std::string> tokens;  // of the statement `tokens`
    model::HeadName head;
    model::HeadName::Kind habit = model::HeadName::Kind::previous;
    PositionName query, key;
    int layer = 0;  // from 1; 0: the last
    double at_least = -std::numeric_limits<double>::infinity();
    double at_most = std::numeric_limits<double>::infinity();
    int line = 0;  // of the file
};

struct LessonStop {
    std::string title, note, question, answer;
    model::Scenario place;
    const View* view = nullptr;
    const View* beside = nullptr;  // null: none
    bool has_head = false;
    model::HeadName head;
    int layer = 0;            // from 1; 0: as it is
    PositionName query, key;  // a key with a query: the cell is locked
    std::string candidate;    // texts of tokens
    std::string follow;
    bool guess = false;
    bool hide_first = false, own_scale = false;
    AttentionLook::Tint tint = AttentionLook::Tint::none;
    std::vector<Claim> claims;
    int line = 0;
};

struct Lesson {
    std::string id;  // the file's name without ending and leading number
    std::string title, summary;
    int minutes = 0;
    std::string model;  // a folder or a name in the Hugging Face cache; empty: what is open
    std::vector<LessonStop> stops;
    std::string file;  // as errors name it
};

// Throws model::Error: "FILE: line N: what is wrong".
Lesson parse_lesson(std::string_view text, const std::string& file, const std::string& id);
Lesson read_lesson(const std::filesystem::path& file);

// A stop once its run is there.
struct StopLook {
    std::string title, note, question, answer;  // with their numbers filled in
    Selection selection;
    Hit locked;
    AttentionLook attention;
};
struct Measured {
    bool holds = false;
    std::string words;  // "probability of “␣Paris” 98.2 %, at least 90 %"
    std::string value;  // "98.2 %"
};

// Both throw model::Error "FILE: line N: ..." for what the run does not have. `head`: shown where
// the stop names none.
StopLook look_at(const Lesson& lesson, const LessonStop& stop, const model::Model& model,
                 const model::Step& step, model::HeadIndex head);
std::vector<Measured> measure(const Lesson& lesson, const LessonStop& stop,
                              const model::Model& model, const model::Step& step);

// What may stand in braces in the words of a stop, beside the number of a claim.
bool is_placeholder(std::string_view name);
// "FILE: line N: WHY".
[[noreturn]] void refuse_lesson(const std::string& file, int line, const std::string& why);

}  // namespace viz
