#include "app/control/class_phones.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/control/class_guesses.h"
#include "app/control/view_state.h"
#include "app/run/settings.h"
#include "model/run/run_link.h"
#include "viz/paint/utf8.h"

namespace app {

namespace {

constexpr auto between_keeps = std::chrono::milliseconds(200);
constexpr size_t longest_text = 1500, most_results = 400;  // bytes; tokens
constexpr size_t likeliest = 5;                            // that are told though nobody said them

// The text with its line breaks, as it can be drawn.
std::string readable(std::string_view bytes) {
    std::string text;
    for (size_t at = 0; at < bytes.size();) {
        const bool blank = bytes[at] == '\n' || bytes[at] == '\t';
        if (blank) {
            text += bytes[at++];
        } else {
            viz::append_character(text, viz::next_character(bytes, at));
        }
    }
    return text;
}

void tell_text(ClassView& view, const State& state) {
    const auto typed = static_cast<size_t>(state.step->prompt_length);
    if (const auto& tokenizer = state.model->tokenizer) {
        const std::string all = tokenizer->decode(view.ids);
        const size_t begin = std::min(
            all.size(),
            tokenizer
                ->decode({view.ids.begin(), view.ids.begin() + static_cast<std::ptrdiff_t>(typed)})
                .size());
        view.prompt = readable(std::string_view(all).substr(0, begin));
        view.written = readable(std::string_view(all).substr(begin));
    } else {
        for (size_t i = 0; i < view.ids.size(); ++i) {
            (i < typed ? view.prompt : view.written) += state.model->shown(view.ids[i]) + " ";
        }
    }
    view.written = viz::ending(view.written, longest_text);
    view.prompt = view.written.size() >= longest_text
                      ? ""
                      : viz::ending(view.prompt, longest_text - view.written.size());
}

void tell_results(ClassView& view, const State& state) {
    const model::Ranking& ranking = state.step->ranking;
    const viz::ClassScore score = viz::score_guesses(state.guesses.at(view.ids), ranking);
    view.votes = score.votes;
    view.class_bits = score.mean_bits;
    view.model_bits = score.entropy_bits;
    std::vector<viz::Guess> others;
    for (size_t i = 0; i < std::min(likeliest, ranking.candidates.size()); ++i) {
        const int id = ranking.candidates[i].id;
        const bool said = std::ranges::any_of(
            score.guesses, [id](const viz::ScoredGuess& one) { return one.guess.id == id; });
        if (!said) others.push_back({id, 0});
    }
    std::vector<viz::ScoredGuess> told = score.guesses;
    if (told.size() > most_results) told.resize(most_results);
    for (viz::ScoredGuess& one : viz::score_guesses(others, ranking).guesses) {
        told.push_back(std::move(one));
    }
    for (const viz::ScoredGuess& one : told) {
        view.results.push_back({one.guess.id, state.model->shown(one.guess.id), one.guess.votes,
                                one.probability, one.bits});
    }
}

// The step as a run of its own, for the program in a browser.
std::string run_of(const State& state) {
    const model::Step& step = *state.step;
    model::RunFile run;
    run.model_name = state.model->config.name;
    run.model_hash = state.model->hash();
    std::vector<int> ids = step.ids();
    const auto typed = static_cast<size_t>(step.prompt_length);
    run.prompt_ids.assign(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(typed));
    if (step.edited_from.empty()) run.prompt = state.run_prompt;
    run.decodings = {state.decoding};
    run.decoding = state.decoding;
    run.runs.push_back({model::describe(step.ablation), {}});
    for (size_t i = typed; i < ids.size(); ++i) {
        const int at = static_cast<int>(i - typed);
        run.runs[0].tokens.push_back({at - 1, ids[i], step.choices[i].by, 0});
    }
    run.path_end = static_cast<int>(run.runs[0].tokens.size()) - 1;
    run.length = static_cast<int>(ids.size());
    run.view = view_json(state);
    run.view.erase("guesses");
    return model::run_link(std::move(run));
}

ClassView view_of(const State& state) {
    using Phase = ClassView::Phase;
    ClassView view;
    view.ids = state.step->ids();
    view.phase = !state.guessing || !state.can_append() ? Phase::look
                 : !takes_guesses(state)                ? Phase::revealed
                 : state.phones.voting                  ? Phase::vote
                                                        : Phase::closed;
    tell_text(view, state);
    if (view.phase == Phase::vote) {
        const model::Ranking& ranking = state.step->ranking;
        for (const int index : viz::to_guess_from(*state.model, ranking)) {
            const int id = ranking.candidates[static_cast<size_t>(index)].id;
            view.offers.push_back({id, state.model->shown(id)});
        }
    }
    if (view.phase == Phase::revealed) tell_results(view, state);
    const bool tells = view.phase == Phase::look || state.reveal == viz::Reveal::all;
    if (tells && state.phones.has_web) view.run = run_of(state);
    return view;
}

// Brings the guesses to what phones say now.
void count(State& state, const std::vector<int>& ids, const std::vector<viz::Guess>& said) {
    std::vector<viz::Guess>& counted = state.phones.counted[ids];
    if (counted == said) return;
    std::map<int, int> change;
    for (const viz::Guess& guess : said) change[guess.id] += guess.votes;
    for (const viz::Guess& guess : counted) change[guess.id] -= guess.votes;
    for (const auto& [id, by] : change) {
        if (by != 0) viz::vote(state.guesses.open[ids], id, by);
    }
    counted = said;
    // A vote that came with the reveal.
    if (state.guesses.scores.contains(ids) && state.step->ids() == ids) score_step(state);
}

void follow_phones(App& app) {
    State& state = app.state;
    if (!app.class_server || !state.step) return;
    (void)app.classroom->take_news();
    state.phones.count = app.classroom->count(Classroom::Clock::now());
    if (std::exchange(state.phones.recount, false)) {
        state.phones.counted.clear();
        for (const auto& [ids, votes] : state.guesses.open) {
            if (auto said = app.classroom->tally(ids)) state.phones.counted[ids] = *said;
        }
    }
    const std::vector<int> ids = state.step->ids();
    if (const auto said = app.classroom->tally(ids); !said) {
        state.phones.counted.erase(ids);  // what was said long ago stays as it was counted
    } else if (!said->empty() || state.phones.counted.contains(ids)) {
        count(state, ids, *said);
    }
    ClassOnPhones::Told now{state.snapshot(), state.guessing, state.phones.voting,
                            state.guesses.at(ids)};
    if (state.phones.told == now) return;
    state.phones.told = std::move(now);
    app.classroom->show(view_of(state), state.model);
}

void keep_votes(App& app) {
    const auto now = Clock::now();
    if (now < app.keep_guesses_again || app.state.guesses == app.kept_guesses) return;
    app.kept_guesses = app.state.guesses;
    app.keep_guesses_again = now + between_keeps;
    app.worker.post(Keep{{{"guesses", guesses_json(app.kept_guesses)}}});
}

}  // namespace

void open_class(App& app, std::optional<int> port) {
    if (app.class_server) return;
    app.classroom = std::make_shared<Classroom>();
    app.class_server = std::make_unique<ClassServer>(ClassServer::Options{port, web_folder()},
                                                     app.classroom, app.wake);
    ClassOnPhones& phones = app.state.phones;
    phones = {};
    phones.on = true;
    phones.code = app.class_server->code();
    phones.addresses = app.class_server->addresses();
    phones.has_network = app.class_server->has_network();
    phones.has_web = app.class_server->has_web();
    phones.qr = qr_code(phones.addresses.front());
    phones.in_lesson = app.state.walk.open();
    app.state.overlay = Overlay::classroom;
}

void close_class(App& app) {
    app.class_server.reset();
    app.state.phones = {};
    if (app.state.overlay == Overlay::classroom) app.state.overlay = Overlay::none;
}

bool takes_phone_votes(const State& state) {
    return state.phones.on && takes_guesses(state) && state.phones.voting;
}

void turn_voting(App& app) {
    State& s = app.state;
    if (takes_guesses(s)) {
        s.phones.voting = !s.phones.voting;
        return;
    }
    s.guessing = true;
    s.phones.voting = true;
    hide_step(s);
}

void follow_class(App& app) {
    // Who has finished a lesson may choose the next one from the list.
    const State& state = app.state;
    if (state.phones.in_lesson && !state.walk.open() && state.overlay != Overlay::lessons) {
        close_class(app);
        app.state.toast = Toast{"The class has ended with the lesson; F2 begins another one",
                                Clock::now() + std::chrono::seconds(5)};
    }
    follow_phones(app);
    keep_votes(app);
}

std::optional<Clock::time_point> votes_due(const App& app) {
    if (app.state.guesses == app.kept_guesses) return {};
    return app.keep_guesses_again;
}

}  // namespace app
