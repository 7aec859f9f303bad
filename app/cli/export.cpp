// `stepscope export`: a run as pages, decks or data. Needs no display.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <optional>

#include "app/cli/ending.h"
#include "app/cli/export_flags.h"
#include "app/cli/progress.h"
#include "app/run/export_run.h"
#include "app/run/lesson_export.h"
#include "model/base/ascii.h"
#include "model/base/error.h"
#include "model/base/file_set.h"
#include "model/load/plain_text.h"
#include "viz/slides/sheets.h"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr size_t most_named = 3;  // replaced files

const ExportFormat& format_of(const Options& options) {
    if (options.out.empty()) throw model::Error("-o: names no file; - is standard output");
    const std::string extension = options.out.extension().string();
    if (options.out == standard_output && options.format.empty()) {
        throw model::Error("-o -: has no name that tells the format; say --format too");
    }
    const ExportFormat* format =
        !options.format.empty() ? find_format(model::ascii_lower_case(options.format))
        : extension.empty()
            ? find_format("svg")
            : format_of_file(model::ascii_lower_case(options.out.filename().string()));
    if (format) return *format;
    std::string known;
    for (const std::string& each : format_names()) known += (known.empty() ? "" : ", ") + each;
    throw model::Error(options.out.string() + ": the format cannot be told from \"" + extension +
                       "\"; say --format with one of " + known);
}

void say_replaced(const std::vector<fs::path>& replaced) {
    if (replaced.size() > most_named) {
        std::cerr << "stepscope: replaced " << replaced.size() << " files, "
                  << model::plain_text(replaced.front().string()) << " to "
                  << model::plain_text(replaced.back().filename().string()) << "\n";
        return;
    }
    for (const fs::path& path : replaced) {
        std::cerr << "stepscope: replaced " << model::plain_text(path.string()) << "\n";
    }
}

// Flags that are of some formats only.
void check_layout_of(const Options& options, const ExportFormat& format) {
    const auto only = [&](const char* flag, std::initializer_list<std::string_view> formats) {
        if (std::ranges::find(formats, format.name) != formats.end()) return;
        std::string names;
        for (const std::string_view name : formats)
            names += (names.empty() ? "" : ", ") + std::string(name);
        throw model::Error(std::string(flag) + ": is for " + names + ", and not for " +
                           format.name);
    };
    if (options.bare) only("--bare", {"svg", "pdf", "eps", "png"});
    if (options.per_page > 0) only("--per-page", {"pdf", "svg", "png"});
    if (options.seconds) only("--seconds", {"gif", "mp4", "webm", "webp"});
    if (options.fragment) only("--fragment", {"html"});
    if (!options.notes.empty() && options.per_page != 1) only("--notes", {"pptx", "html"});
    const std::pair<const char*, bool> of_pages[] = {{"--title", !options.title.empty()},
                                                     {"--footer", !options.footer.empty()},
                                                     {"--caption", options.caption == "off"},
                                                     {"--logo", !options.logo.empty()},
                                                     {"--language", !options.language.empty()}};
    for (const auto& [flag, said] : of_pages) {
        if (said && !format.has_pages()) {
            throw model::Error(std::string(flag) + ": is about pages, and " + format.name +
                               " has none");
        }
    }
    // What is read must not be what is written.
    for (const fs::path& read :
         {options.run, options.notes, options.prompt_file, options.slide_template, options.logo}) {
        std::error_code ignored;
        if (!read.empty() && fs::equivalent(read, options.out, ignored)) {
            throw model::Error("-o: " + options.out.string() +
                               " is read by this command; write to another file");
        }
    }
    if (options.scale && !format.pixels && !format.film) {
        throw model::Error(std::string("--scale: is about pixels, and not for ") + format.name);
    }
    if (options.native) only("--native", {"pptx"});
    if (!options.slide_template.empty()) only("--template", {"pptx"});
    if (options.strip > 0 && (format.film || !format.has_pages())) {
        throw model::Error(std::string("--strip: is one page, and not for ") + format.name);
    }
}

PaperSheets sheets_of(const Options& options) {
    return {options.per_page, options.paper == "letter" ? viz::letter_paper : viz::a4_paper};
}

}  // namespace

int run_export(const Options& options) {
    const ExportFormat& format = format_of(options);
    if (options.reveal && !format.has_pages()) {
        throw model::Error(std::string("--reveal: is about pages, and ") + format.name +
                           " has none");
    }
    if (options.watch && !format.film) {
        throw model::Error(std::string("--watch: is for films, gif, mp4, webm or webp, and ") +
                           format.name + " is none");
    }
    check_layout_of(options, format);
    Interruptible interruptible;
    ProgressLine progress;
    const auto counting = [&](const char* what) -> model::Progress {
        return [&, what](int done, int all) {
            progress.show(what, done, all);
            return !interruptible.asked();
        };
    };
    try {
        std::optional<model::FileSet> made;
        const bool to_stdout = options.out == standard_output;
        model::FileSet& files = to_stdout ? made.emplace(std::cout) : made.emplace();
        std::vector<fs::path> written;
        if (options.lesson.empty()) {
            CliRun run(options, counting("step"));
            run.run().sheets = sheets_of(options);
            run.run().fragment = options.fragment;
            run.run().chosen_views = !options.views.empty();
            written = write_run(files, run.run(), format, options.out, counting(format.unit));
        } else {
            const auto lesson = open_lesson(options.lesson);
            const auto base = slide_template(options);
            const LessonPages how{theme_of(options, base.get()), shape_of(options, base.get()),
                                  options.scale.value_or(0), base};
            written = write_lesson(files, {lesson, open_lesson_model(options, *lesson)}, format,
                                   options.out, how,
                                   options.worksheet                 ? LessonForm::worksheet
                                   : options.slides || format.slides ? LessonForm::slides
                                                                     : LessonForm::handout,
                                   counting("stop"), counting(format.unit));
        }
        const std::vector<fs::path> replaced = files.commit();
        progress.clear();
        say_replaced(replaced);
        if (const std::string missing = viz::take_missing_characters(); !missing.empty()) {
            std::cerr << "stepscope: " << missing << "\n";
        }
        // What went through a device or a pipe, perhaps stdout itself, has no file to be named.
        std::error_code ignored;
        for (const fs::path& path : written) {
            if (!to_stdout && fs::is_regular_file(path, ignored)) {
                const std::string name = path.string();
                std::printf("%s\n", isatty(STDOUT_FILENO) != 0 ? model::plain_text(name).c_str()
                                                               : name.c_str());
            }
        }
        return 0;
    } catch (const model::Stopped&) {
        progress.clear();
        std::cerr << "stepscope: stopped; nothing was written\n";
        return interrupted;
    }
}

}  // namespace app
