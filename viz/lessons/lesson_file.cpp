// The format of lessons: strict, so that a slip of the pen is told and not passed over.
#include <algorithm>
#include <cmath>

#include "model/base/errors.h"
#include "model/base/file.h"
#include "model/decode/options.h"
#include "viz/lessons/lesson.h"
#include "viz/lessons/lesson_reader.h"

namespace viz {

namespace {

constexpr int least_stops = 4, most_stops = 10;
// What the window has room for.
constexpr size_t most_note = 460, most_question = 200, most_answer = 240, most_title = 60;

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

void read_select(const Value& value, LessonStop& stop) {
    value.only({"head", "layer", "query", "key", "candidate", "follow"});
    stop.has_head = value.has("head");
    if (stop.has_head) stop.head = head_of(value["head"]);
    stop.layer = 0;
    if (value.has("layer")) {
        const int layer = layer_of(value["layer"]);
        stop.layer = layer == 0 ? -1 : layer;
    }
    if (stop.has_head && stop.layer != 0) value["layer"].refuse("the head says which block it is");
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
        const PartName name = part_of(part);
        if (name.mlp) {
            place.mlps_off.insert(name.layer);
        } else {
            place.heads_off.push_back(name.head);
        }
    }
}

// Where the stop goes. Another prompt is another text: nothing is appended to it yet, and what was
// selected in the old one is let go.
void read_place(const Value& value, LessonStop& stop, bool right_so_far) {
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
    if (value.has("state")) stop.state = text_of(value["state"]);
    if (value.has("cache")) place.use_cache = value["cache"].truth();
    if (value.has("ablate")) read_ablate(value["ablate"], place);
    if (place.prompt.empty() && place.ids.empty() && right_so_far) {
        value.refuse("has no \"prompt\"");
    }
}

// All that is wrong with a file, so that it is mended in one go: a line for each.
class Faults {
  public:
    template <typename Act>
    void in(Act act) {
        try {
            act();
        } catch (const model::Error& error) {
            all_.emplace_back(error.what());
        }
    }
    bool none() const { return all_.empty(); }
    void tell() const {
        if (!none()) throw model::Errors(all_);
    }

  private:
    std::vector<std::string> all_;
};

void read_claims(const Value& value, LessonStop& stop, Faults& faults) {
    stop.claims.clear();
    if (!value.has("claims")) return;
    faults.in([&] {
        for (const Value& claim : value["claims"].list()) {
            stop.claims.emplace_back();  // one that is wrong still has its number
            faults.in([&] { stop.claims.back() = claim_of(claim); });
        }
    });
}

void read_words(const Value& value, LessonStop& stop, Faults& faults) {
    const size_t claims = stop.claims.size();
    const auto words = [&](const char* field, size_t most, bool needed) {
        std::string text;
        faults.in([&] {
            if (needed || value.has(field)) text = words_of(value[field], most, claims);
        });
        return text;
    };
    stop.title = words("title", most_title, true);
    stop.note = words("note", most_note, true);
    stop.question = words("question", most_question, false);
    stop.answer = words("answer", most_answer, false);
    if (value.has("answer") && !value.has("question")) {
        faults.in([&] { value["answer"].refuse("there is no question"); });
    }
    if (stop.note.empty()) return;
    for (size_t i = 0; i < claims; ++i) {
        const std::string& says = stop.claims[i].says;
        if (says.empty() || (stop.note + "\n" + stop.answer).find(says) != std::string::npos)
            continue;
        faults.in([&] {
            value["claims"].list()[i]["says"].refuse("the note does not say \"" + says + "\"");
        });
    }
}

void read_views(const Value& value, LessonStop& stop, const Faults& faults) {
    if (value.has("view")) stop.view = view_of(value["view"]);
    if (!stop.view && faults.none()) value.refuse("has no \"view\"");
    if (value.has("beside")) {
        const Value beside = value["beside"];
        stop.beside = beside.is_text() || beside.truth() ? view_of(beside) : nullptr;
    }
    if (stop.view && stop.beside == stop.view) {
        stop.beside = nullptr;  // the stops after it are judged for themselves
        value[value.has("beside") ? "beside" : "view"].refuse("is the view that is beside already");
    }
}

void read_look(const Value& value, LessonStop& stop) {
    if (value.has("guess")) stop.guess = value["guess"].truth();
    if (value.has("hide_first")) stop.hide_first = value["hide_first"].truth();
    if (value.has("own_scale")) stop.own_scale = value["own_scale"].truth();
    if (value.has("tint")) {
        stop.tint = static_cast<AttentionLook::Tint>(
            chosen(value["tint"], {"none", "previous", "first", "induction"}));
    }
}

// What is not said is as at the stop before.
LessonStop stop_of(const Value& value, LessonStop stop, Faults& faults) {
    faults.in([&] {
        value.only({"title",    "note",       "question",  "answer", "prompt", "ids",    "forced",
                    "generate", "decoding",   "cache",     "ablate", "view",   "beside", "select",
                    "guess",    "hide_first", "own_scale", "tint",   "claims", "state"});
    });
    if (!value.is_object()) return stop;
    stop.line = value.line();
    read_claims(value, stop, faults);
    read_words(value, stop, faults);
    faults.in([&] { read_place(value, stop, faults.none()); });
    faults.in([&] { read_views(value, stop, faults); });
    faults.in([&] {
        if (value.has("select")) read_select(value["select"], stop);
    });
    faults.in([&] { read_look(value, stop); });
    return stop;
}

}  // namespace

void refuse_lesson(const std::string& file, int line, const std::string& why) {
    throw model::Error(file + ": line " + std::to_string(line) + ": " + why);
}

Lesson parse_lesson(std::string_view text, const std::string& file, const std::string& id) {
    const model::JsonDocument document(text, file, model::JsonDocument::Told::line);
    const Value value = document.root();
    Faults faults;
    Lesson lesson;
    lesson.file = file;
    lesson.id = id;
    faults.in([&] { value.only({"title", "summary", "minutes", "model", "stops"}); });
    if (!value.is_object()) faults.tell();
    faults.in([&] { lesson.title = text_of(value["title"], most_title); });
    faults.in([&] { lesson.summary = text_of(value["summary"], most_question); });
    faults.in([&] { lesson.minutes = value["minutes"].whole(1, 120); });
    faults.in([&] {
        if (value.has("model")) lesson.model = text_of(value["model"]);
    });
    faults.in([&] {
        const std::vector<Value> stops = value["stops"].list();
        LessonStop stop;
        for (const Value& each : stops) {
            lesson.stops.push_back(stop = stop_of(each, stop, faults));
        }
        const int count = static_cast<int>(stops.size());
        if (count < least_stops || count > most_stops) {
            value["stops"].refuse("there are " + std::to_string(count) + "; a lesson has " +
                                  std::to_string(least_stops) + " to " +
                                  std::to_string(most_stops));
        }
    });
    faults.tell();
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
