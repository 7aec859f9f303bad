#include "app/run/finished.h"

#include <sstream>

#include "app/run/settings.h"
#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/file_set.h"

namespace app {

namespace {

constexpr size_t most_bytes = 1 << 16;

std::filesystem::path finished_file() {
    return data_folder() / "finished-lessons";
}

}  // namespace

std::set<std::string> finished_lessons() {
    std::set<std::string> ids;
    try {
        std::istringstream lines(model::read_file(finished_file(), most_bytes));
        for (std::string id; std::getline(lines, id);) ids.insert(id);
    } catch (const model::Error&) {
        return {};
    }
    return ids;
}

void finish_lesson(const std::string& id) {
    std::set<std::string> ids = finished_lessons();
    if (!ids.insert(id).second) return;
    std::string lines;
    for (const std::string& one : ids) lines += one + "\n";
    try {
        model::FileSet files;
        files.make_folder(data_folder());
        files.write(finished_file(), lines);
        files.commit();
    } catch (const model::Error&) {
        return;  // then it has no tick
    }
}

}  // namespace app
