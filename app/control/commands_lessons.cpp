// The commands of lessons and of a class that guesses: a part of the one table.
#include "app/control/class_guesses.h"
#include "app/control/command_groups.h"
#include "app/control/lesson_player.h"
#include "app/run/states.h"

namespace app {

namespace {

bool in_lesson(const State& s) {
    return s.walk.open();
}
bool guesses_aloud(const State& s) {
    return s.presenting && s.guessing && s.step;
}

}  // namespace

std::vector<Command> lesson_commands() {
    return {
        {"lessons",
         "Lessons",
         {"F1"},
         "the list of lessons",
         always,
         [](App& app) {
             toggle_overlay(app.state, Overlay::lessons);
             list_lessons(app);
         },
         over_sheets},
        {"show-me",
         "Show me",
         {},
         "a lesson of a few minutes: one step of writing",
         always,
         [](App& app) {
             end_welcome(app.state);
             list_lessons(app);
             for (const ListedLesson& listed : app.state.lessons) {
                 if (listed.lesson && listed.lesson->id == "one-step") {
                     return start_lesson(app, listed.lesson);
                 }
             }
         }},
        {"explore",
         "Explore",
         {},
         "prompts worth trying, each with what to look at",
         always,
         [](App& app) {
             end_welcome(app.state);
             toggle_overlay(app.state, Overlay::examples);
         }},
        {"no-newcomer",
         "Close",
         {},
         "this line is not needed",
         always,
         [](App& app) { end_welcome(app.state); }},
        {"examples",
         "Examples",
         {"Ctrl+P"},
         "prompts worth trying",
         always,
         [](App& app) { toggle_overlay(app.state, Overlay::examples); },
         over_sheets},
        {"state-earlier",
         "Earlier",
         {"<"},
         "the bundled model at an earlier time of its training",
         [](const State& s) { return training_state(s.model->folder) > 0; },
         [](App& app) { open_state(app, training_state(app.state.model->folder) - 1); }},
        {"state-later",
         "Later",
         {">"},
         "the same at a later time",
         [](const State& s) {
             const int at = training_state(s.model->folder);
             return at >= 0 && at + 1 < static_cast<int>(training_states().size());
         },
         [](App& app) { open_state(app, training_state(app.state.model->folder) + 1); }},
        {"lesson-on",
         "Next",
         {"PageDown"},
         "the lesson: reveal, answer, next stop",
         in_lesson,
         lesson_on},
        {"lesson-back", "Back", {"PageUp"}, "the lesson: the stop before", in_lesson, lesson_back},
        {"answer",
         "Answer",
         {"A"},
         "the answer to the question",
         [](const State& s) { return s.walk.open() && !s.walk.look.answer.empty(); },
         [](App& app) { app.state.walk.answered = !app.state.walk.answered; }},
        {"handout",
         "Handout",
         {"Ctrl+H"},
         "the lesson as handout and slides",
         in_lesson,
         export_lesson},
        {"leave-lesson", "Leave", {}, "close the lesson", in_lesson, leave_lesson},
        {"reveal-on",
         "Reveal",
         {"PageDown"},
         "reveal to a class that guesses, as Space",
         [](const State& s) { return guesses_aloud(s) && s.can_append(); },
         append_or_reveal},
        {"reveal-back",
         "Back",
         {"PageUp"},
         "the step before",
         [](const State& s) { return guesses_aloud(s) && can_go_back(s); },
         [](App& app) { go_to(app, app.state.length() - 1); }},
        {"blank",
         "Blank",
         {"B"},
         "a black screen while presenting",
         [](const State& s) { return s.presenting; },
         [](App& app) { app.state.blank = !app.state.blank; }},
        {"vote",
         "Guess +",
         {"+", "="},
         "one more of the class says the chosen candidate",
         takes_guesses,
         [](App& app) { vote_for(app.state, chosen_candidate(app.state), 1); }},
        {"vote-less",
         "Guess -",
         {"-"},
         "one less",
         takes_guesses,
         [](App& app) { vote_for(app.state, chosen_candidate(app.state), -1); }},
    };
}

}  // namespace app
