// The format of lessons: strict, so that a slip of the pen is told and not passed over.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"
#include "model/decode/options.h"
#include "viz/lessons/json_lines.h"
#include "viz/lessons/lesson.h"

namespace viz {

namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

constexpr int least_stops = 4, most_stops = 10;
// What the window has room for.
constexpr size_t most_note = 460, most_question = 200, most_answer = 240, most_title = 60;

std::string listed(const Names& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

// A value, where it stands, and how it is asked for.
class Value {
  public:
    Value(const json& value, const JsonLines& lines, const std::string& file, std::string pointer,
          std::string name)
        : json_(value),
          lines_(lines),
          file_(file),
          pointer_(std::move(pointer)),
          name_(std::move(name)) {}

    int line() const {
        const auto found = lines_.of.find(pointer_);
        return found == lines_.of.end() ? 1 : found->second;
    }
    [[noreturn]] void refuse(const std::string& why) const {
        refuse_lesson(file_, line(), (name_.empty() ? "" : name_ + ": ") + why);
    }

    void only(const Names& fields) const {
        if (!json_.is_object()) refuse("is not an object, but " + model::shown(json_));
        for (const auto& [key, value] : json_.items()) {
            if (std::ranges::find(fields, key) != fields.end()) continue;
            (*this)[key].refuse("is no field here; known are " + listed(fields));
        }
    }
    bool has(const std::string& field) const { return json_.contains(field); }
    Value operator[](const std::string& field) const {
        if (!json_.contains(field)) refuse("has no \"" + field + "\"");
        return {json_.at(field), lines_, file_, pointer_ + "/" + field, field};
    }
    std::vector<Value> list() const {
        if (!json_.is_array()) refuse("is not a list, but " + model::shown(json_));
        std::vector<Value> all;
        for (size_t i = 0; i < json_.size(); ++i) {
            const std::string number = std::to_string(i);
            all.push_back({json_[i], lines_, file_, pointer_ + "/" + number,
                           name_ + " " + std::to_string(i + 1)});
        }
        return all;
    }
    bool is_text() const { return json_.is_string(); }
    bool is_object() const { return json_.is_object(); }

    std::string text(size_t most = 4000) const {
        if (!json_.is_string()) refuse("is not a text, but " + model::shown(json_));
        std::string text = json_.get<std::string>();
        if (text.empty()) refuse("is empty");
        if (text.size() > most) {
            refuse("is longer than " + std::to_string(most) + " bytes: there is no room for it");
        }
        return text;
    }
    bool truth() const {
        if (!json_.is_boolean()) refuse("is neither true nor false, but " + model::shown(json_));
        return json_.get<bool>();
    }
    double number(double low, double high) const {
        if (!json_.is_number()) refuse("is not a number, but " + model::shown(json_));
        const double number = json_.get<double>();
        if (number < low || number > high) {
            refuse(model::shown(json_) + " is not between " + model::shown(json(low)) + " and " +
                   model::shown(json(high)));
        }
        return number;
    }
    int whole(int low, int high) const {
        if (!json_.is_number_integer()) refuse("is not a whole number: " + model::shown(json_));
        const double wanted = json_.get<double>();
        if (wanted < low || wanted > high) {
            refuse(model::shown(json_) + " is not between " + std::to_string(low) + " and " +
                   std::to_string(high));
        }
        return json_.get<int>();
    }
    Names texts() const {
        Names all;
        for (const Value& value : list()) all.push_back(value.text());
        return all;
    }

    // Words with placeholders: "{next}", "{1}" for what the first claim measured.
    std::string words(size_t most, size_t claims) const {
        const std::string words = text(most);
        for (size_t at = words.find('{'); at != words.npos; at = words.find('{', at + 1)) {
            const size_t end = words.find('}', at);
            if (end == words.npos) refuse("has a { without }");
            const std::string name = words.substr(at + 1, end - at - 1);
            const bool digits =
                !name.empty() && name.size() < 3 &&
                std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
            const auto number = static_cast<size_t>(digits ? std::stoi(name) : 0);
            if (digits && number >= 1 && number <= claims) continue;
            if (digits) {
                refuse("{" + name + "}: the stop has " + std::to_string(claims) + " claims");
            }
            if (!is_placeholder(name)) refuse("{" + name + "} is no placeholder");
        }
        return words;
    }

  private:
    const json& json_;
    const JsonLines& lines_;
    const std::string& file_;
    std::string pointer_, name_;
};

// The number of a word in a list; refused where it is not in it.
size_t chosen(const Value& value, const Names& words) {
    const std::string word = value.text();
    const auto found = std::ranges::find(words, word);
    if (found == words.end()) value.refuse("\"" + word + "\" is none of " + listed(words));
    return static_cast<size_t>(found - words.begin());
}

model::HeadName head_of(const Value& value) {
    try {
        return model::parse_head_name(value.text());
    } catch (const model::Error& error) {
        value.refuse(error.what());
    }
}

PositionName position_of(const Value& value) {
    PositionName name;
    name.given = true;
    if (value.is_text()) {
        name.text = value.text();
    } else if (value.is_object()) {
        value.only({"text", "occurrence"});
        name.text = value["text"].text();
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
    const std::string id = value.text();
    const View* view = find_view(id);
    if (view && view->tab) return view;
    Names tabs;
    for (const View& each : views()) {
        if (each.tab) tabs.push_back(each.id);
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
        claim.token = value["next"].text();
        return claim;
    }
    if (value.has("text")) {
        value.only({"text"});
        claim.measure = Measure::text;
        claim.token = value["text"].text();
        return claim;
    }
    if (value.has("tokens")) {
        value.only({"tokens"});
        claim.measure = Measure::tokens;
        claim.tokens = value["tokens"].texts();
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
        if (need == "token") claim.token = given.text();
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
    stop.candidate = value.has("candidate") ? value["candidate"].text() : "";
    stop.follow = value.has("follow") ? value["follow"].text() : "";
}

void read_ablate(const Value& value, model::Scenario& place) {
    place.heads_off.clear();
    place.mlps_off.clear();
    for (const Value& part : value.list()) {
        const std::string text = part.text();
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
        place.prompt = value.has("prompt") ? value["prompt"].text() : "";
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
        place.forced = value["forced"].texts();
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
    stop.title = value["title"].words(most_title, claims);
    stop.note = value["note"].words(most_note, claims);
    const auto words = [&](const char* field, size_t most) {
        return value.has(field) ? value[field].words(most, claims) : std::string();
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
    const json whole = model::parse_json(text, file);
    const JsonLines lines = json_lines(text);
    if (!lines.twice.empty()) {
        const std::string field = lines.twice.substr(lines.twice.rfind('/') + 1);
        refuse_lesson(file, lines.of.at(lines.twice), "\"" + field + "\" is there twice");
    }
    const Value value(whole, lines, file, "", "");
    value.only({"title", "summary", "minutes", "model", "stops"});
    Lesson lesson;
    lesson.file = file;
    lesson.id = id;
    lesson.title = value["title"].text(most_title);
    lesson.summary = value["summary"].text(most_question);
    lesson.minutes = value["minutes"].whole(1, 120);
    if (value.has("model")) lesson.model = value["model"].text();
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
