#include "app/run/lessons.h"

#include <algorithm>

#include "app/run/settings.h"
#include "app/run/states.h"
#include "model/base/error.h"
#include "model/interp/attribution.h"
#include "model/run/scenario.h"

namespace app {

namespace fs = std::filesystem;

std::vector<fs::path> lesson_files() {
    std::vector<fs::path> files;
    std::error_code failed;
    const fs::path folder = bundled_model().parent_path() / "lessons";
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::shared_ptr<const viz::Lesson> find_lesson(const std::string& id) {
    std::string known;
    for (const fs::path& file : lesson_files()) {
        auto lesson = std::make_shared<const viz::Lesson>(viz::read_lesson(file));
        if (lesson->id == id) return lesson;
        known += (known.empty() ? "" : ", ") + lesson->id;
    }
    throw model::Error("there is no lesson \"" + id + "\"; name a .json file, or one of " + known);
}

std::shared_ptr<const viz::Lesson> open_lesson(const std::string& name) {
    if (!name.ends_with(".json")) return find_lesson(name);
    return std::make_shared<const viz::Lesson>(viz::read_lesson(name));
}

viz::StopLook visit(model::Session& session, const viz::Lesson& lesson, int stop,
                    const model::StopAsked& asked) {
    const viz::LessonStop& to = lesson.stops.at(static_cast<size_t>(stop));
    try {
        model::go_to(session, to.place, asked);
    } catch (const model::Error& error) {
        viz::refuse_lesson(lesson.file, to.line, error.what());
    }
    const model::Step& step = *session.step();
    return viz::look_at(lesson, to, session.model(), step,
                        model::most_telling_head(session.model(), *step.records.back(),
                                                 step.ranking.proposed().id));
}

viz::StopLook LessonTour::go(int stop, const model::StopAsked& asked) {
    const viz::LessonStop& to = lesson_->stops.at(static_cast<size_t>(stop));
    const model::Scenario& place = to.place;
    // What the command line opened is the lesson's model; a stop may ask for another state of it.
    std::shared_ptr<const model::Model> model = given_;
    if (!to.state.empty()) {
        const fs::path folder = stop_model(*lesson_, to);
        model = folder == model_->folder ? model_ : model::load_model(folder);
    }
    if (model != model_) session_.reset();
    model_ = std::move(model);
    if (!session_ || session_->options().use_cache != place.use_cache) {
        model::SessionOptions options;
        options.use_cache = place.use_cache;
        session_ = std::make_unique<model::Session>(model_, options);
    }
    return visit(*session_, *lesson_, stop, asked);
}

}  // namespace app
