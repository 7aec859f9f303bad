#include "app/export_run.h"

#include <charconv>
#include <set>

#include "model/error.h"
#include "model/file.h"
#include "viz/cairo_canvas.h"
#include "viz/format.h"
#include "viz/svg_canvas.h"

namespace app {

namespace fs = std::filesystem;

std::string save_run(const ExportJob& job, model::Session& session, const Task::GoOn& go_on) {
    viz::Memo memo;
    Snapshot what = job.what;
    std::optional<viz::Scene> scene;
    const viz::Deck deck =
        viz::make_deck(job.recipe, *job.what.theme, [&](int number) -> const viz::Scene& {
            session.rewind(session.step()->prompt_length + number - 1);
            what.step = session.step();
            scene.emplace(what.scene(memo));
            return *scene;
        });
    // Somebody who names a new folder wants it made.
    const bool folder = job.format == "png" || job.format == "svg";
    if (const fs::path wanted = folder ? job.target : job.target.parent_path(); !wanted.empty()) {
        std::error_code failed;
        fs::create_directories(wanted, failed);
        if (failed) {
            throw model::Error(wanted.string() +
                               ": the folder cannot be made: " + failed.message());
        }
    }
    const viz::Size size = viz::slide_size(job.recipe.shape);
    const viz::Colour background = job.what.theme->card;
    auto done = [&](int pages) {
        if (!go_on(pages, deck.pages)) throw model::Stopped{};
    };
    if (job.format == "pdf") {
        std::vector<viz::Drawing> drawings;
        for (int i = 0; i < deck.pages; ++i) {
            drawings.push_back([&, i](viz::Canvas& canvas) {
                deck.page(i).whole(canvas);
                done(i + 1);
            });
        }
        model::write_file(job.target, viz::render_pdf(size, background, deck.title, drawings));
        return "Saved " + job.target.string();
    }
    if (!folder) {
        throw model::Error("export: this build cannot write " + job.format);
    }
    for (int i = 0; i < deck.pages; ++i) {
        const viz::Page page = deck.page(i);
        const fs::path path = job.target / (page.name + "." + job.format);
        if (job.format == "png") {
            model::write_file(path, viz::render_png(size, 1, background, page.whole));
        } else {
            viz::SvgCanvas canvas(size, background);
            page.whole(canvas);
            model::write_file(path, canvas.finish(page.title));
        }
        done(i + 1);
    }
    return "Saved " + viz::count(deck.pages) + " pages in " + job.target.string();
}

std::vector<int> parse_steps(const std::string& text, int last, const std::string& what) {
    std::set<int> steps;
    const char *at = text.data(), *end = at + text.size();
    auto fail = [&]() -> void {
        throw model::Error(what + ": \"" + text +
                           "\" is not a list of steps like 2-6,9; the run has " + "steps 1 to " +
                           std::to_string(last));
    };
    auto number = [&] {
        int value = 0;
        const auto read = std::from_chars(at, end, value);
        if (read.ec != std::errc{} || value < 1 || value > last) fail();
        at = read.ptr;
        return value;
    };
    auto skip_spaces = [&] {
        while (at < end && *at == ' ') ++at;
    };
    while (true) {
        skip_spaces();
        const int first = number();
        skip_spaces();
        int until = first;
        if (at < end && *at == '-') {
            ++at;
            skip_spaces();
            until = number();
            skip_spaces();
        }
        if (until < first) fail();
        for (int step = first; step <= until; ++step) steps.insert(step);
        if (at == end) return {steps.begin(), steps.end()};
        if (*at++ != ',') fail();
    }
}

}  // namespace app
