// Models that the window can fetch: what the model menu offers, and what is shown meanwhile.
#pragma once

#include <string>
#include <vector>

#include "app/control/menus.h"

namespace app {

// The known models that the cache lacks, and the one that is being fetched: choosing that stops it.
std::vector<MenuItem> fetch_items(const State& state);
void fetch(App& app, const std::string& name);
void stop_fetching(App& app);
// Takes in what the thread reports. The model is opened when it is there and nothing else goes on;
// else it is only told: opening one ends what is going on.
void take_fetched(App& app);
// "GPT-2 · 123 of 548 MB"; only while something is fetched.
std::string fetching_text(const Fetching& fetching);
// The menu, on the item that stops it.
void show_fetching(App& app);

}  // namespace app
