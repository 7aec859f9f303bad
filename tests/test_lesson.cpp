// Lessons: what a file may say, what is told of one that says something else, and what is measured.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "model/base/error.h"
#include "model/base/json_lines.h"
#include "model/decode/options.h"
#include "model/interp/neurons.h"
#include "model/run/scenario.h"
#include "tests/support.h"
#include "viz/lessons/lesson.h"
#include "viz/lessons/unclaimed.h"

namespace {

using viz::Lesson;

// A lesson of four stops in which `stop` takes the place of the second, on line 7.
std::string lesson_with(const std::string& stop) {
    return R"({
  "title": "T",
  "summary": "S",
  "minutes": 5,
  "stops": [
    {"title": "a", "note": "n", "ids": [0, 1, 2, 0], "view": "heads"},
    )" + stop +
           R"(,
    {"title": "c", "note": "n"},
    {"title": "d", "note": "n"}
  ]
})";
}

// A line for each thing that is wrong.
std::string refused(const std::string& text) {
    try {
        viz::parse_lesson(text, "x.json", "x");
    } catch (const model::Error& error) {
        return error.what();
    }
    FAIL("nothing was refused");
    return "";
}

Lesson parsed(const std::string& stop) {
    return viz::parse_lesson(lesson_with(stop), "x.json", "x");
}

// What the claims of the second stop measure on a small random model.
std::vector<viz::Measured> measured(const std::string& claims, int generate = 0) {
    const auto model = tests::random_model(2, 2, 8, 5, 12);
    const Lesson lesson = parsed(R"({"title": "b", "note": "n", "generate": )" +
                                 std::to_string(generate) + R"(, "claims": [)" + claims + "]}");
    model::Session session(model);
    model::go_to(session, lesson.stops[1].place);
    return viz::measure(lesson, lesson.stops[1], *model, *session.step());
}

}  // namespace

TEST_CASE("the lines of JSON values") {
    const auto lines = model::json_lines("{\n \"a\": [1,\n  {\"b\": \"}\\\"\"}],\n \"c\": {}\n}");
    CHECK(lines.of.at("") == 1);
    CHECK(lines.of.at("/a") == 2);
    CHECK(lines.of.at("/a/1/b") == 3);
    CHECK(lines.of.at("/c") == 4);
    CHECK(lines.twice.empty());
    CHECK(model::json_lines("{\"a\": 1,\n\"a\": 2}").twice == "/a");
}

TEST_CASE("what a stop does not say is as at the stop before") {
    const Lesson lesson = parsed(
        R"({"title": "b", "note": "n", "generate": 2, "view": "lens", "beside": "tree",
            "guess": true, "tint": "induction", "decoding": {"top_k": 3, "seed": 7},
            "cache": false, "ablate": ["L1H2", "L2MLP"], "select": {"query": -2}})");
    const viz::LessonStop& stop = lesson.stops[3];
    CHECK(std::string(stop.view->id) == "lens");
    CHECK(std::string(stop.beside->id) == "tree");
    CHECK(stop.guess);
    CHECK(stop.place.generated == 2);
    CHECK(stop.place.decoding.top_k == 3);
    CHECK(stop.place.decoding.seed == 7);
    CHECK_FALSE(stop.place.use_cache);
    CHECK(stop.place.heads_off.size() == 1);
    CHECK(stop.place.mlps_off == std::set<int>{1});
    CHECK(stop.query.index == -2);
    CHECK(std::string(lesson.stops[0].view->id) == "heads");
    CHECK(lesson.stops[1].line == 7);
}

TEST_CASE("a lesson decodes with any option") {
    for (const model::DecodingOption& option : model::decoding_options()) {
        const std::string stop = R"({"title": "b", "note": "n", "decoding": {")";
        const std::string key = option.key;
        const std::string value = model::short_number(option.example);
        const Lesson lesson = parsed(stop + key + "\": " + value + ", \"seed\": 3}}");
        model::Decoding wanted;
        option.choose(wanted, option.example);
        wanted.seed = 3;
        CHECK(lesson.stops[1].place.decoding == wanted);
        const std::string beyond = refused(lesson_with(stop + key + "\": -1}}"));
        CHECK(beyond.starts_with("x.json: line 7: " + key + ": -1 is not between "));
    }
}

TEST_CASE("another prompt is another text") {
    const Lesson lesson = viz::parse_lesson(
        R"({"title": "T", "summary": "S", "minutes": 5, "stops": [
            {"title": "a", "note": "n", "ids": [0], "view": "heads", "generate": 3,
             "select": {"head": "L1H1", "query": 0}},
            {"title": "b", "note": "n"},
            {"title": "c", "note": "n", "ids": [1]}, {"title": "d", "note": "n"}]})",
        "x.json", "x");
    CHECK(lesson.stops[1].place.generated == 3);
    CHECK(lesson.stops[1].has_head);
    CHECK(lesson.stops[2].place.generated == 0);
    CHECK_FALSE(lesson.stops[2].has_head);
    CHECK_FALSE(lesson.stops[2].query.given);
}

TEST_CASE("a slip of the pen is told with its line") {
    const auto says = [](const std::string& stop, const std::string& words) {
        const std::string error = refused(lesson_with(stop));
        CHECK_MESSAGE(error.starts_with("x.json: line 7: "), error);
        CHECK_MESSAGE(error.find(words) != error.npos, error);
        CHECK_MESSAGE(error.find('\n') == error.npos, error);
    };
    says(R"({"title": "b"})", "has no \"note\"");
    says(R"({"title": "b", "note": ""})", "note: is empty");
    says(R"({"title": "b", "note": 3})", "note: is not a text, but 3");
    says(R"({"title": "b", "note": "n", "veiw": "lens"})", "veiw: is no field here");
    says(R"({"title": "b", "note": "n", "view": "lense"})", "there is no view \"lense\"");
    says(R"({"title": "b", "note": "n", "view": "ranking"})", "there is no view \"ranking\"");
    says(R"({"title": "b", "note": "n", "beside": "heads"})", "beside already");
    says(R"({"title": "b", "note": "n", "generate": -1})", "generate: -1 is not between");
    says(R"({"title": "b", "note": "n", "generate": 1.5})", "is not a whole number");
    says(R"({"title": "b", "note": "n", "guess": "yes"})", "neither true nor false");
    says(R"({"title": "b", "note": "n", "answer": "a"})", "there is no question");
    says(R"({"title": "b", "note": "it is {nxt}"})", "{nxt} is no placeholder");
    says(R"({"title": "b", "note": "it is {1}"})", "the stop has 0 claims");
    says(R"({"title": "b", "note": "it is {next"})", "{ without }");
    says(R"({"title": "b", "note": "n", "select": {"head": "3.2"}})", "is no head");
    says(R"({"title": "b", "note": "n", "select": {"key": 1}})", "a head and a query, too");
    says(R"({"title": "b", "note": "n", "decoding": {"temperature": 0}})", "temperature: 0 is not");
    says(R"({"title": "b", "note": "n", "claims": [{"entropy": 1}]})", "a claim has one of");
    says(R"({"title": "b", "note": "n", "claims": [{"measure": "entropy"}]})", "neither at_least");
    says(R"({"title": "b", "note": "n", "claims": [{"measure": "rank", "at_most": 1}]})",
         "has no \"token\"");
    says(R"({"title": "b", "note": "n", "claims": [{"measure": "lens", "token": "a", "layer": 0,
             "at_most": 1}]})",
         "layer: 0 is not between");
    says(R"({"title": "b", "title": "b", "note": "n"})", "\"title\" is there twice");
    says(R"({"title": "b", "note": ")" + std::string(900, 'n') + "\"}", "there is no room for it");
}

TEST_CASE("all that is wrong is told, a line for each") {
    const std::string error = refused(R"({
  "title": "T",
  "summary": "S",
  "minutes": 0,
  "stops": [
    {"title": "a", "note": "n", "ids": [0, 1], "view": "lense"},
    {"title": "b", "note": "it is {nxt}", "generate": -1},
    {"title": "c", "note": "n", "claims": [{"entropy": 1}, {"measure": "entropy"}]},
    {"title": "d", "note": "n"}
  ]
})");
    std::vector<std::string> lines;
    std::istringstream in(error);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    REQUIRE_MESSAGE(lines.size() == 6, error);
    CHECK(lines[0].starts_with("x.json: line 4: minutes: 0"));
    CHECK(lines[1].starts_with("x.json: line 6: view:"));
    CHECK(lines[2].starts_with("x.json: line 7: note: {nxt}"));
    CHECK(lines[3].starts_with("x.json: line 7: generate:"));
    CHECK(lines[4].starts_with("x.json: line 8: "));
    CHECK(lines[5].find("neither at_least") != error.npos);
}

TEST_CASE("the last layer is selected by its name") {
    const auto model = tests::random_model(3, 2, 8, 5, 12);
    const Lesson lesson = parsed(R"({"title": "b", "note": "n", "select": {"layer": "last"}})");
    model::Session session(model);
    session.start({0, 1}, {});
    const auto look = viz::look_at(lesson, lesson.stops[1], *model, *session.step(), {1, 1});
    CHECK(look.selection.layer == 2);
}

TEST_CASE("sentences that compare or count and that no claim says") {
    const auto said = [](const std::string& note, const std::string& claims) {
        return viz::unclaimed(
            parsed(R"({"title": "b", "note": ")" + note + R"(", "claims": [)" + claims + "]}")
                .stops[1]);
    };
    const std::string note = "Here is a text. It is surer now than before. {tokens} are read.";
    CHECK(said(note, "") == std::vector<std::string>{"It is surer now than before."});
    CHECK(said(note, R"({"measure": "entropy", "at_most": 1, "says": "surer now"})").empty());
    CHECK(said("Softmax makes them all positive.",
               R"({"known": "the exponential", "says": "all positive"})")
              .empty());
    const std::string error = tests::error_of(
        [&] { said(note, R"({"measure": "entropy", "at_most": 1, "says": "colder"})"); });
    CHECK(error.find("the note does not say \"colder\"") != error.npos);
}

TEST_CASE("files that are no lesson") {
    CHECK(refused("{\n\"title\": }").starts_with("x.json: line 2: not JSON"));
    CHECK(refused("[]").starts_with("x.json: line 1: is not an object"));
    const std::string few = refused(
        R"({"title": "T", "summary": "S", "minutes": 5,
            "stops": [{"title": "a", "note": "n", "ids": [0], "view": "heads"}]})");
    CHECK(few.find("a lesson has 4 to 10") != few.npos);
    const std::string nowhere = refused(
        R"({"title": "T", "summary": "S", "minutes": 5, "stops": [{"title": "a", "note": "n",
            "view": "heads"}, {}, {}, {}]})");
    CHECK(nowhere.find("has no \"prompt\"") != nowhere.npos);
}

TEST_CASE("what a run does not have is told with the line of the stop") {
    const auto model = tests::random_model(2, 2, 8, 5, 12);
    const auto says = [&](const std::string& stop, const std::string& words) {
        const Lesson lesson = parsed(stop);
        const std::string error = tests::error_of([&] {
            model::Session session(model);
            model::go_to(session, lesson.stops[1].place);
            viz::look_at(lesson, lesson.stops[1], *model, *session.step(), {});
        });
        CHECK_MESSAGE(error.find(words) != error.npos, error);
    };
    says(R"({"title": "b", "note": "n", "generate": 20})", "there are no 20 steps");
    says(R"({"title": "b", "note": "n", "ids": [9]})", "9");
    says(R"({"title": "b", "note": "n", "prompt": "text"})", "tokenizer");
    says(R"({"title": "b", "note": "n", "select": {"query": 7}})", "line 7: position 7");
    says(R"({"title": "b", "note": "n", "select": {"head": "L3H1"}})", "line 7: L3H1");
    says(R"({"title": "b", "note": "n", "select": {"layer": 3}})", "line 7: block 3");
    says(R"({"title": "b", "note": "n", "ablate": ["L3MLP"]})", "L3MLP");
    says(R"({"title": "b", "note": "n", "ids": [0, 1], "select": {"head": "best induction"}})",
         "occurs twice");
}

TEST_CASE("measures agree with what the step says") {
    const auto model = tests::random_model(2, 2, 8, 5, 12);
    model::Session session(model);
    session.start({0, 1, 2, 0}, {});
    const model::Step& step = *session.step();
    const auto found = measured(
        R"({"measure": "entropy", "at_least": 0}, {"measure": "entropy", "at_most": 0},
           {"measure": "length", "at_least": 4, "at_most": 4},
           {"measure": "attention", "head": "L1H1", "query": 1, "key": 2, "at_most": 0},
           {"measure": "attention", "head": "L2H2", "query": 0, "key": 0, "at_least": 1},
           {"measure": "kept", "at_least": 1}, {"measure": "saving", "at_least": 1})");
    CHECK(found[0].holds);
    CHECK_FALSE(found[1].holds);
    CHECK(found[0].value == found[1].value);
    char entropy[32];
    std::snprintf(entropy, sizeof entropy, "%.2f bits", step.ranking.entropy_bits);
    CHECK(found[0].value == entropy);
    CHECK(found[2].holds);
    CHECK(found[3].holds);
    CHECK(found[4].holds);
    CHECK(measured(R"({"measure": "length", "at_least": 7, "at_most": 7})", 3)[0].holds);
    CHECK(measured(R"({"measure": "saving", "at_least": 1.5})", 3)[0].holds);
}

TEST_CASE("what parts add, what neurons fire, where a head looks") {
    const auto model = tests::random_model(2, 2, 8, 5, 12);
    model::Session session(model);
    session.start({0, 1, 2, 0}, {});
    const model::Step& step = *session.step();
    const auto found = measured(R"({"measure": "top_share", "top": 5, "at_least": 0.999},
        {"measure": "top_chance", "top": 1, "at_least": 1},
        {"measure": "active", "layer": 1, "at_least": 0, "at_most": 32},
        {"looks_most": {"head": "L1H1", "query": 0, "key": 0}},
        {"looks_most": {"head": "L1H1", "query": 0, "key": 1}},
        {"known": "by definition"})");
    CHECK(found[0].holds);
    CHECK(found[1].holds);  // greedy: the pick has it all
    CHECK(found[2].holds);
    const auto values = model::neuron_values(*model, *step.records.back(), 0);
    CHECK(found[2].value ==
          std::to_string(std::ranges::count_if(values, [](float v) { return v > 0.1f; })));
    CHECK(found[3].holds);
    CHECK_FALSE(found[4].holds);
    CHECK(found[5].holds);
}

TEST_CASE("heads by what they do best") {
    const auto model = tests::random_model(2, 2, 8, 5, 12);
    model::Session session(model);
    session.start({0, 1, 2, 0, 1}, {});
    const auto scores = model::head_scores(model->config, session.step()->records);
    for (const char* name : {"best previous-token", "best first-token", "best induction"}) {
        const model::HeadName wanted = model::parse_head_name(name);
        const model::HeadIndex head = model::find_head(model->config, scores, wanted);
        const auto index = static_cast<size_t>(head.layer * model->config.n_head + head.head);
        for (const auto& other : scores) {
            CHECK(model::habit_of(scores[index], wanted.kind).mean >=
                  model::habit_of(other, wanted.kind).mean);
        }
    }
    CHECK(model::parse_head_name("L2H1") == model::HeadName{model::HeadName::Kind::numbered, 1, 0});
}

TEST_CASE("a place is gone to from anywhere, and what is known is not computed again") {
    const auto model = tests::random_model(2, 2, 8, 5, 12);
    model::Scenario place;
    place.ids = {0, 1, 2};
    place.generated = 3;
    model::Session straight(model);
    model::go_to(straight, place);

    model::Session wandered(model);
    wandered.start({0, 1, 2}, {});
    wandered.commit(4);
    model::Ablation off;
    off.heads.insert({0, 1});
    wandered.branch_with(off);
    CHECK(model::begun(wandered, place));
    model::go_to(wandered, place);
    CHECK(wandered.step()->ids() == straight.step()->ids());
    CHECK(wandered.step()->ablation.empty());
    const auto nodes = wandered.tree()->nodes.size();
    model::go_to(wandered, place);
    CHECK(wandered.tree()->nodes.size() == nodes);

    place.ids = {2, 1};
    CHECK_FALSE(model::begun(wandered, place));
    model::go_to(wandered, place);
    CHECK(wandered.prompt_length() == 2);
    CHECK(wandered.path_length() == 5);
}

TEST_CASE("a head that is left out by its habit is the untouched run's") {
    const auto model = tests::random_model(2, 2, 8, 5, 12);
    model::Scenario place;
    place.ids = {0, 1, 2, 0};
    model::Session session(model);
    model::go_to(session, place);
    const auto scores = model::head_scores(model->config, session.step()->records);
    const auto name = model::parse_head_name("best induction");
    const model::HeadIndex head = model::find_head(model->config, scores, name);
    place.heads_off = {name};
    place.generated = 2;
    model::go_to(session, place);
    CHECK(session.step()->ablation.heads == std::set<std::pair<int, int>>{{head.layer, head.head}});
    CHECK(session.step()->records.size() == 6);
}

TEST_CASE("words are filled from the run") {
    const auto model = tests::random_model(2, 2, 8, 5, 12);
    const Lesson lesson = parsed(
        R"({"title": "{tokens}", "note": "{next} {probability} {1}", "question": "{head}?",
            "select": {"head": "L2H1"},
            "claims": [{"measure": "length", "at_least": 1}]})");
    model::Session session(model);
    model::go_to(session, lesson.stops[1].place);
    const viz::StopLook look = viz::look_at(lesson, lesson.stops[1], *model, *session.step(), {});
    CHECK(look.title == "4");
    CHECK(look.question == "Block 2 · Head 1?");
    const std::string next = model->shown(session.step()->ranking.proposed().id);
    CHECK(look.note.starts_with("“" + next + "” "));
    CHECK(look.note.ends_with(" 4"));
    CHECK(look.selection.layer == 1);
}
