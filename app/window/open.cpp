// `stepscope` without a command: what the window is told by the flags.
#include <algorithm>

#include "app/cli/cli.h"
#include "model/base/error.h"
#ifdef STEPSCOPE_WINDOW
#include "app/run/lessons.h"
#include "app/run/run_store.h"
#include "app/run/settings.h"
#include "app/window/window.h"
#include "model/base/memory.h"
#endif

namespace app {

int run_window(const Options& options) {
#ifdef STEPSCOPE_WINDOW
    app::WindowOptions window;
    Options named = options;
    if (app::is_run(options.model)) {  // FILE, LINK or DIR
        window.run = options.model;
        const auto folder = std::filesystem::path(app::read_run(window.run).model_folder);
        std::error_code ignored;
        named.model = std::filesystem::is_directory(folder, ignored) ? folder.string() : "";
    }
    if (!options.lesson.empty()) {
        viz::Lesson lesson = *app::open_lesson(options.lesson);
        if (named.model.empty()) named.model = lesson.model;
        if (!options.model.empty()) lesson.model.clear();  // it is shown with another one
        window.lesson = std::make_shared<const viz::Lesson>(std::move(lesson));
    }
    window.model_folder = app::model_folder(named);
    window.prompt = options.has_prompt ? options.prompt : app::default_prompt;
    if (options.has_ids) window.ids = app::parse_ids(options.ids);
    window.in_class = options.in_class;
    window.port = options.port;
    window.decoding = app::decoding(options);
    window.precision = app::precision(options);
    window.threads = app::usable_threads(options);
    window.use_cache = !options.no_cache;
    window.stop_at_end = app::stops_at_end(options, true);
    window.ablate = options.ablate;
    window.detail_budget = options.memory_mb
                               ? static_cast<size_t>(*options.memory_mb * 1e6)
                               : std::max(size_t{256} << 20, model::installed_memory() / 4);
    return app::run_window(window);
#else
    (void)options;
    throw model::Error("window: this program was built without it; --help lists the commands");
#endif
}

}  // namespace app
