// Which lessons were walked to their end: a file of ids, a line each, in the data folder.
#pragma once

#include <set>
#include <string>

namespace app {

// None where the file is missing or cannot be read: it is no more than a comfort.
std::set<std::string> finished_lessons();
void finish_lesson(const std::string& id);

}  // namespace app
