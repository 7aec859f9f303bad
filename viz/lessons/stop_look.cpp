// How a stop is looked at: what is selected, and its words with what the run says filled in.
#include <algorithm>
#include <map>

#include "model/base/error.h"
#include "viz/lessons/lesson_run.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

// Generated text as words that a line can be broken between: its signs for spaces are spaces again.
std::string running(std::string text) {
    constexpr std::string_view sign = "␣";
    for (size_t at = text.find(sign); at != text.npos; at = text.find(sign, at)) {
        text.replace(at, sign.size(), at == 0 ? "" : " ");
    }
    return text;
}

// What stands in a stop's words in braces.
using Filler = std::string (*)(LessonRun&, const StopLook&);
const std::map<std::string, Filler, std::less<>>& fillers() {
    static const std::map<std::string, Filler, std::less<>> table = {
        {"next",
         [](LessonRun& run, const StopLook&) {
             return quoted(run.model(), run.step().ranking.proposed().id);
         }},
        {"probability",
         [](LessonRun& run, const StopLook&) {
             return chance_in_words(run.step().ranking.proposed().probability);
         }},
        {"entropy",
         [](LessonRun& run, const StopLook&) { return bits(run.step().ranking.entropy_bits); }},
        {"perplexity", [](LessonRun& run, const StopLook&) { return number(run.perplexity()); }},
        {"text",
         [](LessonRun& run, const StopLook&) {
             return "“" + running(model::shown_text(run.generated())) + "”";
         }},
        {"tokens", [](LessonRun& run, const StopLook&) { return count(run.length()); }},
        {"vocabulary",
         [](LessonRun& run, const StopLook&) { return count(run.model().config.n_vocab); }},
        {"layers",
         [](LessonRun& run, const StopLook&) { return count(run.model().config.n_layer); }},
        {"heads", [](LessonRun& run, const StopLook&) { return count(run.model().config.n_head); }},
        {"model", [](LessonRun& run, const StopLook&) { return run.model().config.name; }},
        {"head",
         [](LessonRun&, const StopLook& look) {
             return head_name(look.selection.layer, look.selection.head);
         }},
        {"layer",
         [](LessonRun&, const StopLook& look) { return count(look.selection.layer + 1); }}};
    return table;
}

// The words of a stop: only the claims that they cite are measured.
std::string filled(const std::string& words, LessonRun& run, const StopLook& look,
                   const Lesson& lesson, const LessonStop& stop) {
    std::string out;
    for (size_t at = 0; at < words.size();) {
        const size_t open = std::min(words.find('{', at), words.size());
        out += words.substr(at, open - at);
        if (open == words.size()) break;
        const size_t close = words.find('}', open);
        const std::string name = words.substr(open + 1, close - open - 1);
        const auto filler = fillers().find(name);
        if (filler != fillers().end()) {
            out += filler->second(run, look);
        } else {
            const auto claim = static_cast<size_t>(std::stoi(name)) - 1;
            out += measured(run, lesson, stop.claims.at(claim)).value;
        }
        at = close + 1;
    }
    return out;
}

}  // namespace

bool is_placeholder(std::string_view name) {
    return fillers().contains(name);
}

StopLook look_at(const Lesson& lesson, const LessonStop& stop, const model::Model& model,
                 const model::Step& step, model::HeadIndex head) {
    LessonRun run(model, step);
    StopLook look;
    Selection& s = look.selection;
    try {
        if (stop.has_head) head = run.head(stop.head);
        s.layer = head.layer;
        s.head = head.head;
        if (stop.layer != 0) s.layer = run.layer(std::max(stop.layer, 0));
        if (stop.query.given) s.position = run.position(stop.query);
        s.candidate = stop.candidate.empty() ? step.ranking.pick : run.index_of(stop.candidate);
        if (!stop.follow.empty()) s.token = model::token_of(model, stop.follow);
        if (stop.key.given) {
            const int key = run.position(stop.key);
            look.locked = {target::map(s.layer, s.head), s.position, key};
        }
    } catch (const model::Error& error) {
        refuse_lesson(lesson.file, stop.line, error.what());
    }
    look.attention.hide_first = stop.hide_first;
    look.attention.own_scale = stop.own_scale;
    look.attention.tint = stop.tint;
    const auto fill = [&](const std::string& words) {
        return filled(words, run, look, lesson, stop);
    };
    look.title = fill(stop.title);
    look.note = fill(stop.note);
    look.question = fill(stop.question);
    look.answer = fill(stop.answer);
    return look;
}

}  // namespace viz
