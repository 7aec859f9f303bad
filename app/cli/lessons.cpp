// `stepscope lessons`: what lessons there are, and whether what they say is true of a model.
#include "app/run/lessons.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "app/cli/cli.h"
#include "model/base/error.h"
#include "model/load/plain_text.h"
#include "viz/lessons/quiz.h"
#include "viz/lessons/unclaimed.h"

namespace app {

namespace {

using LessonPtr = std::shared_ptr<const viz::Lesson>;

std::vector<LessonPtr> wanted(const Options& options) {
    std::vector<LessonPtr> lessons;
    for (const std::string& name : options.lessons) lessons.push_back(open_lesson(name));
    if (!options.lessons.empty()) return lessons;
    for (const std::filesystem::path& file : lesson_files()) {
        lessons.push_back(std::make_shared<const viz::Lesson>(viz::read_lesson(file)));
    }
    return lessons;
}

void list(const std::vector<LessonPtr>& lessons) {
    size_t widest = 0;
    for (const LessonPtr& lesson : lessons) widest = std::max(widest, lesson->id.size());
    for (const LessonPtr& lesson : lessons) {
        std::printf("%-*s  %2zu stops  %2d min  %s\n", static_cast<int>(widest), lesson->id.c_str(),
                    lesson->stops.size(), lesson->minutes, lesson->title.c_str());
    }
}

// A line for each stop: what was measured, and what of it is not as it is said to be.
bool check(const Options& options, const LessonPtr& lesson) {
    LessonTour tour(lesson, open_lesson_model(options, *lesson));
    bool all = true;
    for (size_t i = 0; i < lesson->stops.size(); ++i) {
        const viz::LessonStop& stop = lesson->stops[i];
        try {
            (void)tour.go(static_cast<int>(i));
        } catch (const model::Error& error) {  // the other stops are checked all the same
            std::cerr << "stepscope: " << model::plain_text(error.what()) << "\n";
            all = false;
            continue;
        }
        std::string words;
        bool holds = true;
        for (const viz::Measured& m :
             viz::measure(*lesson, stop, *tour.model(), *tour.session().step())) {
            if (!m.error.empty()) {
                std::cerr << "stepscope: " << model::plain_text(m.error) << "\n";
            }
            words +=
                (words.empty() ? "" : "; ") + std::string(m.holds ? "" : "NOT TRUE: ") + m.words;
            holds = holds && m.holds;
        }
        if (words.empty()) words = "nothing is claimed";
        std::cout << lesson->id << " " << i + 1 << "/" << lesson->stops.size() << " "
                  << (holds ? "ok   " : "FALSE") << " " << words << "\n";
        if (!holds) {
            std::cerr << "stepscope: " << lesson->file << ": line " << stop.line << ": stop "
                      << i + 1 << " says what is not so\n";
        }
        for (const std::string& sentence : viz::unclaimed(stop)) {
            std::cout << lesson->id << " " << i + 1 << "/" << lesson->stops.size()
                      << " no claim: " << sentence << "\n";
        }
        all = all && holds;
    }
    return all;
}

int quiz(const Options& options, const std::vector<LessonPtr>& lessons) {
    std::vector<viz::QuizQuestion> questions;
    for (const LessonPtr& lesson : lessons) {
        LessonTour tour(lesson, open_lesson_model(options, *lesson));
        for (int i = 0; i < static_cast<int>(lesson->stops.size()); ++i) {
            const viz::StopLook look = tour.go(i);
            for (viz::QuizQuestion& question :
                 viz::quiz_of(*lesson, i, look, *tour.model(), *tour.session().step())) {
                questions.push_back(std::move(question));
            }
        }
    }
    std::cout << (options.quiz == "csv" ? viz::quiz_as_csv : viz::quiz_as_gift)(questions);
    return 0;
}

}  // namespace

std::shared_ptr<const model::Model> open_lesson_model(const Options& options,
                                                      const viz::Lesson& lesson) {
    Options named = options;
    if (named.model.empty()) named.model = lesson.model;
    return open_model(named);
}

int run_lessons(const Options& options) {
    const std::vector<LessonPtr> lessons = wanted(options);
    if (!options.quiz.empty()) return quiz(options, lessons);
    bool all = true;
    if (options.check) {
        for (const LessonPtr& lesson : lessons) all = check(options, lesson) && all;
    } else {
        list(lessons);
    }
    return all ? 0 : 1;
}

}  // namespace app
