// What to say of an exception, wherever it ends: on the command line, on a thread, in a panel.
#pragma once

#include <exception>
#include <string>

namespace model {

// One line: an Error's own words; which file the system refused and why; that memory ran out; that
// anything else is a bug.
std::string failure_words(const std::exception& failure);

}  // namespace model
