// What a lesson's claims say, measured on the run they speak of.
#include <algorithm>
#include <cmath>

#include "model/base/error.h"
#include "model/interp/lens.h"
#include "model/interp/neurons.h"
#include "model/pass/attention.h"
#include "viz/lessons/lesson_run.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

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

constexpr float fires_above = 0.1f;

std::string part_name(LessonRun& run, const PartName& part) {
    if (part.mlp) return "MLP " + count(run.layer(part.layer + 1) + 1);
    const model::HeadIndex head = run.head(part.head);
    return head_name(head.layer, head.head);
}

Number number_of(LessonRun& run, const Claim& claim) {
    const model::Model& model = run.model();
    const model::Ranking& ranking = run.step().ranking;
    const auto token = [&] { return quoted(model, model::token_of(model, claim.token)); };
    switch (claim.measure) {
        case Measure::probability:
            return {run.candidate(claim.token).probability, "probability of " + token(),
                    chance_in_words};
        case Measure::chance:
            return {run.candidate(claim.token).adjusted, "chance of " + token(), chance_in_words};
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
            return {run.surprise(position), "surprise of " + quoted(model, run.at(position)), bits};
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
                    token() + " read after block " + count(layer + 1), chance_in_words};
        }
        case Measure::lens_rank: {
            const int layer = run.layer(claim.layer);
            const auto ranks = model::token_ranks(model, *run.step().records.back(),
                                                  model::token_of(model, claim.token));
            return {static_cast<double>(ranks[static_cast<size_t>(layer)].rank) +
                        1,  // 1: the likeliest
                    "rank of " + token() + " read after block " + count(layer + 1), whole};
        }
        case Measure::saving:
            return {run.saving(), "naive by cached multiply-adds", times};
        case Measure::top_share:
            return {run.top(claim.top, &model::Candidate::probability),
                    "the likeliest " + count(claim.top) + " together", chance_in_words};
        case Measure::top_chance:
            return {run.top(claim.top, &model::Candidate::adjusted),
                    "chance of the likeliest " + count(claim.top) + " together", chance_in_words};
        case Measure::share:
            return {run.share(claim.part, claim.token),
                    part_name(run, claim.part) + " adds to the logit of " + token(), number};
        case Measure::active: {
            const int layer = run.layer(claim.layer);
            const auto values = model::neuron_values(model, *run.step().records.back(), layer);
            const auto n = std::ranges::count_if(values, [](float v) { return v > fires_above; });
            return {static_cast<double>(n), "neurons above 0.1 in MLP " + count(layer + 1), whole};
        }
        case Measure::next:
        case Measure::text:
        case Measure::tokens:
        case Measure::looks_most:
        case Measure::surprises:
        case Measure::known:
            break;
    }
    model::check(false, "a measure has a number");
    return {};
}

Measured next(LessonRun& run, const Claim& claim) {
    const int id = run.step().ranking.proposed().id;
    const std::string token = quoted(run.model(), id);
    const int wanted = model::token_of(run.model(), claim.token);
    return {id == wanted,
            "next " + token + (id == wanted ? "" : ", not " + quoted(run.model(), wanted)), token,
            ""};
}

Measured text(LessonRun& run, const Claim& claim) {
    const std::string text = run.generated();
    const bool holds = text == claim.token;
    return {holds,
            "text “" + model::shown_text(text) + "”" +
                (holds ? "" : ", not “" + model::shown_text(claim.token) + "”"),
            "“" + model::shown_text(text) + "”", ""};
}

Measured tokens(LessonRun& run, const Claim& claim) {
    const model::Model& model = run.model();
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
    return {holds, "tokens " + found + (holds ? "" : ", not " + wanted), found, ""};
}

Measured looks_most(LessonRun& run, const Claim& claim) {
    const model::Model& model = run.model();
    const model::HeadIndex head = run.head(claim.head);
    const int query = run.position(claim.query), wanted = run.position(claim.key);
    const auto row =
        model::attention_row(model.config, run.step().records, head.layer, head.head, query);
    const auto key = static_cast<int>(std::ranges::max_element(row) - row.begin());
    return {key == wanted,
            head_name(head.layer, head.head) + " from " + quoted(model, run.at(query)) +
                " most at " + quoted(model, run.at(key)) + " (" + weight(row[key]) + ")" +
                (key == wanted ? "" : ", not " + quoted(model, run.at(wanted))),
            weight(row[key]), ""};
}

Measured surprises(LessonRun& run, const Claim& claim) {
    int most = 1;
    if (run.length() < 2) throw model::Error("nothing predicts the first token");
    for (int i = 2; i < run.length(); ++i) {
        if (run.surprise(i) > run.surprise(most)) most = i;
    }
    const int wanted = model::token_of(run.model(), claim.token);
    const bool holds = run.at(most) == wanted;
    return {holds,
            "greatest surprise " + quoted(run.model(), run.at(most)) + " with " +
                bits(run.surprise(most)) + (holds ? "" : ", not " + quoted(run.model(), wanted)),
            bits(run.surprise(most)), ""};
}

Measured without_line(LessonRun& run, const Claim& claim) {
    switch (claim.measure) {
        case Measure::next:
            return next(run, claim);
        case Measure::text:
            return text(run, claim);
        case Measure::tokens:
            return tokens(run, claim);
        case Measure::looks_most:
            return looks_most(run, claim);
        case Measure::surprises:
            return surprises(run, claim);
        case Measure::known:
            return {true, "known: " + claim.known, "", ""};
        default:
            break;
    }
    const Number number = number_of(run, claim);
    std::string words = number.name + " " + number.write(number.value);
    if (std::isfinite(claim.at_least)) words += ", at least " + number.write(claim.at_least);
    if (std::isfinite(claim.at_most)) words += ", at most " + number.write(claim.at_most);
    return {number.value >= claim.at_least && number.value <= claim.at_most, words,
            number.write(number.value), ""};
}

}  // namespace

Measured measured(LessonRun& run, const Lesson& lesson, const Claim& claim) {
    try {
        return without_line(run, claim);
    } catch (const model::Error& error) {
        refuse_lesson(lesson.file, claim.line, error.what());
    }
}

std::vector<Measured> measure(const Lesson& lesson, const LessonStop& stop,
                              const model::Model& model, const model::Step& step) {
    LessonRun run(model, step);
    std::vector<Measured> all;
    for (const Claim& claim : stop.claims) {
        try {
            all.push_back(measured(run, lesson, claim));
        } catch (const model::Error& error) {  // the others are measured all the same
            all.push_back({false, error.what(), "", error.what()});
        }
    }
    return all;
}

}  // namespace viz
