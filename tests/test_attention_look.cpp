// What attention views show: heads mixed, scales, scores of all heads, a long map magnified.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/interp/head_scores.h"
#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/pointing.h"
#include "viz/views/view_table.h"

using namespace viz;
using Mix = AttentionLook::Mix;
using Tint = AttentionLook::Tint;

namespace {

// The layout canvas with the maps that were drawn.
class MapCanvas : public tests::LayoutCanvas {
  public:
    std::vector<std::pair<Rect, Heatmap>> maps;
    void heatmap(Rect rect, const Heatmap& map) override { maps.emplace_back(rect, map); }

    bool says(const std::string& text) const {
        return std::any_of(texts.begin(), texts.end(),
                           [&](const auto& t) { return t.text == text; });
    }
    const tests::PlacedRegion* find(const std::string& start) const {
        for (const auto& region : regions) {
            if (region.id.starts_with(start)) return &region;
        }
        return nullptr;
    }
};

// Tokens that return, so that induction has something to look at.
std::vector<int> ids_of(int n) {
    std::vector<int> ids;
    for (int i = 0; i < n; ++i) ids.push_back(i % 3 == 2 ? 400 + i * 7919 % 1500 : 300 + i % 17);
    return ids;
}

model::StepPtr run(int n) {
    model::Session session(tests::bundled());
    session.start(ids_of(n), {});
    return session.step();
}

model::Records prefix(const model::Records& records, int n) {
    return {records.begin(), records.begin() + n};
}

Scene scene_of(const model::Step& step, Memo& memo) {
    return {*tests::bundled(), step, memo, light_theme(), {}, {}, {}};
}

double sum_of(const std::vector<float>& row) {
    double sum = 0;
    for (float weight : row) sum += weight;
    return sum;
}

// A row without token 0, renormalised, in double.
std::vector<double> without_first(const std::vector<float>& row) {
    std::vector<double> rest(row.begin(), row.end());
    rest[0] = 0;
    double sum = 0;
    for (double weight : rest) sum += weight;
    for (double& weight : rest) weight = sum > 0 ? weight / sum : 0;
    return rest;
}

void check_scores(const model::HeadScores& actual, const model::HeadScores& expected) {
    const std::pair<model::HeadHabit, model::HeadHabit> habits[] = {
        {actual.previous, expected.previous},
        {actual.first, expected.first},
        {actual.self, expected.self},
        {actual.induction, expected.induction}};
    for (const auto& [a, b] : habits) {
        CHECK(a.rows == b.rows);
        CHECK(a.mean == doctest::Approx(b.mean).epsilon(1e-9));
    }
}

}  // namespace

TEST_CASE("visits give the bits of single rows, each once") {
    const model::StepPtr step = run(40);
    const auto& config = tests::bundled()->config;
    for (int first : {0, 17, 39, 40}) {
        const int heads = config.n_layer * config.n_head;
        std::vector<std::vector<int>> seen(heads);
        std::vector<int> wrong(heads);
        model::visit_heads(config, step->records, first,
                           [&](int layer, int head, int query, std::vector<float>& row) {
                               const int i = layer * config.n_head + head;
                               seen[i].push_back(query);
                               wrong[i] += row != model::attention_row(config, step->records, layer,
                                                                       head, query);
                           });
        for (int i = 0; i < heads; ++i) {
            CHECK(wrong[i] == 0);
            REQUIRE(seen[i].size() == static_cast<size_t>(40 - first));
            for (int j = 0; j < 40 - first; ++j) CHECK(seen[i][j] == first + j);
        }
        std::vector<int> visits(40), differ(40);
        model::visit_layer(config, step->records, 3, first, [&](int query, auto rows) {
            ++visits[query];
            for (int head = 0; head < config.n_head; ++head) {
                differ[query] +=
                    rows[head] != model::attention_row(config, step->records, 3, head, query);
            }
        });
        for (int query = 0; query < 40; ++query) {
            CHECK(visits[query] == (query >= first ? 1 : 0));
            CHECK(differ[query] == 0);
        }
    }
}

TEST_CASE("heads are mixed as said, and means sum to 1") {
    const model::StepPtr step = run(30);
    const auto& config = tests::bundled()->config;
    Memo memo;
    Scene scene = scene_of(*step, memo);
    for (bool hide : {false, true}) {
        for (Mix mix : {Mix::mean, Mix::max}) {
            scene.attention = {hide, mix, false, Tint::none};
            const model::AttentionPattern pattern = shown_pattern(scene, 2, 1);
            CHECK(pattern == shown_pattern(scene, 2, 3));  // the head does not count
            REQUIRE(pattern.size() == 30);
            for (int query = 0; query < 30; ++query) {
                CHECK(pattern[query] == shown_row(scene, 2, 1, query));
                std::vector<double> expected(query + 1);
                for (int head = 0; head < config.n_head; ++head) {
                    const auto row = model::attention_row(config, step->records, 2, head, query);
                    const std::vector<double> one =
                        hide ? without_first(row) : std::vector<double>(row.begin(), row.end());
                    for (int key = 0; key <= query; ++key) {
                        if (mix == Mix::max) expected[key] = std::max(expected[key], one[key]);
                        if (mix == Mix::mean) expected[key] += one[key] / config.n_head;
                    }
                }
                for (int key = 0; key <= query; ++key) {
                    CHECK(std::abs(pattern[query][key] - expected[key]) < 1e-6);
                }
                const double sum = sum_of(pattern[query]);
                if (mix == Mix::mean) CHECK(sum == doctest::Approx(hide && query == 0 ? 0 : 1));
                if (mix == Mix::max && query > 0) CHECK(sum > 1.0 - 1e-6);
            }
        }
    }
}

TEST_CASE("shown patterns are those of their records, whatever was asked before") {
    const model::StepPtr step = run(60);
    const auto& config = tests::bundled()->config;
    PatternMemo memo;
    for (int n : {10, 60, 25, 26}) {
        const model::Records records = prefix(step->records, n);
        for (int head : {0, 1, 2, 3, 0, 2}) {
            for (bool hide : {false, true}) {
                const auto& shown = memo.read(config, records, 1, head, Mix::one, hide);
                REQUIRE(static_cast<int>(shown.rows.size()) == n);
                float top = 0;
                for (int query = 0; query < n; ++query) {
                    auto row = model::attention_row(config, records, 1, head, query);
                    if (hide) drop_first(row);
                    CHECK(shown.rows[query] == row);
                    if (query > (hide ? 1 : 0))
                        top = std::max(top, *std::max_element(row.begin(), row.end()));
                }
                CHECK(shown.top() == (top > 0 ? top : 1));
            }
        }
    }
}

TEST_CASE("scores of all heads are the model's, growing, shorter and on another branch") {
    const auto& config = tests::bundled()->config;
    model::Session session(tests::bundled());
    session.start(ids_of(70), {});
    for (int i = 0; i < 8; ++i) session.commit();
    const model::Records trunk = session.step()->records;
    session.rewind(73);
    session.commit(301);
    session.commit(302);
    const model::Records branch = session.step()->records;
    REQUIRE(branch[74] != trunk[74]);
    REQUIRE(branch[72] == trunk[72]);

    ThumbnailMemo memo;
    const model::Records steps[] = {
        prefix(trunk, 1), prefix(trunk, 20), trunk, prefix(trunk, 77), branch,
        prefix(trunk, 2), prefix(trunk, 66)};
    for (bool hide : {false, true, false}) {
        for (const model::Records& records : steps) {
            const auto expected = model::head_scores(config, records);
            for (int layer = 0; layer < config.n_layer; ++layer) {
                for (int head = 0; head < config.n_head; ++head) {
                    const auto& scores = memo.scores(config, records, layer, head, hide);
                    if (!hide) {
                        check_scores(scores, expected[layer * config.n_head + head]);
                        continue;
                    }
                    model::AttentionPattern pattern;
                    for (int query = 0; query < static_cast<int>(records.size()); ++query) {
                        pattern.push_back(
                            model::attention_row(config, records, layer, head, query));
                        drop_first(pattern.back());
                    }
                    check_scores(scores, model::head_scores(pattern, records));
                }
            }
        }
    }
}

TEST_CASE("the darkest colour is 1, or the largest weight that is shown") {
    const model::StepPtr step = run(12);
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.attention.hide_first = true;
    scene.selection.layer = 2;
    float largest = 0;
    for (int query = 2; query < 12; ++query) {
        const std::vector<float> row = shown_row(scene, 2, 0, query);
        largest = std::max(largest, *std::max_element(row.begin(), row.end()));
    }
    CHECK(darkest_weight(scene, 2, 0) == 1);
    scene.attention.own_scale = true;
    CHECK(darkest_weight(scene, 2, 0) == largest);
    scene.attention.mix = Mix::mean;  // rarely as large as a single head's
    const float mean = darkest_weight(scene, 2, 0);
    CHECK(mean < 1);

    auto drawn = [&] {
        MapCanvas canvas;
        draw_head(canvas, {0, 0, 500, 600}, scene);
        return canvas;
    };
    const MapCanvas own = drawn();
    CHECK(own.says(weight(mean) + " largest weight"));
    CHECK(own.says("token 0 hidden, rows renormalised"));
    const Colour full = sequential(scene.theme, scene.colormap, 1);
    const auto& colours = own.maps[0].second.colours;
    CHECK(std::count(colours.begin() + 24, colours.end(), full) > 0);
    scene.attention.own_scale = false;
    const MapCanvas locked = drawn();
    CHECK(locked.says("weight 1"));
    const auto& paler = locked.maps[0].second.colours;
    CHECK(std::count(paler.begin() + 24, paler.end(), full) == 0);
}

TEST_CASE("the row draws the model's weights, scores and changes") {
    const model::StepPtr step = run(7);
    const auto& config = tests::bundled()->config;
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.selection.layer = 1;
    scene.selection.head = 2;
    MapCanvas canvas;
    draw_row(canvas, {0, 0, 700, 260}, scene);
    const auto scores = model::attention_scores(config, step->records, 1, 2, 6);
    const auto now = model::attention_row(config, step->records, 1, 2, 6);
    const auto before = model::attention_row(config, step->records, 1, 2, 5);
    for (int key = 0; key <= 6; ++key) {
        char score[32];
        std::snprintf(score, sizeof score, std::abs(scores[key]) < 99.95 ? "%.1f" : "%.0f",
                      scores[key]);
        CHECK(canvas.says(score));
        CHECK(canvas.says(short_weight(now[key])));
        if (key == 6) continue;
        const float change = now[key] - before[key];
        std::string text = short_weight(std::abs(change));
        if (std::abs(change) >= 0.005f) text = (change > 0 ? "+" : "-") + text;
        CHECK_MESSAGE(canvas.says(text), text);
    }
    CHECK(canvas.says("new"));
    CHECK(canvas.says("q·k/√d"));
    CHECK(canvas.find("row/1/2/6")->rows == 4);

    scene.attention.mix = Mix::mean;
    MapCanvas mixed;
    draw_row(mixed, {0, 0, 700, 260}, scene);
    CHECK(!mixed.says("q·k/√d"));
    CHECK(mixed.find("row/1/2/6")->rows == 2);
    for (float w : shown_row(scene, 1, 2, 6)) CHECK(mixed.says(short_weight(w)));
}

TEST_CASE("the list of heads is in the order of their scores") {
    const model::StepPtr step = run(50);
    const auto& config = tests::bundled()->config;
    Memo memo;
    Scene scene = scene_of(*step, memo);
    const auto all = model::head_scores(config, step->records);
    const std::pair<Tint, model::HeadHabit model::HeadScores::*> tints[] = {
        {Tint::previous, &model::HeadScores::previous},
        {Tint::first, &model::HeadScores::first},
        {Tint::induction, &model::HeadScores::induction}};
    for (const auto& [tint, habit] : tints) {
        scene.attention.tint = tint;
        MapCanvas canvas;
        draw_heads(canvas, {0, 0, 900, 60 + 28 * static_cast<float>(all.size())}, scene);
        std::vector<std::pair<std::string, std::string>> listed;
        for (size_t i = 0; i + 1 < canvas.texts.size(); ++i) {
            if (!canvas.texts[i].text.starts_with("Block ")) continue;
            listed.emplace_back(canvas.texts[i].text, canvas.texts[i + 1].text);
        }
        REQUIRE(listed.size() == all.size());
        double last = 2;
        std::set<std::string> names;
        for (const auto& [name, score] : listed) {
            int layer = 0, head = 0;
            REQUIRE(std::sscanf(name.c_str(), "Block %d · Head %d", &layer, &head) == 2);
            const double mean = (all[(layer - 1) * config.n_head + head - 1].*habit).mean;
            CHECK(score == weight(mean));
            CHECK(mean <= last);
            last = mean;
            names.insert(name);
        }
        CHECK(names.size() == all.size());
    }
    // The tooltip says the same.
    const Lines lines = tooltip(scene, {"head/1/2", 0, 0});
    CHECK(lines[0] == "Block 2 · Head 3");
    const auto& scores = all[config.n_head + 2];
    CHECK(lines[1].find("previous token " + weight(scores.previous.mean)) != std::string::npos);
    CHECK(lines[2].find(weight(scores.induction.mean)) != std::string::npos);
}

TEST_CASE("a long map is an overview that keeps what is strong, and a stretch that can be read") {
    const int n = 240;
    const model::StepPtr step = run(n);
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.selection.layer = 1;
    scene.selection.head = 1;
    scene.locked = {"map/1/1", 100, 40};
    MapCanvas canvas;
    draw_head(canvas, {0, 0, 560, 620}, scene);

    const tests::PlacedRegion* map = canvas.find("map/1/1");
    REQUIRE(map);
    CHECK((map->rows == n && map->cols == n));
    const Heatmap& overview = canvas.maps[0].second;
    const int side = overview.rows;
    REQUIRE(side < n);
    const auto& pattern = shown_pattern(scene, 1, 1);
    const ColourTable table(scene.theme, scene.colormap);
    std::map<std::pair<int, int>, float> largest;
    for (int query = 0; query < n; ++query) {
        for (int key = 0; key <= query; ++key) {
            float& cell = largest[{query * side / n, key * side / n}];
            cell = std::max(cell, pattern[query][key]);
        }
    }
    for (const auto& [at, weight] : largest) {
        CHECK(overview.colours[at.first * side + at.second] == table.at(weight));
    }

    const tests::PlacedRegion* zoom = canvas.find("zoom/1/1/");
    REQUIRE(zoom);
    const Target id(zoom->id);
    const int row = id.number(2), col = id.number(3);
    CHECK(zoom->rows >= 12);
    CHECK(zoom->rect.w / static_cast<float>(zoom->cols) >= 13);
    CHECK((row <= 100 && 100 < row + zoom->rows));  // what is pointed at is in it
    CHECK((col <= 40 && 40 < col + zoom->cols));
    for (int i : {0, zoom->rows - 1}) {
        for (int j : {0, zoom->cols - 1}) {
            const Lines words = tooltip(scene, {zoom->id, i, j});
            CHECK(!words.empty());
            CHECK(words == tooltip(scene, {"map/1/1", row + i, col + j}));
        }
    }
    for (const char* odd : {"zoom/1/1/0", "zoom/9/1/0/0", "zoom/1/1/999/0"}) {
        CHECK(tooltip(scene, {odd, 0, 0}).empty());
    }
    // A cell of the stretch that is pointed at does not move it.
    scene.locked = {zoom->id, 1, 2};
    MapCanvas again;
    draw_head(again, {0, 0, 560, 620}, scene);
    CHECK(again.find("zoom/1/1/")->id == zoom->id);
    // Without anything pointed at it shows the selected position.
    scene.locked = {};
    scene.selection.position = 150;
    MapCanvas selected;
    draw_head(selected, {0, 0, 560, 620}, scene);
    const int first = Target(selected.find("zoom/1/1/")->id).number(2);
    CHECK((first <= 150 && 150 < first + selected.find("zoom/1/1/")->rows));
}
