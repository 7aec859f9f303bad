// What to say of an exception, wherever it ends: on the command line, on a thread, in a panel.
#pragma once

#include <exception>
#include <string>

namespace model {

// One line: an Error's own words; which file the system refused and why; that memory ran out; that
// anything else is a bug.
std::string failure_words(const std::exception& failure);

// Keeps some memory that is given back when there is none left: values of JSON ask for memory when
// they go, and would end the program while it says that there is too little. Called once, at the
// start.
void keep_memory_for_the_end();

}  // namespace model
