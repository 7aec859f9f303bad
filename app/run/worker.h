// The worker: one executor that owns the session and everything that takes time. Requests go in,
// immutable events come out; neither side waits for the other.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "app/run/autosave.h"
#include "app/run/executor.h"
#include "app/run/undo_stack.h"
#include "model/load/hub_cache.h"
#include "model/pass/attention.h"
#include "model/run/look_ahead.h"
#include "model/run/session.h"
#include "model/run/strategy_comparison.h"
#include "viz/lessons/lesson.h"

namespace app {

// Requests.
struct Start {
    std::string prompt;
    std::vector<int> ids;  // instead of it, unless empty
    model::Decoding decoding;
};
struct Open {          // another model, started with this prompt
    std::string name;  // a folder, or a name in the Hugging Face cache
    Start start;
};
struct Commit {
    std::optional<int> forced;  // else what is proposed
    int length = 0;             // of the step that `forced` was chosen for
};
struct GoOn {};  // past the end of the text
struct Rewind {
    int length = 0;
};
struct Select {  // a node of the tree
    model::NodeId node = model::no_node;
};
struct Remove {  // it and what follows it
    model::NodeId node = model::no_node;
};
struct Ablate {  // the same tokens with these parts left out
    model::Ablation ablation;
};
struct Untouch {};  // the same tokens after the session's own prompt, with nothing left out
struct Compare {};  // computes that too, without going there
struct EditPrompt {
    std::vector<int> prompt;  // ids
};
struct AppendTokens {  // one after another, whatever is proposed
    std::vector<int> ids;
    int length = 0;  // of the step that they were chosen for
};
struct Undo {};
struct Redo {};
struct Save {
    std::filesystem::path path;  // empty: a new one in the folder of runs
    std::string prompt;
    nlohmann::json view;
};
struct MakeLink {  // to the step that is shown
    std::string prompt;
    nlohmann::json view;
};
struct Keep {  // with the run, for a restart
    nlohmann::json view;
};
struct OpenRun {
    std::filesystem::path path;  // or a link
};
struct Visit {  // a stop of a lesson; the run is kept where its prompt is the same
    std::shared_ptr<const viz::Lesson> lesson;
    int stop = 0;
    nlohmann::json look = {};  // at what is shown now, for when the lesson is left
};
struct LeaveLesson {};  // back to the run that it took the place of
struct SetDecoding {
    model::Decoding decoding;
};
struct CompareStrategies {  // runs the prompt under other strategies, whenever there is nothing
                            // else to do
    std::vector<model::StrategyRule> rules;  // empty: nobody looks
    bool operator==(const CompareStrategies&) const = default;
};
struct FindModels {};  // looks what is downloaded already
struct Stop {};        // gives up the pass that is running
struct Task {          // other slow work: files to write. What it returns is shown
    // Steps of the session are to be had by rewinding it; where it stood is restored.
    std::function<std::string(model::Session&, const model::Progress&)> run;
};
using Request =
    std::variant<Start, Open, Commit, GoOn, Rewind, SetDecoding, Select, Remove, Ablate, Untouch,
                 Compare, EditPrompt, AppendTokens, Undo, Redo, Save, Keep, MakeLink, OpenRun,
                 CompareStrategies, Visit, LeaveLesson, FindModels, Stop, Task>;

// Events.
struct Stepped {
    model::StepPtr step;
    std::vector<int> path;  // ids of the whole path, those ahead of the step included
    model::TreePtr tree;
    bool can_undo = false, can_redo = false;
    model::StepPtr untouched = {};  // what an intervened step is compared with, once it is there
    model::StepPtr end = {};        // of the path, where that is another one than before; else null
};
struct Started {  // a new run, perhaps of another model
    std::shared_ptr<const model::Model> model;
    Start request;
    Stepped first;
    model::HeadIndex head;            // one that has something to say
    nlohmann::json view;              // of a saved run
    std::filesystem::path path = {};  // where it was opened from
    bool saved = false;               // it comes from a file or a link
};
struct Arrived {  // at a stop of a lesson; its step was told before
    Visit where;
    viz::StopLook look;
};
struct Resumed {  // at a stop of a lesson, as the run was saved; its step may be another one
    Visit where;
    viz::StopLook look;
    bool answered = false;
};
struct Timed {  // the pass of this step's last token, run once with the KV cache and once without
    const model::TokenRecord* tip = nullptr;
    double cached_ms = 0, naive_ms = 0;
    float difference = 0;  // the largest between their logits
};
struct LookedAhead {  // of a step that need not be shown any more
    model::LookAheadPtr ahead;
};
struct Compared {  // as far as it is; for a step that need not be shown any more
    model::StrategiesPtr strategies;
};
struct Found {
    std::vector<model::FoundModel> models;
    std::vector<std::filesystem::path> runs;  // saved ones, newest first
};
struct Saved {
    std::filesystem::path path;  // empty: the run has no file
};
struct Linked {
    std::string link;  // from its '#' on
};
struct Progressed {  // of a task
    int done = 0, all = 0;
};
struct TaskDone {
    std::string message;
};
struct Failed {
    std::string message;
};
using Event = std::variant<Started, Stepped, Arrived, Resumed, Timed, LookedAhead, Compared, Found,
                           Saved, Linked, Progressed, TaskDone, Failed>;

// A run that another one took the place of.
struct HeldRun;

class Worker {
  public:
    // `wake` is called on the worker after an event.
    Worker(std::shared_ptr<const model::Model> model, model::SessionOptions options,
           std::function<void()> wake);
    // Gives up what is running and joins.
    ~Worker();

    void post(Request request);
    std::vector<Event> take();
    // Whether a request waits or runs. What it does at leisure does not count: that yields to any
    // request. Nor does Keep: it changes nothing that is shown.
    bool busy() const;

  private:
    void work(const std::stop_token& quit);
    bool begin_request(Request& request);
    void handle(const Request& request);
    void answer(const Start& prompt);
    void answer(const Open& open);
    void answer(const Commit& commit);
    void answer(const GoOn&);
    void answer(const Rewind& rewind);
    void answer(const SetDecoding& decoding);
    void answer(const Select& select);
    void answer(const Remove& remove);
    void answer(const Ablate& ablate);
    void answer(const Untouch&);
    void answer(const Compare&);
    void answer(const EditPrompt& edit);
    void answer(const AppendTokens& append);
    void answer(const Undo&);
    void answer(const Redo&);
    void answer(const Save& save);
    void answer(const MakeLink& link);
    void answer(const Keep& keep);
    void answer(const OpenRun& run);
    void answer(const CompareStrategies& rules);
    void answer(const Visit& visit);
    void answer(const LeaveLesson&);
    void answer(const FindModels&);
    void answer(const Stop&);
    void answer(const Task& task);
    void start(const Start& request, std::shared_ptr<const model::Model> model);
    model::StopAsked idle(const std::stop_token& quit);
    void at_leisure(const std::stop_token& quit);
    void compare(const std::stop_token& quit);
    void look_ahead(const std::stop_token& quit);
    void measure(const std::stop_token& quit);
    bool left_alone(std::chrono::milliseconds time, const std::stop_token& quit);
    // `visit`: what the lesson asked for that it is begun for; null for none.
    void begin(std::unique_ptr<model::Session> session, std::shared_ptr<const model::Model> model,
               const Start& request, nlohmann::json view, const std::filesystem::path& path,
               const Visit* visit = nullptr);
    void swap_runs(const std::shared_ptr<HeldRun>& held);
    void swap_with(HeldRun& held);
    void tell_run(nlohmann::json view);
    void add_swap(const std::shared_ptr<HeldRun>& held);
    void let_go();
    void forget();
    // A step of a path, which goes on behind it.
    struct Place {
        model::NodeId root = model::no_node;
        std::vector<int> tokens;  // of the whole path
        int length = 0;
        bool operator==(const Place&) const = default;
    };
    Place place_of(const std::vector<model::NodeId>& path, int length) const;
    Place this_place() const;
    std::vector<model::NodeId> nodes_of(const Place& place) const;
    void go_to(const Place& place);
    model::StepPtr end_;  // of the path that was gone to
    void moved_from(const Place& before);
    void tell_end();  // of the path, with the next Stepped
    bool autosave();
    void push(Event event);
    Stepped stepped();

    mutable std::mutex mutex_;
    std::deque<Request> requests_;
    std::vector<Event> events_;
    bool running_ = false;
    bool cancel_ = false;
    std::function<void()> wake_;

    // The worker's own.
    model::StopAsked cancelled_;
    model::SessionOptions options_;
    const model::Precision precision_;
    std::shared_ptr<const model::Model> model_;
    std::unique_ptr<model::Session> session_;
    Start request_;  // that the session began with
    UndoStack undo_;
    std::vector<std::weak_ptr<const HeldRun>> held_;  // by it, oldest first
    bool of_lesson_ = false;                          // a lesson began the session
    struct {
        std::shared_ptr<HeldRun> run;
        nlohmann::json look;
    } before_lesson_;             // what it took the place of, and how that was looked at
    std::filesystem::path path_;  // where the session was opened from or saved to
    CompareStrategies compare_;
    std::unique_ptr<model::StrategyComparison>
        comparison_;  // of the session's prompt, or of an earlier one
    model::NodeId autosaved_ = model::no_node;
    nlohmann::json kept_view_ = nlohmann::json::object();  // that is kept with it
    Autosave autosave_;
    bool autosave_failed_ = false;
    // Of this session's records.
    std::unordered_map<const model::TokenRecord*, Timed> timed_;
    std::unordered_map<const model::TokenRecord*, model::LookAheadPtr> ahead_;

    Executor executor_;  // last: it uses all of the above
};

}  // namespace app
