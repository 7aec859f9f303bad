// A lesson: stops on a walk through the program. Each says in plain words what is to be seen, asks
// the class a question, and names where to look. What the words claim is measured on the run, so a
// lesson is true of the model it is shown with, or says that it is not. docs/lessons.md describes
// the files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/run/scenario.h"
#include "viz/lessons/claim.h"
#include "viz/scene/scene.h"
#include "viz/views/view_table.h"

namespace viz {

struct LessonStop {
    std::string title, note, question, answer;
    model::Scenario place;
    std::string state;  // of the model's training: its id; empty: as it is
    const View* view = nullptr;
    const View* beside = nullptr;  // null: none
    bool has_head = false;
    model::HeadName head;
    int layer = 0;            // from 1; 0: as it is; -1: the last
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

// Throws model::Errors: "FILE: line N: what is wrong", a line for each thing that is.
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
    std::string error;  // "FILE: line N: ..." where the run does not have what is claimed of
};

// Throws model::Error "FILE: line N: ..." for what the run does not have. `head`: shown where the
// stop names none.
StopLook look_at(const Lesson& lesson, const LessonStop& stop, const model::Model& model,
                 const model::Step& step, model::HeadIndex head);
std::vector<Measured> measure(const Lesson& lesson, const LessonStop& stop,
                              const model::Model& model, const model::Step& step);

// What may stand in braces in the words of a stop, beside the number of a claim.
bool is_placeholder(std::string_view name);
// "FILE: line N: WHY".
[[noreturn]] void refuse_lesson(const std::string& file, int line, const std::string& why);

}  // namespace viz
