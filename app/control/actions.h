// What the user's wishes do to the state and the worker: clicks on regions, dragging, and the
// functions that commands call.
#pragma once

#include <optional>

#include "app/class/class_server.h"
#include "app/control/state.h"
#include "app/fetch/fetcher.h"
#include "app/run/desktop.h"
#include "app/run/worker.h"
#include "viz/scene/regions.h"

namespace app {

struct App {
    App(std::shared_ptr<const model::Model> model, model::SessionOptions options,
        void (*wake_window)())
        : worker(std::move(model), std::move(options), wake_window),
          fetcher(wake_window),
          wake(wake_window) {}

    ~App();  // nobody waits for other programs any more
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    State state;
    Worker worker;
    Fetcher fetcher;
    viz::Regions regions;            // of the last frame
    CompareStrategies compare;       // that was asked for last
    std::shared_ptr<Answer> folder;  // that is being chosen; null: none
    std::shared_ptr<Classroom> classroom = std::make_shared<Classroom>();
    std::unique_ptr<ClassServer> class_server;  // null: the class is not on the network
    ClassGuesses kept_guesses;                  // as they were kept last, for a restart,
    Clock::time_point keep_guesses_again;       // and when they may be next
    std::shared_ptr<Answer> less_motion;  // whether the desktop wants it; null: nobody was asked
    void (*wake)();                       // the window, from any thread
};

inline constexpr double least_speed = 0.5, most_speed = 10;  // steps a second

void append(App& app, std::optional<int> forced);
void go_to(App& app, int length);
// Along what was computed first, then further.
void step(App& app);
void set_decoding(App& app, const model::Decoding& decoding);
void start_prompt(App& app);
void open_folder(App& app);
// Asks for a folder with the desktop's own dialog.
void choose_folder(App& app);
// Takes in what other programs have answered.
void take_answers(App& app);
// Another state of the model's training, with the same text: which of training_states().
void open_state(App& app, int index);
// To the file it came from or was saved to, or a new one of the folder of runs.
void save_run(App& app);
void save_run_as(App& app);
// A link to what is shown, for the clipboard.
void copy_link(App& app);
// A run file, or the folder of a model: dropped on the window, or chosen.
void open_path(App& app, const std::filesystem::path& path);
// Shows what is hidden of the step first, where the class guesses, and then appends.
void append_or_reveal(App& app);
// Takes the next step of playing when it is due and the worker has time.
void play(App& app);
// When something happens without an event; none: nothing does.
std::optional<Clock::time_point> next_due(const App& app);

// The mouse was pressed and let go on the same place.
void click(App& app, const viz::Hit& hit);
// The other button: follows a candidate instead of appending it, replaces a token of the prompt.
void click_right(App& app, const viz::Hit& hit);
// The wheel, by one notch up (1) or down (-1): through a menu, through the positions of the text,
// with Control the size of the text, with Shift into what is selected and out of it.
void turn_wheel(App& app, const viz::Target& hover, int notch, bool control, bool shift);
// Whether a target is a button, a field or the like, not part of a drawing.
bool is_widget(const viz::Target& target);
// Whether it follows the mouse while it is held down: sliders and the timeline.
bool follows_mouse(const viz::Target& target);
// From here on, at both ends, a slider does not move: the drawing of its track keeps to it.
inline constexpr float slider_end = 9;
void drag(App& app, const viz::Region& region, viz::Point mouse);

// The parameter of a sampling strategy as its slider shows it.
struct Parameter {
    std::string name, value;
    float t = 0;  // where in the slider, 0 to 1
};
Parameter parameter(const model::Decoding& decoding, int n_vocab);
// The decoding with this parameter set as its slider says; unchanged for greedy.
model::Decoding with_parameter(model::Decoding decoding, float t, int n_vocab);
// A strategy alone ("greedy", or the name of an option), with a value that has an effect.
model::Decoding with_strategy(model::Decoding decoding, std::string_view name, int n_vocab);
// The name of the strategy in force, as with_strategy() knows it.
std::string_view strategy_name(const model::Decoding& decoding);

}  // namespace app
