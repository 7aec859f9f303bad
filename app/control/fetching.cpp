#include "app/control/fetching.h"

#include <algorithm>

#include "app/fetch/hub_options.h"
#include "model/load/hub_cache.h"
#include "viz/paint/format.h"

namespace app {

namespace {

constexpr auto toast_time = std::chrono::seconds(8);

std::string title_of(const std::string& name) {
    for (const model::KnownModel& known : model::known_models()) {
        if (known.name == name) return known.title;
    }
    return name;
}

// "123 of 548 MB", or what is known before.
std::string how_far(const Fetching& f) {
    if (f.stopping) return "stopping";
    if (f.waits) return "another program fetches it; waiting";
    return f.all > 0 ? viz::part_of_size(f.done, f.all) : "asking for its files";
}

bool is_there(const State& state, const model::KnownModel& known) {
    return std::ranges::any_of(state.found, [&](const model::FoundModel& found) {
        return found.problem.empty() && known.is(found.name);
    });
}

// Whether another model may take the place of the run: it would stop what the worker does, shut
// what is open and end a lesson or the guessing. `state.busy` is older than this frame.
bool may_open(const App& app) {
    const State& s = app.state;
    const bool shut = s.overlay == Overlay::none || s.overlay == Overlay::model;
    const bool types = !s.typing.empty() || !s.wants_typing.empty();
    // What was appended or branched since the prompt is not put away for it either.
    const bool begun =
        s.path_end && static_cast<int>(s.path_end->records.size()) > s.path_end->prompt_length;
    return shut && !types && !begun && !app.worker.busy() && !s.walk.open() && !s.guessing &&
           !s.presenting && !s.playing && !s.blank;
}

MenuItem fetch_item(const State& state, const model::KnownModel& known) {
    const Fetching& running = state.fetching;
    const std::string name = known.name;
    MenuItem item{known.title, viz::file_size(known.bytes) + ", download", "", false,
                  true,        [name](App& app) { fetch(app, name); }};
    if (running.name == name) {
        item.detail = how_far(running) + " · Enter or click: cancel";
        item.part = running.all > 0 ? running.done / running.all : 0;
        item.run = stop_fetching;
        return item;
    }
    if (!running.name.empty()) {
        item.enabled = false;
        item.detail =
            viz::file_size(known.bytes) + ", when " + title_of(running.name) + " is there";
    } else if (!state.searched) {
        item.enabled = false;  // it may be there; the list has its length from the beginning
    } else if (const std::string offline = hub_offline(); !offline.empty()) {
        item.enabled = false;
        item.detail += ": not while " + offline + " is set";
    }
    return item;
}

}  // namespace

std::vector<MenuItem> fetch_items(const State& state) {
    std::vector<MenuItem> items;
    if (!can_fetch()) return items;
    for (const model::KnownModel& known : model::known_models()) {
        if (!is_there(state, known)) items.push_back(fetch_item(state, known));
    }
    return items;
}

void fetch(App& app, const std::string& name) {
    if (!app.state.fetching.name.empty()) return;
    app.state.error.clear();
    app.state.fetching = {.name = name};
    app.fetcher.start(name);
}

void stop_fetching(App& app) {
    app.state.fetching.stopping = true;
    app.fetcher.stop();
}

void take_fetched(App& app) {
    State& state = app.state;
    for (const FetchNews& news : app.fetcher.take()) {
        if (news.kind == FetchNews::Kind::going) {
            state.fetching.done = news.done;
            state.fetching.all = news.all;
            state.fetching.waits = news.waits;
            continue;
        }
        const bool cancelled = state.fetching.stopping;
        state.fetching = {};
        const std::string title = title_of(news.name);
        if (news.kind == FetchNews::Kind::failed) {
            state.error = news.error;
        } else if (news.kind == FetchNews::Kind::stopped) {
            state.toast = Toast{title + ": stopped; choose it again to go on from there",
                                Clock::now() + toast_time};
        } else {
            const bool opens = !cancelled && may_open(app);
            state.toast = Toast{title + (opens ? " is there" : " is there; M opens it"),
                                Clock::now() + toast_time};
            if (opens) open_path(app, news.folder);
            app.worker.post(FindModels{});
        }
    }
}

std::string fetching_text(const Fetching& fetching) {
    return title_of(fetching.name) + " · " + how_far(fetching);
}

void show_fetching(App& app) {
    State& state = app.state;
    state.overlay = Overlay::model;
    app.worker.post(FindModels{});
    const std::vector<MenuItem> items = menu_items(state);
    const auto at =
        std::ranges::find_if(items, [](const MenuItem& item) { return item.part >= 0; });
    state.item = at == items.end() ? 0 : static_cast<int>(at - items.begin());
}

}  // namespace app
