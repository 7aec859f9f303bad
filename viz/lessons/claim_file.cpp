// How a claim is written in a lesson's file.
#include <string>

#include "viz/lessons/lesson_reader.h"

namespace viz {

namespace {

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
        {Measure::saving, "saving", {}, any},
        {Measure::top_share, "top_share", {"top"}, 1},
        {Measure::top_chance, "top_chance", {"top"}, 1},
        {Measure::share, "share", {"token", "part"}, any},
        {Measure::active, "active", {"layer"}, any},
        {Measure::lens_rank, "lens_rank", {"token", "layer"}, any}};
    return table;
}

void read_need(const Value& given, const std::string& need, Claim& claim) {
    if (need == "token") claim.token = text_of(given);
    if (need == "layer") claim.layer = layer_of(given);
    if (need == "head") claim.head = head_of(given);
    if (need == "part") claim.part = part_of(given);
    if (need == "top") claim.top = given.whole(1, 1 << 28);
    if (need == "query" || need == "position") claim.query = position_of(given);
    if (need == "key") claim.key = position_of(given);
    if (need == "habit") {
        constexpr model::HeadName::Kind kinds[] = {model::HeadName::Kind::previous,
                                                   model::HeadName::Kind::first,
                                                   model::HeadName::Kind::induction};
        claim.habit = kinds[chosen(given, {"previous", "first", "induction"})];
    }
}

// Its one field says what it is.
struct Statement {
    const char* field;
    void (*read)(const Value& value, Claim& claim);
};
constexpr Statement statements[] = {{"next",
                                     [](const Value& value, Claim& claim) {
                                         claim.measure = Measure::next;
                                         claim.token = text_of(value);
                                     }},
                                    {"text",
                                     [](const Value& value, Claim& claim) {
                                         claim.measure = Measure::text;
                                         claim.token = text_of(value);
                                     }},
                                    {"tokens",
                                     [](const Value& value, Claim& claim) {
                                         claim.measure = Measure::tokens;
                                         claim.tokens = texts_of(value);
                                     }},
                                    {"surprises",
                                     [](const Value& value, Claim& claim) {
                                         claim.measure = Measure::surprises;
                                         claim.token = text_of(value);
                                     }},
                                    {"known",
                                     [](const Value& value, Claim& claim) {
                                         claim.measure = Measure::known;
                                         claim.known = text_of(value);
                                     }},
                                    {"looks_most", [](const Value& value, Claim& claim) {
                                         value.only({"head", "query", "key"});
                                         claim.measure = Measure::looks_most;
                                         for (const char* need : {"head", "query", "key"})
                                             read_need(value[need], need, claim);
                                     }}};

}  // namespace

Claim claim_of(const Value& value) {
    Claim claim;
    claim.line = value.line();
    if (value.is_object() && value.has("says")) claim.says = text_of(value["says"]);
    Names known;
    for (const Statement& statement : statements) {
        known.push_back(statement.field);
        if (!value.is_object() || !value.has(statement.field)) continue;
        value.only({statement.field, "says"});
        statement.read(value[statement.field], claim);
        return claim;
    }
    if (!value.is_object() || !value.has("measure")) {
        value.refuse("a claim has one of " + listed(known) + ", measure");
    }
    Names names;
    for (const MeasureRow& row : measures()) names.push_back(row.name);
    const MeasureRow& row = measures()[chosen(value["measure"], names)];
    claim.measure = row.measure;
    Names fields = row.needs;
    for (const char* field : {"measure", "at_least", "at_most", "says"}) fields.push_back(field);
    value.only(fields);
    for (const std::string& need : row.needs) read_need(value[need], need, claim);
    if (!value.has("at_least") && !value.has("at_most")) {
        value.refuse("measures " + std::string(row.name) + " and has neither at_least nor at_most");
    }
    const double least = row.measure == Measure::share ? -row.most : 0;
    if (value.has("at_least")) claim.at_least = value["at_least"].number(least, row.most);
    if (value.has("at_most")) claim.at_most = value["at_most"].number(least, row.most);
    return claim;
}

}  // namespace viz
