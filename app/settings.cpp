#include "app/settings.h"

#include <cstdlib>

#include "model/error.h"

namespace app {

namespace fs = std::filesystem;

fs::path bundled_model() {
    // Beside a build folder or an installed program first, so that a moved folder still works.
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed).parent_path();
    for (const fs::path& assets :
         {program / "../../assets", program / "../share/stepscope", fs::path(STEPSCOPE_ASSETS)}) {
        const fs::path folder = assets / "model";
        if (fs::exists(folder / "config.json", failed)) return folder.lexically_normal();
    }
    throw model::Error(
        "bundled model: not found beside the program; name a model with --model DIR");
}

fs::path data_folder() {
    const char* data = std::getenv("XDG_DATA_HOME");
    if (data && *data) return fs::path(data) / "stepscope";
    const char* home = std::getenv("HOME");
    return fs::path(home && *home ? home : ".") / ".local/share/stepscope";
}

}  // namespace app
