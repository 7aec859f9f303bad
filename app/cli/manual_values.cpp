// What shells can complete as a value: the models, views and lessons that there are.
#include "app/cli/manual.h"
#include "app/run/lessons.h"
#include "model/load/hub_cache.h"
#include "viz/views/view_table.h"

namespace app {

ManualValues manual_values() {
    ManualValues values;
    values["FILE"].paths = ManualPaths::files;
    values["MODEL"].paths = ManualPaths::folders;
    values["LESSON"].paths = ManualPaths::files;
    for (const model::KnownModel& known : model::known_models()) {
        values["NAME"].words.emplace_back(known.name);
    }
    for (const viz::View* view : viz::views()) values["VIEW"].words.emplace_back(view->id);
    for (const std::filesystem::path& file : lesson_files()) {
        values["LESSON"].words.push_back(viz::read_lesson(file).id);
    }
    return values;
}

}  // namespace app
