// What the worker does with runs that are kept: in files, in links, for a restart.
#include "app/run/lessons.h"
#include "app/run/run_store.h"
#include "app/run/worker.h"
#include "model/base/error.h"
#include "model/base/failure.h"
#include "model/run/run_file.h"
#include "model/run/run_link.h"

namespace app {

namespace {

constexpr size_t most_recent = 6;  // runs that are offered

// The stop of a lesson that a run was saved at. None where it was at none, and where the lesson is
// not here, or another one now: the run opens all the same.
std::optional<Resumed> resumed(const nlohmann::json& view,
                               const std::shared_ptr<const model::Model>& model,
                               const model::StopAsked& asked) {
    if (!view.is_object() || !view.contains("lesson")) return {};
    try {
        const nlohmann::json& said = view["lesson"];
        Resumed to;
        to.where.lesson = find_lesson(said.at("id").get<std::string>());  // a run opens no file
        const int stop = said.at("stop").get<int>();
        if (stop < 1 || stop > static_cast<int>(to.where.lesson->stops.size())) return {};
        to.where.stop = stop - 1;
        to.answered = said.at("answered").get<bool>();
        to.look = LessonTour(to.where.lesson, model).go(to.where.stop, asked);
        return to;
    } catch (const nlohmann::json::exception&) {
        return {};
    } catch (const model::Error&) {
        return {};
    }
}

}  // namespace

void Worker::answer(const OpenRun& run) {
    const auto left = LeftBehind::claim(run.path);
    if (left) {
        try {
            (void)model::read_run_file(run.path);
        } catch (const model::Error& damage) {
            throw model::Error(std::string(damage.what()) + "; it is set aside as " +
                               left->set_aside().string());
        }
    }
    const SavedRun saved = open_run(run.path, "", model_);
    auto session = model::replay(saved.file, saved.model, options_, cancelled_);
    const auto lesson = resumed(saved.file.view, saved.model, cancelled_);
    // Nothing is saved to a link.
    std::error_code ignored;
    const bool file = std::filesystem::exists(run.path, ignored);
    begin(std::move(session), saved.model,
          {saved.file.prompt.value_or(""), saved.file.prompt_ids, saved.file.decoding},
          saved.file.view, file ? run.path : std::filesystem::path());
    if (lesson) push(*lesson);
    if (!left) return;
    push(Saved{});  // nobody ever saved it
    if (autosave()) left->remove();
}

void Worker::answer(const FindModels&) {
    push(Found{model::cached_models(), recent_runs(most_recent)});
}

void Worker::answer(const Save& save) {
    model::RunFile file = model::run_file(*session_, save.prompt);
    file.view = save.view;
    const std::filesystem::path path = save.path.empty() ? new_run_path(save.prompt) : save.path;
    model::save_run(path, file);
    path_ = path;
    push(Saved{path});
}

void Worker::answer(const Keep& keep) {
    kept_view_ = keep.view;
    autosaved_ = model::no_node;
    autosave();
}

void Worker::answer(const MakeLink& link) {
    model::RunFile file = model::run_file(*session_, link.prompt);
    file.view = link.view;
    push(Linked{model::run_link(std::move(file))});
}

// Keeps the run on disk, for the case that this process does not end as it should. Whether it is
// there: where it cannot be written that is said once, and the run goes on.
bool Worker::autosave() {
    if (!session_) return false;
    if (session_->step()->node == autosaved_) return true;
    try {
        model::RunFile run = model::run_file(*session_, request_.prompt);
        run.view = kept_view_;
        autosave_.save(run);
        autosaved_ = session_->step()->node;
        autosave_failed_ = false;
        return true;
    } catch (const std::exception& failure) {
        if (!std::exchange(autosave_failed_, true)) {
            push(TaskDone{"The run is not kept for a restart: " + model::failure_words(failure)});
        }
        return false;
    }
}

}  // namespace app
