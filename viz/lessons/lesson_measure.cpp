// What a lesson's claims and words say, measured on the run they speak of.
#include <algorithm>
#include <cmath>
#include <map>

#include "model/base/error.h"
#include "model/interp/lens.h"
#include "model/pass/attention.h"
#include "model/pass/cost.h"
#include "viz/lessons/lesson.h"
#include "viz/paint/format.h"
#include "viz/scene/likelihood.h"

namespace viz {

namespace {

std::string quoted(const model::Model& model, int id) {
    return "“" + model.shown(id) + "”";
}

// A stop's run, and what several claims ask of it.
class Run {
  public:
    Run(const model::Model& model, const model::Step& step) : model_(model), step_(step) {}

    const model::Model& model() const { return model_; }
    const model::Step& step() const { return step_; }
    int length() const { return static_cast<int>(step_.records.size()); }

    const std::vector<model::HeadScores>& scores() {
        if (scores_.empty()) scores_ = model::head_scores(model_.config, step_.records);
        return scores_;
    }
    model::HeadIndex head(const model::HeadName& name) {
        // The scores cost a look at every pattern: only where they are asked for.
        return name.kind == model::HeadName::Kind::numbered
                   ? model::find_head(model_.config, {}, name)
                   : model::find_head(model_.config, scores(), name);
    }
    const model::HeadScores& scores_of(model::HeadIndex head) {
        return scores()[static_cast<size_t>(head.layer) * model_.config.n_head + head.head];
    }

    int position(const PositionName& name) const {
        const int n = length();
        if (name.text.empty()) {
            const int position = name.index < 0 ? n + name.index : name.index;
            if (position < 0 || position >= n) {
                throw model::Error("position " + std::to_string(name.index) + ": the text has " +
                                   std::to_string(n) + " tokens");
            }
            return position;
        }
        const int id = model::token_of(model_, name.text);
        int last = -1, seen = 0;
        for (int i = 0; i < n; ++i) {
            if (step_.records[static_cast<size_t>(i)]->id() != id) continue;
            last = i;
            if (++seen == name.occurrence) break;
        }
        if (last < 0 || seen < name.occurrence) {
            throw model::Error("\"" + name.text + "\" does not stand so often in the text");
        }
        return last;
    }

    int layer(int from_one) const {
        const int layers = model_.config.n_layer;
        if (from_one > layers) {
            throw model::Error("layer " + std::to_string(from_one) + ": the model has " +
                               std::to_string(layers));
        }
        return from_one == 0 ? layers - 1 : from_one - 1;
    }

    int index_of(const std::string& token) const {
        const int id = model::token_of(model_, token);
        const auto& all = step_.ranking.candidates;
        return static_cast<int>(std::ranges::find(all, id, &model::Candidate::id) - all.begin());
    }
    const model::Candidate& candidate(const std::string& token) const {
        return step_.ranking.candidates[static_cast<size_t>(index_of(token))];
    }
    int at(int position) const { return step_.records[static_cast<size_t>(position)]->id(); }

    std::string generated() const {
        const std::vector<int> ids = step_.ids();
        if (!model_.tokenizer) return "";
        return model_.tokenizer->decode({ids.begin() + step_.prompt_length, ids.end()});
    }
    double perplexity() const {
        const auto chain = chain_of(step_);
        return chain.empty() ? 1 : chain.back().perplexity;
    }
    double saving() const {
        const auto adds = [&](model::Passes passes) {
            return static_cast<double>(model::run_cost(model_.config, model_.weights.precision,
                                                       step_.prompt_length, length(), passes)
                                           .multiply_adds());
        };
        return adds(model::Passes::naive) / adds(model::Passes::cached);
    }
    int loop() const { return model::loop_length(step_.ids()); }

  private:
    const model::Model& model_;
    const model::Step& step_;
    std::vector<model::HeadScores> scores_;
};

const char* habit_name(model::HeadName::Kind kind) {
    return kind == model::HeadName::Kind::induction ? "induction"
           : kind == model::HeadName::Kind::first   ? "looking at the first token"
                                                    : "looking at the token before";
}

// A number with its name, and how both it and its bounds are written.
struct Number {
    double value;
    std::string name;
    std::string (*write)(double);
};

std::string whole(double value) {
    return count(std::llround(value));
}

Number number_of(Run& run, const Claim& claim) {
    const model::Model& model = run.model();
    const model::Ranking& ranking = run.step().ranking;
    const auto token = [&] { return quoted(model, model::token_of(model, claim.token)); };
    switch (claim.measure) {
        case Measure::probability:
            return {run.candidate(claim.token).probability, "probability of " + token(), percent};
        case Measure::chance:
            return {run.candidate(claim.token).adjusted, "chance of " + token(), percent};
        case Measure::rank:
            return {run.index_of(claim.token) + 1.0, "rank of " + token(), whole};
        case Measure::entropy:
            return {ranking.entropy_bits, "entropy", bits};
        case Measure::kept:
            return {static_cast<double>(ranking.kept), "tokens to choose from", whole};
        case Measure::perplexity:
            return {run.perplexity(), "perplexity", number};
        case Measure::surprise: {
            const int position = run.position(claim.query);
            if (position == 0) throw model::Error("position 0: nothing predicts the first token");
            const double p = run.step().choices[static_cast<size_t>(position)].probability;
            return {-std::log2(p) + 0.0, "surprise of " + quoted(model, run.at(position)), bits};
        }
        case Measure::length:
            return {static_cast<double>(run.length()), "tokens", whole};
        case Measure::loop:
            return {static_cast<double>(run.loop()), "length of the loop", whole};
        case Measure::habit: {
            const model::HeadIndex head = run.head(claim.head);
            const auto& habit = model::habit_of(run.scores_of(head), claim.habit);
            if (habit.rows == 0)
                throw model::Error("the text has nothing to measure this habit by");
            return {habit.mean, head_name(head.layer, head.head) + " " + habit_name(claim.habit),
                    weight};
        }
        case Measure::attention: {
            const model::HeadIndex head = run.head(claim.head);
            const int query = run.position(claim.query), key = run.position(claim.key);
            double value = 0;  // what is to come is masked
            if (key <= query) {
                value = model::attention_row(model.config, run.step().records, head.layer,
                                             head.head, query)[static_cast<size_t>(key)];
            }
            return {value,
                    head_name(head.layer, head.head) + " from " + quoted(model, run.at(query)) +
                        " to " + quoted(model, run.at(key)),
                    weight};
        }
        case Measure::lens: {
            const int layer = run.layer(claim.layer);
            const auto ranks = model::token_ranks(model, *run.step().records.back(),
                                                  model::token_of(model, claim.token));
            return {ranks[static_cast<size_t>(layer)].probability,
                    token() + " read after layer " + count(layer + 1), percent};
        }
        case Measure::saving:
            return {run.saving(), "naive by cached multiply-adds", times};
        case Measure::next:
        case Measure::text:
        case Measure::tokens:
            break;
    }
    model::check(false, "a measure has a number");
    return {};
}

Measured statement(const Run& run, const Claim& claim) {
    const model::Model& model = run.model();
    if (claim.measure == Measure::next) {
        const int id = run.step().ranking.proposed().id;
        const std::string token = quoted(model, id);
        const int wanted = model::token_of(model, claim.token);
        return {id == wanted,
                "next " + token + (id == wanted ? "" : ", not " + quoted(model, wanted)), token};
    }
    if (claim.measure == Measure::text) {
        const std::string text = run.generated();
        const bool holds = text == claim.token;
        return {holds,
                "text “" + model::shown_text(text) + "”" +
                    (holds ? "" : ", not “" + model::shown_text(claim.token) + "”"),
                "“" + model::shown_text(text) + "”"};
    }
    std::string found, wanted;
    bool holds = run.step().prompt_length == static_cast<int>(claim.tokens.size());
    for (int i = 0; i < run.step().prompt_length; ++i) {
        const int id = run.at(i);
        found += (i > 0 ? " | " : "") + model.shown(id);
        holds = holds && model.tokenizer &&
                model.tokenizer->bytes(id) == claim.tokens[static_cast<size_t>(i)];
    }
    for (const std::string& token : claim.tokens) {
        wanted += (wanted.empty() ? "" : " | ") + model::shown_text(token);
    }
    return {holds, "tokens " + found + (holds ? "" : ", not " + wanted), found};
}

Measured without_line(Run& run, const Claim& claim) {
    if (claim.measure == Measure::next || claim.measure == Measure::text ||
        claim.measure == Measure::tokens) {
        return statement(run, claim);
    }
    const Number number = number_of(run, claim);
    std::string words = number.name + " " + number.write(number.value);
    if (std::isfinite(claim.at_least)) words += ", at least " + number.write(claim.at_least);
    if (std::isfinite(claim.at_most)) words += ", at most " + number.write(claim.at_most);
    return {number.value >= claim.at_least && number.value <= claim.at_most, words,
            number.write(number.value)};
}

Measured measured(Run& run, const Lesson& lesson, const Claim& claim) {
    try {
        return without_line(run, claim);
    } catch (const model::Error& error) {
        refuse_lesson(lesson.file, claim.line, error.what());
    }
}

// What stands in a stop's words in braces.
using Filler = std::string (*)(Run&, const StopLook&);
const std::map<std::string, Filler, std::less<>>& fillers() {
    static const std::map<std::string, Filler, std::less<>> table = {
        {"next",
         [](Run& run, const StopLook&) {
             return quoted(run.model(), run.step().ranking.proposed().id);
         }},
        {"probability",
         [](Run& run, const StopLook&) {
             return percent(run.step().ranking.proposed().probability);
         }},
        {"entropy",
         [](Run& run, const StopLook&) { return bits(run.step().ranking.entropy_bits); }},
        {"perplexity", [](Run& run, const StopLook&) { return number(run.perplexity()); }},
        {"text",
         [](Run& run, const StopLook&) { return "“" + model::shown_text(run.generated()) + "”"; }},
        {"tokens", [](Run& run, const StopLook&) { return count(run.length()); }},
        {"vocabulary", [](Run& run, const StopLook&) { return count(run.model().config.n_vocab); }},
        {"layers", [](Run& run, const StopLook&) { return count(run.model().config.n_layer); }},
        {"heads", [](Run& run, const StopLook&) { return count(run.model().config.n_head); }},
        {"model", [](Run& run, const StopLook&) { return run.model().config.name; }},
        {"head",
         [](Run&, const StopLook& look) {
             return head_name(look.selection.layer, look.selection.head);
         }},
        {"layer", [](Run&, const StopLook& look) { return count(look.selection.layer + 1); }}};
    return table;
}

// The words of a stop: only the claims that they cite are measured.
std::string filled(const std::string& words, Run& run, const StopLook& look, const Lesson& lesson,
                   const LessonStop& stop) {
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

std::vector<Measured> measure(const Lesson& lesson, const LessonStop& stop,
                              const model::Model& model, const model::Step& step) {
    Run run(model, step);
    std::vector<Measured> all;
    for (const Claim& claim : stop.claims) all.push_back(measured(run, lesson, claim));
    return all;
}

StopLook look_at(const Lesson& lesson, const LessonStop& stop, const model::Model& model,
                 const model::Step& step, model::HeadIndex head) {
    Run run(model, step);
    StopLook look;
    Selection& s = look.selection;
    try {
        if (stop.has_head) head = run.head(stop.head);
        s.layer = head.layer;
        s.head = head.head;
        if (stop.layer > 0) s.layer = run.layer(stop.layer);
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
