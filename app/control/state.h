// Everything the window shows. Only the UI thread touches it; what it holds of the run is immutable
// and came from the worker.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/class/classroom.h"
#include "app/class/qr.h"
#include "app/control/export_dialog.h"
#include "app/control/motion.h"
#include "app/run/class_votes.h"
#include "app/run/preferences.h"
#include "app/run/snapshot.h"
#include "app/run/worker.h"
#include "viz/lessons/lesson.h"
#include "viz/scene/guesses.h"
#include "viz/views/view_table.h"

namespace app {

enum class Overlay {
    none,
    keys,
    model,
    views,
    exporting,
    saving,
    lessons,
    examples,
    run,        // what can be done with the run, and with the window
    what_if,    // the list of interventions
    replacing,  // asks for the text that takes a token's place
    appending,  // asks for the text that comes next
    classroom   // how the class comes in, and who is there
};

// Sizes of the text.
inline constexpr float least_zoom = 0.8f, most_zoom = 2, zoom_step = 0.1f;

// A short notice that goes away by itself.
struct Toast {
    std::string text;
    Clock::time_point until;
};

// The class at its phones, while its page is on the network.
struct ClassOnPhones {
    bool on = false;
    std::string code;
    std::vector<std::string> addresses;  // the likeliest first
    bool has_network = false, has_web = false;
    QrCode qr;  // of the first
    Classroom::Count count;
    bool voting = true;      // a hidden step takes votes
    bool in_lesson = false;  // it began in one, and ends with it
    // What the guesses hold of the phones' votes, by the ids of the text.
    std::map<std::vector<int>, std::vector<viz::Guess>> counted;
    bool recount = false;  // the guesses are another run's: what they hold is taken as counted
    // What phones were told last.
    struct Told {
        Snapshot look;
        bool guessing = false, voting = false;
        std::vector<viz::Guess> votes;
        bool operator==(const Told&) const = default;
    };
    std::optional<Told> told;
};

// Where the window is in a lesson.
struct Walk {
    std::shared_ptr<const viz::Lesson> lesson;  // null: none is open
    int wanted = 0;                             // stop that was asked for, from 0
    int shown = -1;                             // stop that is on the screen; -1: none yet
    bool answered = false;                      // the answer to its question stands there
    viz::StopLook look;                         // of the shown stop
    std::string problem;                        // its file was changed and is no lesson now
    std::filesystem::file_time_type written;    // when its file was, as it was read
    Clock::time_point look_again;               // at the file
    bool open() const { return lesson != nullptr; }
    int stops() const { return lesson ? static_cast<int>(lesson->stops.size()) : 0; }
};

// A lesson of the list, or why it cannot be read.
struct ListedLesson {
    std::shared_ptr<const viz::Lesson> lesson;
    std::string problem;
};

// What is fetched at the moment.
struct Fetching {
    std::string name;          // empty: nothing
    double done = 0, all = 0;  // bytes; all = 0: not known yet
    bool stopping = false;
    bool waits = false;  // for another program that fetches the same
};

// The run and how it is looked at are the snapshot; the rest is the window's own.
struct State : Snapshot {
    bool can_undo = false, can_redo = false;
    std::filesystem::path run_path;  // the file of the run, once it was saved or opened
    std::filesystem::path left;      // a run that an interrupted program left behind
    model::StepPtr path_end;         // the longest step of the path, for what lies ahead
    std::optional<Timed> timed;      // of the shown step
    bool busy = false;               // the worker runs

    const viz::View* view = nullptr;    // the tab
    const viz::View* beside = nullptr;  // a second one at its right; null: none
    // Small beside it while presenting: a click changes one and the view around.
    std::array<const viz::View*, 3> others{};
    bool folded = false;  // what lies at the sides of the view is away
    viz::Hit hover;       // under the mouse now
    float zoom = 1;       // text size
    float most_zoom = 2;  // that this window has room for
    Motion motion;        // of the step that is being shown

    // What is being done.
    std::string prompt;            // as in the field
    std::string run_prompt;        // of the run
    std::string folder;            // as in the model card's field
    std::string error;             // one line; "" when all is well
    std::string find;              // as in the search field
    std::string save_as;           // as in the field of the save card
    std::string typed;             // as in the field of the cards that replace and append
    std::string typed_rules;       // as in the field of strategies
    int rule = 0;                  // of the strategies: the one that is edited
    model::StepPtr effect_of;      // the untouched step whose difference was led to last
    model::StepPtr compare_asked;  // the step whose untouched counterpart was asked for
    bool guessing = false;         // new steps are revealed bit by bit
    ExportWishes wishes;           // of the export dialog
    Walk walk;
    ClassGuesses guesses;
    ClassOnPhones phones;
    std::string guess;                  // as in the field of the class
    bool blank = false;                 // the screen is black: listen to the teacher
    std::vector<ListedLesson> lessons;  // as the menu shows them
    std::set<std::string> finished;     // ids of those that were walked to their end
    Overlay overlay = Overlay::none;
    int item = 0;                               // chosen in the open menu
    std::vector<model::FoundModel> found;       // in the Hugging Face cache
    std::vector<std::filesystem::path> recent;  // saved runs
    bool searched = false;                      // both are known
    Fetching fetching;
    viz::Target pressed;       // held down by the mouse
    std::string typing;        // field that has the keyboard
    std::string wants_typing;  // field that shall get it
    std::string to_copy;       // a text that the clipboard shall get
    std::optional<Toast> toast;
    Progressed progress;    // of what is being written; all = 0: nothing is
    bool newcomer = false;  // a line says what this is, and what to press
    Preferences preferences;
    bool playing = false;
    bool fullscreen = false;
    bool presenting = false;  // for a room: large, without what is for editing
    bool quit = false;
    double speed = 2;  // steps a second
    Clock::time_point next_step;

    int length() const { return step ? static_cast<int>(step->records.size()) : 0; }
    int path_length() const { return path_end ? static_cast<int>(path_end->records.size()) : 0; }
    bool ended() const { return step && step->why == model::StopReason::end_of_text; }
    bool can_append() const { return step && step->why == model::StopReason::none; }
    int last_step() const { return path_length() - step->prompt_length + 1; }

    // Position that is looked at. Only while there is a step.
    int position() const {
        return selection.position >= 0 && selection.position < length() ? selection.position
                                                                        : length() - 1;
    }
    viz::Extent extent() const {
        const model::Config& c = model->config;
        return {c.n_layer, c.n_head, c.d_mlp, length()};
    }
    std::string shown_at(int position) const {
        return model->shown(step->records[static_cast<size_t>(position)]->id());
    }
    // For drawings.
    Snapshot snapshot() const;
};

// Another view takes the middle; where it stood small, the one that was there does now.
void show_view(State& state, const viz::View* view);

// What was kept from another window.
void take_preferences(State& state, const Preferences& kept);
// What the user has set here is kept for the next: theme, colours, size and so on. What a run that
// is opened brings is not.
void prefer(State& state);
// Somebody knows what this is.
void end_welcome(State& state);

// Takes in what the worker reports.
void apply(State& state, Event event);

// The state in one line of JSON, for the log that tests read.
std::string describe(const State& state);

}  // namespace app
