// The format of lessons: strict, so that a slip of the pen is told and not passed over.
#include <algorithm>
#include <cmath>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json_value.h"
#include "model/decode/options.h"
#include "viz/lessons/lesson.h"

namespace viz {

namespace {

using Value = model::JsonValue;
using Names = std::vector<std::string>;

constexpr int least_stops = 4, most_stops = 10;
// What the window has room for.
constexpr size_t most_note = 460, most_question = 200, most_answer = 240, most_title = 60;

std::string listed(const Names& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

// A text that is there.
std::string text_of(const Value& value, size_t most = 4000) {
    const std::string& text = value.text();
    if (text.empty()) value.refuse("is empty");
    if (text.size() > most) {
        value.refuse("is longer than " + std::to_string(most) + " bytes: there is no room for it");
    }
    return text;
}

Names texts_of(const Value& value) {
    Names all;
    for (const Value& each : value.list()) all.push_back(text_of(each));
    return all;
}

// Words with placeholders: "{next}", "{1}" for what the first claim measured.
std::string words_of(const Value& value, size_t most, size_t claims) {
    std::string words = text_of(value, most);
    for (size_t at = words.find('{'); at != words.npos; at = words.find('{', at + 1)) {
        const size_t end = words.find('}', at);
        if (end == words.npos) value.refuse("has a { without }");
        const std::string name = words.substr(at + 1, end - at - 1);
        const bool digits = !name.empty() && name.size() < 3 &&
                            std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
        const auto number = static_cast<size_t>(digits ? std::stoi(name) : 0);
        if (digits && number >= 1 && number <= claims) continue;
        if (digits) {
            value.refuse("{" + name + "}: the stop has " + std::to_string(claims) + " claims");
        }
        if (!is_placeholder(name)) value.refuse("{" + name + "} is no placeholder");
    }
    return words;
}

// The number of a word in a list; refused where it is not in it.
size_t chosen(const Value& value, const Names& words) {
    const std::string word = text_of(value);
    const auto found = std::ranges::find(words, word);
    if (found == words.end()) value.refuse("\"" + word + "\" is none of " + listed(words));
    return static_cast<size_t>(found - words.begin());
}

model::HeadName head_of(const Value& value) {
    try {
        return model::parse_head_name(text_of(value));
    } catch (const model::Error& error) {
        value.refuse(error.what());
    }
}

PositionName position_of(const Value& value) {
    PositionName name;
    name.given = true;
    if (value.is_text()) {
        name.text = text_of(value);
    } else if (value.is_object()) {
        value.only({"text", "occurrence"});
        name.text = text_of(value["text"]);
        name.occurrence = value["occurrence"].whole(1, 1000);
    } else {
        name.index = value.whole(-100000, 100000);
    }
    return name;
}

// The layer from 1; 0 stands for the last.
int layer_of(const Value& value) {
    if (value.is_text()) return static_cast<int>(chosen(value, {"last"}));
    return value.whole(1, 1000);
}

model::Decoding decoding_of(const Value& value) {
    model::Decoding d;
    if (value.is_text()) {
        chosen(value, {"greedy"});
        return d;
    }
    Names fields{"seed"};
    for (const model::DecodingOption& option : model::decoding_options()) {
        fields.push_back(option.key);
    }
    value.only(fields);
    if (value.has("seed")) d.seed = static_cast<uint64_t>(value["seed"].whole(0, 1 << 30));
    for (const model::DecodingOption& option : model::decoding_options()) {
        if (!value.has(option.key)) continue;
        const Value given = value[option.key];
        option.choose(d, option.whole() ? given.whole(static_cast<int>(option.least),
                                                      static_cast<int>(option.most))
                                        : given.number(option.least, option.most));
    }
    return d;
}

const View* view_of(const Value& value) {
    const std::string id = text_of(value);
    const View* view = find_view(id);
    if (view && view->tab) return view;
    Names tabs;
    for (const View* each : views()) {
        if (each->tab) tabs.push_back(each->id);
    }
    value.refuse("there is no view \"" + id + "\" to open; there are " + listed(tabs));
}

// What a measure needs to be told, and what it may be.
struct MeasureRow {
    Measure measure;
    const char* name;
    Names needs;
    double most;  // of its bounds
};
const std::vector<MeasureRow>& measures() {
    constexpr double any = 1e9;
    static const std::vector<MeasureRow> table = {
        {Measure::probability, "probability", {"token"}, 1},
        {Measure::chance, "chance", {"token"}, 1},
        {Measure::rank, "rank", {"token"}, any},
        {Measure::entropy, "entropy", {}, any},
        {Measure::kept, "kept", {}, any},
        {Measure::perplexity, "perplexity", {}, any},
        {Measure::surprise, "surprise", {"position"}, any},
        {Measure::length, "length", {}, any},
        {Measure::loop, "loop", {}, any},
        {Measure::habit, "habit", {"habit", "head"}, 1},
        {Measure::attention, "attention", {"head", "query", "key"}, 1},
        {Measure::lens, "lens", {"token", "layer"}, 1},
        {Measure::saving, "saving", {}, any}};
    return table;
}

Claim claim_of(const Value& value) {
    Claim claim;
    claim.line = value.line();
    if (value.has("next")) {
        value.only({"next"});
        claim.token = text_of(value["next"]);
        return claim;
    }
    if (value.has("text")) {
        value.only({"text"});
        claim.measure = Measure::text;
        claim.token = text_of(value["text"]);
        return claim;
    }
    if (value.has("tokens")) {
        value.only({"tokens"});
        claim.measure = Measure::tokens;
        claim.tokens = texts_of(value["tokens"]);
        return claim;
    }
    if (!value.is_object() || !value.has("measure")) {
        value.refuse("a claim has one of next, text, tokens, measure");
    }
    Names names;
    for (const MeasureRow& row : measures()) names.push_back(row.name);
    const MeasureRow& row = measures()[chosen(value["measure"], names)];
    claim.measure = row.measure;
    Names fields = row.needs;
    for (const char* field : {"measure", "at_least", "at_most"}) fields.push_back(field);
    value.only(fields);
    for (const std::string& need : row.needs) {
        const Value given = value[need];
        if (need == "token") claim.token = text_of(given);
        if (need == "layer") claim.layer = layer_of(given);
        if (need == "head") claim.head = head_of(given);
        if (need == "query" || need == "position") claim.query = position_of(given);
        if (need == "key") claim.key = position_of(given);
        if (need == "habit") {
            constexpr model::HeadName::Kind kinds[] = {model::HeadName::Kind::previous,
                                                       model::HeadName::Kind::first,
                                                       model::HeadName::Kind::induction};
            claim.habit = kinds[chosen(given, {"previous", "first", "induction"})];
        }
    }
    if (!value.has("at_least") && !value.has("at_most")) {
        value.refuse("measures " + std::string(row.name) + " and has neither at_least nor at_most");
    }
    if (value.has("at_least")) claim.at_least = value["at_least"].number(0, row.most);
    if (value.has("at_most")) claim.at_most = value["at_most"].number(0, row.most);
    return claim;
}

void read_select(const Value& value, LessonStop& stop) {
    value.only({"head", "layer", "query", "key", "candidate", "follow"});
    stop.has_head = value.has("head");
    if (stop.has_head) stop.head = head_of(value["head"]);
    stop.layer = value.has("layer") ? layer_of(value["layer"]) : 0;
    if (stop.has_head && stop.layer > 0) value["layer"].refuse("the head says which layer it is");
    stop.query = value.has("query") ? position_of(value["query"]) : PositionName{};
    stop.key = value.has("key") ? position_of(value["key"]) : PositionName{};
    if (stop.key.given && (!stop.query.given || !stop.has_head)) {
        value["key"].refuse("a weight has a head and a query, too");
    }
    stop.candidate = value.has("candidate") ? text_of(value["candidate"]) : "";
    stop.follow = value.has("follow") ? text_of(value["follow"]) : "";
}

void read_ablate(const Value& value, model::Scenario& place) {
    place.heads_off.clear();
    place.mlps_off.clear();
    for (const Value& part : value.list()) {
        const std::string text = text_of(part);
        int layer = 0, end = 0;
        if (std::sscanf(text.c_str(), "L%4dMLP%n", &layer, &end) == 1 && layer >= 1 &&
            static_cast<size_t>(end) == text.size()) {
            place.mlps_off.insert(layer - 1);
        } else {
            place.heads_off.push_back(head_of(part));
        }
    }
}

// Where the stop goes. Another prompt is another text: nothing is appended to it yet, and what was
// selected in the old one is let go.
void read_place(const Value& value, LessonStop& stop) {
    model::Scenario& place = stop.place;
    if (value.has("prompt") || value.has("ids")) {
        if (value.has("prompt") && value.has("ids")) value["ids"].refuse("there is a prompt, too");
        place.prompt = value.has("prompt") ? text_of(value["prompt"]) : "";
        place.ids.clear();
        if (value.has("ids")) {
            for (const Value& id : value["ids"].list()) place.ids.push_back(id.whole(0, 1 << 28));
            if (place.ids.empty()) value["ids"].refuse("is empty");
        }
        place.forced.clear();
        place.generated = 0;
        stop.has_head = false;
        stop.layer = 0;
        stop.query = stop.key = {};
        stop.candidate.clear();
        stop.follow.clear();
    }
    if (value.has("forced")) {
        place.forced = texts_of(value["forced"]);
        place.generated = static_cast<int>(place.forced.size());
    }
    if (value.has("generate")) {
        const int forced = static_cast<int>(place.forced.size());
        place.generated = value["generate"].whole(0, 100000);
        if (place.generated < forced) {
            place.forced.resize(static_cast<size_t>(place.generated));
        }
    }
    if (value.has("decoding")) place.decoding = decoding_of(value["decoding"]);
    if (value.has("cache")) place.use_cache = value["cache"].truth();
    if (value.has("ablate")) read_ablate(value["ablate"], place);
    if (place.prompt.empty() && place.ids.empty()) value.refuse("has no \"prompt\"");
}

// What is not said is as at the stop before.
LessonStop stop_of(const Value& value, LessonStop stop) {
    value.only({"title", "note", "question", "answer", "prompt", "ids", "forced", "generate",
                "decoding", "cache", "ablate", "view", "beside", "select", "guess", "hide_first",
                "own_scale", "tint", "claims"});
    stop.line = value.line();
    stop.claims.clear();
    if (value.has("claims")) {
        for (const Value& claim : value["claims"].list()) stop.claims.push_back(claim_of(claim));
    }
    const size_t claims = stop.claims.size();
    stop.title = words_of(value["title"], most_title, claims);
    stop.note = words_of(value["note"], most_note, claims);
    const auto words = [&](const char* field, size_t most) {
        return value.has(field) ? words_of(value[field], most, claims) : std::string();
    };
    stop.question = words("question", most_question);
    stop.answer = words("answer", most_answer);
    if (stop.question.empty() && !stop.answer.empty()) {
        value["answer"].refuse("there is no question");
    }
    read_place(value, stop);
    if (value.has("view")) stop.view = view_of(value["view"]);
    if (!stop.view) value.refuse("has no \"view\"");
    if (value.has("beside")) {
        const Value beside = value["beside"];
        stop.beside = beside.is_text() || beside.truth() ? view_of(beside) : nullptr;
    }
    if (stop.beside == stop.view)
        value[value.has("beside") ? "beside" : "view"].refuse("is the view that is beside already");
    if (value.has("select")) read_select(value["select"], stop);
    if (value.has("guess")) stop.guess = value["guess"].truth();
    if (value.has("hide_first")) stop.hide_first = value["hide_first"].truth();
    if (value.has("own_scale")) stop.own_scale = value["own_scale"].truth();
    if (value.has("tint")) {
        stop.tint = static_cast<AttentionLook::Tint>(
            chosen(value["tint"], {"none", "previous", "first", "induction"}));
    }
    return stop;
}

}  // namespace

void refuse_lesson(const std::string& file, int line, const std::string& why) {
    throw model::Error(file + ": line " + std::to_string(line) + ": " + why);
}

Lesson parse_lesson(std::string_view text, const std::string& file, const std::string& id) {
    const model::JsonDocument document(text, file, model::JsonDocument::Told::line);
    const Value value = document.root();
    value.only({"title", "summary", "minutes", "model", "stops"});
    Lesson lesson;
    lesson.file = file;
    lesson.id = id;
    lesson.title = text_of(value["title"], most_title);
    lesson.summary = text_of(value["summary"], most_question);
    lesson.minutes = value["minutes"].whole(1, 120);
    if (value.has("model")) lesson.model = text_of(value["model"]);
    const std::vector<Value> stops = value["stops"].list();
    const int count = static_cast<int>(stops.size());
    if (count < least_stops || count > most_stops) {
        value["stops"].refuse("there are " + std::to_string(count) + "; a lesson has " +
                              std::to_string(least_stops) + " to " + std::to_string(most_stops));
    }
    LessonStop stop;
    for (const Value& each : stops) lesson.stops.push_back(stop = stop_of(each, stop));
    return lesson;
}

Lesson read_lesson(const std::filesystem::path& file) {
    // "05-induction.json": the number is for the order of the list.
    std::string id = file.stem().string();
    const size_t name = id.find_first_not_of("0123456789");
    if (name > 0 && name != id.npos && id[name] == '-' && name + 1 < id.size())
        id.erase(0, name + 1);
    return parse_lesson(model::read_file(file), file.string(), id);
}

}  // namespace viz
