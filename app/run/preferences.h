// What the window keeps from one start to the next: a small file in the data folder.
#pragma once

#include <string>

namespace app {

struct Preferences {
    bool used = false;    // somebody has been here: nothing needs to be said first
    bool motion = true;   // steps may be watched
    bool since = false;   // the ranking shows what changed since the step before
    std::string theme;    // "dark"; "": as it comes
    std::string colours;  // of attention, "viridis"; "": as they come
    float text = 1;       // size

    bool operator==(const Preferences&) const = default;
};

// What is missing or damaged is as it comes.
Preferences read_preferences();
// Where they cannot be kept, they are not.
void write_preferences(const Preferences& preferences);

}  // namespace app
