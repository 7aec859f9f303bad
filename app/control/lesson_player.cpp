#include "app/control/lesson_player.h"

#include <algorithm>
#include <utility>

#include "app/control/class_guesses.h"
#include "app/control/view_state.h"
#include "app/run/finished.h"
#include "app/run/lesson_export.h"
#include "app/run/lessons.h"
#include "app/run/settings.h"
#include "model/base/error.h"

namespace app {

namespace {

void go_to_stop(App& app, int stop) {
    Walk& walk = app.state.walk;
    walk.wanted = std::clamp(stop, 0, walk.stops() - 1);
    app.state.error.clear();
    // Theme and colours are the room's, and votes the class's: they stay as they are.
    nlohmann::json look = view_json(app.state);
    for (const char* kept : {"theme", "colours", "guesses", "lesson"}) look.erase(kept);
    app.worker.post(Visit{walk.lesson, walk.wanted, std::move(look)});
}

Walk begun(std::shared_ptr<const viz::Lesson> lesson) {
    Walk walk;
    walk.lesson = std::move(lesson);
    std::error_code failed;
    walk.written = std::filesystem::last_write_time(walk.lesson->file, failed);
    return walk;
}

// The list of lessons opens at the next one.
void finish(App& app) {
    const std::string id = app.state.walk.lesson->id;
    finish_lesson(id);
    list_lessons(app);
    const int next = app.state.item + 1;
    leave_lesson(app);
    app.state.overlay = Overlay::lessons;
    app.state.item = std::min(next, static_cast<int>(app.state.lessons.size()) - 1);
}

}  // namespace

void leave_lesson(App& app) {
    app.state.walk = {};
    app.state.guessing = false;
    app.state.reveal = viz::Reveal::all;
    app.worker.post(LeaveLesson{});
}

void list_lessons(App& app) {
    State& state = app.state;
    state.lessons.clear();
    state.finished = finished_lessons();
    for (const std::filesystem::path& file : lesson_files()) {
        try {
            state.lessons.push_back(
                {std::make_shared<const viz::Lesson>(viz::read_lesson(file)), ""});
        } catch (const model::Error& error) {
            state.lessons.push_back({nullptr, error.what()});
        }
    }
    const auto current = std::ranges::find_if(state.lessons, [&](const ListedLesson& listed) {
        return state.walk.open() && listed.lesson && listed.lesson->id == state.walk.lesson->id;
    });
    if (current != state.lessons.end()) {
        state.item = static_cast<int>(current - state.lessons.begin());
    }
}

void start_lesson(App& app, std::shared_ptr<const viz::Lesson> lesson) {
    end_welcome(app.state);
    app.state.walk = begun(std::move(lesson));
    go_to_stop(app, 0);
}

void follow_lesson_file(App& app) {
    Walk& walk = app.state.walk;
    if (!walk.open() || Clock::now() < walk.look_again) return;
    walk.look_again = Clock::now() + std::chrono::seconds(1);
    std::error_code failed;
    const auto written = std::filesystem::last_write_time(walk.lesson->file, failed);
    if (failed || written == walk.written) return;
    walk.written = written;
    try {
        walk.lesson = std::make_shared<const viz::Lesson>(viz::read_lesson(walk.lesson->file));
        walk.problem.clear();
        go_to_stop(app, walk.wanted);
    } catch (const model::Error& error) {
        walk.problem = error.what();  // what was read before stays
    }
}

void lesson_on(App& app) {
    State& state = app.state;
    Walk& walk = state.walk;
    const bool there = walk.shown == walk.wanted;
    if (there && state.guessing && state.reveal != viz::Reveal::all) {
        append_or_reveal(app);
    } else if (there && !walk.look.answer.empty() && !walk.answered) {
        walk.answered = true;
    } else if (walk.wanted + 1 < walk.stops()) {
        go_to_stop(app, walk.wanted + 1);
    } else if (there && !state.presenting) {  // a clicker may be pressed once too often
        finish(app);
    }
}

void lesson_back(App& app) {
    if (app.state.walk.wanted > 0) go_to_stop(app, app.state.walk.wanted - 1);
}

void export_lesson(App& app) {
    const auto lesson = app.state.walk.lesson;
    const auto model = app.state.model;
    app.worker.post(Task{[lesson, model](model::Session&, const model::Progress& progress) {
        const std::filesystem::path folder = export_folder();
        model::FileSet files;
        files.make_folder(folder);
        for (const char* format : {"pdf", "html", "pptx"}) {
            const bool slides = export_format(format).slides;
            write_lesson(files, {lesson, model}, export_format(format),
                         folder / (lesson->id + "." + format), {viz::light_theme()},
                         slides ? LessonForm::slides : LessonForm::handout, progress, progress);
        }
        write_lesson(files, {lesson, model}, export_format("pdf"),
                     folder / (lesson->id + "-worksheet.pdf"), {viz::light_theme()},
                     LessonForm::worksheet, progress, progress);
        files.commit();
        return "Saved " + lesson->id + " as .pdf, .html and .pptx, and its worksheet, in " +
               shortened(folder);
    }});
}

void arrive(State& state, Arrived& arrived) {
    Walk& walk = state.walk;
    if (walk.lesson != arrived.where.lesson || walk.wanted != arrived.where.stop) return;
    const viz::LessonStop& stop = walk.lesson->stops[static_cast<size_t>(walk.wanted)];
    walk.shown = walk.wanted;
    walk.answered = false;
    walk.look = std::move(arrived.look);
    show_view(state, stop.view);
    state.motion.skip();
    state.beside = stop.beside;
    state.decoding = stop.place.decoding;
    state.selection = walk.look.selection;
    state.locked = walk.look.locked;
    state.attention = walk.look.attention;
    state.guessing = stop.guess;
    state.reveal = viz::Reveal::all;
    if (stop.guess) hide_step(state);
}

void resume(State& state, Resumed& resumed) {
    end_welcome(state);
    state.walk = begun(std::move(resumed.where.lesson));
    state.walk.wanted = state.walk.shown = resumed.where.stop;
    state.walk.answered = resumed.answered;
    state.walk.look = std::move(resumed.look);
}

}  // namespace app
