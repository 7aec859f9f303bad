// The runs that the worker holds: the one that is shown, those that can be taken back, and the
// places in them.
#include <algorithm>
#include <set>
#include <utility>

#include "app/run/worker.h"
#include "model/base/error.h"
#include "model/interp/attribution.h"

namespace app {

struct HeldRun {
    std::unique_ptr<model::Session> session;
    std::shared_ptr<const model::Model> model;
    Start request;
    nlohmann::json view;  // kept with it
    std::filesystem::path path;
    bool of_lesson = false;
};

namespace {

model::HeadIndex telling_head(const model::Session& session) {
    const model::Step& step = *session.step();
    return model::most_telling_head(session.model(), *step.records.back(),
                                    step.ranking.proposed().id);
}

}  // namespace

void Worker::answer(const Undo&) {
    const model::Session* shown = session_.get();
    undo_.undo();
    if (session_.get() == shown) push(stepped());
}

void Worker::answer(const Redo&) {
    const model::Session* shown = session_.get();
    undo_.redo();
    if (session_.get() == shown) push(stepped());
}

// What the lesson showed stays within reach of undo. Not where the user has begun another run
// since, or has gone back to the one before by undo.
void Worker::answer(const LeaveLesson&) {
    auto [held, look] = std::exchange(before_lesson_, {});
    if (!held || !of_lesson_ || held->of_lesson) return;
    if (held->model == model_) {
        held->view = kept_view_;  // a class goes on counting
    } else {
        look.update(held->view);
    }
    add_swap(held);
    swap_with(*held);
    tell_run(std::move(look));
    push(TaskDone{"Back to what was open before the lesson. Ctrl+Z shows the lesson's run again"});
}

// Everything that can fail comes before the old run is given up.
void Worker::start(const Start& request, std::shared_ptr<const model::Model> model) {
    std::vector<int> ids = request.ids;
    if (ids.empty()) ids = model::encode_prompt(*model, request.prompt);
    model::check_ids(*model, ids);
    model::SessionOptions options = options_;
    if (model != model_) options.ablation = {};  // its heads are another model's
    auto session = std::make_unique<model::Session>(model, options);
    session->start(ids, request.decoding, cancelled_);
    options_ = options;
    begin(std::move(session), std::move(model), request, {}, {});
}

// The run that was there before can be had back.
void Worker::begin(std::unique_ptr<model::Session> session,
                   std::shared_ptr<const model::Model> model, const Start& request,
                   nlohmann::json view, const std::filesystem::path& path, const Visit* visit) {
    const auto held = std::make_shared<HeldRun>();
    held->session = std::move(session);
    held->model = std::move(model);
    held->request = request;
    held->view = kept_view_;
    held->path = path;
    held->of_lesson = visit != nullptr;
    swap_with(*held);
    if (held->session) {
        add_swap(held);
        held_.push_back(held);
        if (visit && (!held->of_lesson || !before_lesson_.run)) {
            before_lesson_ = {held, visit->look};
        }
        let_go();
    }
    if (const auto votes = view.find("guesses"); view.is_object() && votes != view.end()) {
        kept_view_["guesses"] = *votes;  // until the window says otherwise
    }
    autosave();
    // A saved run may stand before its end.
    if (session_->path_length() > static_cast<int>(session_->step()->records.size())) tell_end();
    const bool saved = view.is_object();
    push(
        Started{model_, request, stepped(), telling_head(*session_), std::move(view), path, saved});
}

// What is known of records by their addresses.
void Worker::forget() {
    timed_.clear();
    ahead_.clear();
}

// The runs that can be had back take no more memory than the details of one may, with their models:
// else each prompt of an hour, and each model, would stay. The last one stays in any case, and what
// a lesson took the place of.
void Worker::let_go() {
    const auto weights = [](const model::Model& model) {
        const int bytes = model.weights.precision == model::Precision::f32 ? 4 : 2;
        return static_cast<size_t>(model.weights.n_parameters * bytes);
    };
    const auto too_much = [&] {
        std::erase_if(held_, [](const auto& run) { return run.expired(); });
        size_t bytes = 0;
        int runs = 0;
        std::set<const model::Model*> models{model_.get()};
        for (const auto& run : held_) {
            const auto held = run.lock();
            if (held == before_lesson_.run) continue;
            ++runs;
            bytes += held->session->bytes();
            if (models.insert(held->model.get()).second) bytes += weights(*held->model);
        }
        return runs > 1 && bytes > options_.detail_budget;
    };
    while (options_.detail_budget > 0 && too_much() && undo_.forget_oldest()) {
    }
}

void Worker::swap_with(HeldRun& held) {
    comparison_.reset();
    std::swap(held.session, session_);
    std::swap(held.model, model_);
    std::swap(held.request, request_);
    std::swap(held.view, kept_view_);
    std::swap(held.path, path_);
    std::swap(held.of_lesson, of_lesson_);
    forget();
    autosaved_ = model::no_node;
}

void Worker::swap_runs(const std::shared_ptr<HeldRun>& held) {
    swap_with(*held);
    tell_run(kept_view_);
}

// Of one that was shown before: it goes on as it was decoded last.
void Worker::tell_run(nlohmann::json view) {
    Start request = request_;
    request.decoding = session_->decoding();
    push(Started{model_, request, stepped(), telling_head(*session_), std::move(view), path_});
}

// It was done, and is undone and redone by the same.
void Worker::add_swap(const std::shared_ptr<HeldRun>& held) {
    undo_.add({[this, held] { swap_runs(held); }, [this, held] { swap_runs(held); }});
}

Worker::Place Worker::place_of(const std::vector<model::NodeId>& path, int length) const {
    Place place{path.front(), {}, length};
    for (const model::NodeId node : path) {
        place.tokens.push_back(session_->history().at(node).record->id());
    }
    return place;
}

Worker::Place Worker::this_place() const {
    return place_of(session_->path(), static_cast<int>(session_->step()->records.size()));
}

// The nodes of a place that are there, from the first on; what was deleted and came again has other
// numbers, so they are found by their tokens.
std::vector<model::NodeId> Worker::nodes_of(const Place& place) const {
    const model::History& history = session_->history();
    std::vector<model::NodeId> nodes;
    model::NodeId node = history.now(place.root);
    for (size_t i = 1; history.contains(node); ++i) {
        nodes.push_back(node);
        if (i == place.tokens.size()) break;
        node = history.child(node, place.tokens[i]);
        if (node == model::no_node) break;
    }
    return nodes;
}

// What was deleted since is computed again; a run that is gone as a whole stays so.
void Worker::go_to(const Place& place) {
    const std::vector<model::NodeId> nodes = nodes_of(place);
    if (nodes.empty()) return;
    session_->select(nodes.back());
    size_t there = std::max(nodes.size(), static_cast<size_t>(session_->prompt_length()));
    for (; there < place.tokens.size(); ++there) {
        session_->go_on();
        session_->commit(place.tokens[there], cancelled_);
    }
    tell_end();
    session_->rewind(place.length);
}

void Worker::tell_end() {
    const auto length = static_cast<int>(session_->step()->records.size());
    session_->rewind(session_->path_length());
    end_ = session_->step();
    session_->rewind(length);
}

// Going from one place to another is undone by going back, to the path that was there: nothing is
// computed.
void Worker::moved_from(const Place& before) {
    const Place after = this_place();
    if (!(before == after)) {
        undo_.add({[this, before] { go_to(before); }, [this, after] { go_to(after); }});
    }
    autosave();  // what is on the screen is on disk
    push(stepped());
}

}  // namespace app
