// The lessons that are there, and how one of their stops is gone to.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/run/session.h"
#include "viz/lessons/lesson.h"

namespace app {

// The files that come with the program, in the order in which they are taught.
std::vector<std::filesystem::path> lesson_files();
// One that comes with the program, by its id. Throws model::Error.
std::shared_ptr<const viz::Lesson> find_lesson(const std::string& id);
// The same, or a file that ends in .json.
std::shared_ptr<const viz::Lesson> open_lesson(const std::string& name);

// Brings the session to a stop and says how it is looked at. Throws model::Error that names file
// and line, and model::Stopped.
viz::StopLook visit(model::Session& session, const viz::Lesson& lesson, int stop,
                    const model::StopAsked& asked = {});

// Goes through the stops of a lesson without a window. What one stop computed serves the next.
class LessonTour {
  public:
    LessonTour(std::shared_ptr<const viz::Lesson> lesson, std::shared_ptr<const model::Model> model)
        : lesson_(std::move(lesson)), given_(std::move(model)), model_(given_) {}

    const viz::Lesson& lesson() const { return *lesson_; }
    const std::shared_ptr<const model::Model>& model() const { return model_; }
    // Stops count from 0. Opens the model that the stop asks for.
    viz::StopLook go(int stop, const model::StopAsked& asked = {});
    const model::Session& session() const { return *session_; }

  private:
    std::shared_ptr<const viz::Lesson> lesson_;
    std::shared_ptr<const model::Model> given_, model_;
    std::unique_ptr<model::Session> session_;
};

}  // namespace app
