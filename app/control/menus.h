// The lists that open above the window: all views, the models that are there, interventions. One
// table feeds drawing, clicks and keys.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/control/actions.h"

namespace app {

struct MenuItem {
    std::string title;
    std::string detail;  // what it is, in fainter words
    std::string key;     // that does the same without the menu
    bool current = false;
    bool enabled = true;
    std::function<void(App&)> run;  // the menu is closed before
    double part = -1;               // of it that is there, as a bar; below 0: none
    std::string id = {};            // of the view, in the list of views
};

// The items of the overlay that is open; none where it has no list.
std::vector<MenuItem> menu_items(const State& state);

// Up and Down in the list, Enter on the chosen item; false for any other key, and where there is
// no list.
bool press_menu_key(App& app, std::string_view key);
void choose_item(App& app, int index);

}  // namespace app
