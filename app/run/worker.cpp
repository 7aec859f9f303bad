#include "app/run/worker.h"

#include <algorithm>
#include <exception>
#include <type_traits>
#include <utility>

#include "app/run/lessons.h"
#include "app/run/states.h"
#include "model/base/error.h"
#include "model/base/failure.h"
#include "model/run/scenario.h"

namespace app {

namespace {

template <class T>
bool holds(const Request& request) {
    return std::holds_alternative<T>(request);
}

// Somebody waits for it; what is kept for a restart is nobody's wish of the moment.
bool is_asked(const Request& request) {
    return !holds<Keep>(request);
}

template <class Asked, class... Others>
constexpr bool is_one_of = (std::is_same_v<Asked, Others> || ...);

// What is asked of the run that is open; the others open one, or do without.
template <class Asked>
constexpr bool needs_session =
    !is_one_of<Asked, Start, Open, OpenRun, Visit, CompareStrategies, FindModels, Stop, Task>;

}  // namespace

Worker::Worker(std::shared_ptr<const model::Model> model, model::SessionOptions options,
               std::function<void()> wake)
    : wake_(std::move(wake)),
      cancelled_([this] {
          const std::lock_guard lock(mutex_);
          return cancel_;
      }),
      options_(std::move(options)),
      precision_(model->weights.precision),
      model_(std::move(model)),
      executor_([this](const std::stop_token& quit) { work(quit); }) {}

Worker::~Worker() {
    post(Stop{});
}

void Worker::post(Request request) {
    {
        const std::lock_guard lock(mutex_);
        // A new run makes what was asked of the old one pointless; what is to be kept of it is not.
        if (holds<Start>(request) || holds<Open>(request) || holds<OpenRun>(request) ||
            holds<Visit>(request) || holds<Stop>(request)) {
            std::erase_if(requests_, [](const Request& r) {
                return !holds<Task>(r) && !holds<CompareStrategies>(r) && !holds<Keep>(r);
            });
            cancel_ = true;
        }
        if (holds<LeaveLesson>(request)) std::erase_if(requests_, holds<Visit>);
        // Scrubbing and sliding ask faster than anybody can look: only the last wish counts.
        const bool replaces =
            !requests_.empty() &&
            ((holds<Rewind>(request) && holds<Rewind>(requests_.back())) ||
             (holds<SetDecoding>(request) && holds<SetDecoding>(requests_.back())) ||
             (holds<Keep>(request) && holds<Keep>(requests_.back())) ||
             (holds<CompareStrategies>(request) && holds<CompareStrategies>(requests_.back())));
        if (replaces) requests_.pop_back();
        requests_.push_back(std::move(request));
    }
    executor_.call();
}

std::vector<Event> Worker::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
}

bool Worker::busy() const {
    const std::lock_guard lock(mutex_);
    return running_ || std::ranges::any_of(requests_, is_asked);
}

void Worker::push(Event event) {
    {
        const std::lock_guard lock(mutex_);
        events_.push_back(std::move(event));
    }
    wake_();
}

Stepped Worker::stepped() {
    return {session_->step(),
            session_->path_ids(),
            session_->tree(),
            undo_.can_undo(),
            undo_.can_redo(),
            session_->untouched(),
            std::exchange(end_, nullptr)};
}

// False: none waits.
bool Worker::begin_request(Request& request) {
    const std::lock_guard lock(mutex_);
    if (requests_.empty()) return false;
    request = std::move(requests_.front());
    requests_.pop_front();
    running_ = is_asked(request);
    cancel_ = false;
    return true;
}

void Worker::work(const std::stop_token& quit) {
    Request request;
    while (!quit.stop_requested() && begin_request(request)) {
        try {
            handle(request);
        } catch (const model::Stopped&) {
            // The session is as before.
        } catch (const std::exception& failure) {
            push(Failed{model::failure_words(failure)});  // the run is as before
        }
        {
            const std::lock_guard lock(mutex_);
            running_ = false;
        }
        wake_();
        autosave();
    }
    at_leisure(quit);
}

// A request that nobody answers does not compile.
void Worker::handle(const Request& request) {
    std::visit(
        [this]<class Asked>(const Asked& asked) {
            if (needs_session<Asked> && !session_) return;
            answer(asked);
        },
        request);
}

void Worker::answer(const CompareStrategies& rules) {
    compare_ = rules;
    if (comparison_ && !compare_.rules.empty()) comparison_->set_rules(compare_.rules);
}

void Worker::answer(const Open& open) {
    start(open.start, model::load_model(model::resolve_model(open.name), precision_));
}

void Worker::answer(const Start& prompt) {
    start(prompt, model_);
}

void Worker::answer(const Commit& commit) {
    const int length = static_cast<int>(session_->step()->records.size());
    if (session_->stage() != model::Stage::proposed) return;
    if (commit.forced && commit.length != length) return;  // it was chosen for another step
    const Place before = this_place();
    session_->commit(commit.forced, cancelled_);
    moved_from(before);
}

void Worker::answer(const GoOn&) {
    session_->go_on();
    push(stepped());
}

void Worker::answer(const Rewind& rewind) {
    session_->rewind(rewind.length);
    push(stepped());
}

void Worker::answer(const SetDecoding& decoding) {
    session_->set_decoding(decoding.decoding);
    push(stepped());
}

void Worker::answer(const Select& select) {
    if (!session_->history().contains(select.node)) return;
    const Place before = this_place();
    session_->select(select.node);
    moved_from(before);
}

void Worker::answer(const Remove& remove) {
    const model::NodeId node = remove.node;
    if (!session_->history().contains(node)) return;
    if (!session_->can_remove(node)) {
        throw model::Error("delete: this is the whole run; append something first");
    }
    const Place place = place_of(session_->history().path_to(node), 0);
    const auto removed = std::make_shared<model::Removed>(session_->remove(node));
    forget();
    undo_.add({[this, removed] { session_->restore(*removed); },
               [this, removed, place] {
                   const std::vector<model::NodeId> nodes = nodes_of(place);
                   const bool there = nodes.size() == place.tokens.size();
                   if (!there || !session_->can_remove(nodes.back())) return;
                   *removed = session_->remove(nodes.back());
                   forget();
               }});
    push(stepped());
}

void Worker::answer(const Ablate& ablate) {
    const Place before = this_place();
    session_->branch_with(model::simplified(ablate.ablation), cancelled_);
    moved_from(before);
}

void Worker::answer(const Untouch&) {
    const Place before = this_place();
    session_->branch_with({}, std::vector(session_->own_prompt()), cancelled_);
    moved_from(before);
}

void Worker::answer(const Compare&) {
    session_->compute_untouched(cancelled_);
    push(stepped());
}

void Worker::answer(const EditPrompt& edit) {
    const Place before = this_place();
    session_->edit_prompt(edit.prompt, cancelled_);
    moved_from(before);
}

void Worker::answer(const Stop&) {}  // post() has given up what was running

// One deed. Given up in the middle, what was appended stays.
void Worker::answer(const AppendTokens& append) {
    const Place before = this_place();
    if (append.length != static_cast<int>(session_->step()->records.size())) return;
    const size_t room = static_cast<size_t>(model_->config.n_ctx - append.length);
    if (append.ids.size() > room) {
        throw model::Error("append: these are " + std::to_string(append.ids.size()) +
                           " tokens, the context has room for " + std::to_string(room));
    }
    try {
        for (const int id : append.ids) {
            if (session_->stage() != model::Stage::proposed) break;
            session_->commit(id, cancelled_);
        }
    } catch (const model::Stopped&) {
        // What is there is shown.
    }
    moved_from(before);
}

void Worker::answer(const Visit& to) {
    const viz::Lesson& lesson = *to.lesson;
    const viz::LessonStop& stop = lesson.stops[static_cast<size_t>(to.stop)];
    const model::Scenario& place = stop.place;
    std::shared_ptr<const model::Model> model = model_;
    if (const std::filesystem::path folder = stop_model(lesson, stop); !folder.empty()) {
        std::error_code failed;
        if (!std::filesystem::equivalent(folder, model_->folder, failed)) {
            model = model::load_model(folder, precision_);
        }
    }
    if (session_ && model == model_ && model::begun(*session_, place)) {
        const Place before = this_place();
        try {
            const viz::StopLook look = visit(*session_, lesson, to.stop, cancelled_);
            moved_from(before);
            push(Arrived{to, look});
        } catch (...) {
            moved_from(before);  // as far as it came
            throw;
        }
        return;
    }
    model::SessionOptions options = options_;
    options.ablation = {};
    options.use_cache = place.use_cache;
    options.stop_at_end = false;  // it goes where it says
    auto session = std::make_unique<model::Session>(model, options);
    const viz::StopLook look = visit(*session, lesson, to.stop, cancelled_);
    begin(std::move(session), std::move(model), {place.prompt, place.ids, place.decoding}, {}, {},
          &to);
    push(Arrived{to, look});
}

void Worker::answer(const Task& task) {
    if (!session_) return;
    struct Restore {
        model::Session& session;
        int length = static_cast<int>(session.step()->records.size());
        ~Restore() { session.rewind(length); }
    } restore{*session_};
    const auto progress = [this](int done, int all) {
        push(Progressed{done, all});
        return !cancelled_();
    };
    try {
        push(TaskDone{task.run(*session_, progress)});
    } catch (const model::Stopped&) {
        push(TaskDone{"Cancelled: nothing was written"});
    }
}

}  // namespace app
