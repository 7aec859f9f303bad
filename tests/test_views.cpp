// Views: what each draws (goldens), that texts fit and do not touch at any size, and what can be
// pointed at. STEPSCOPE_UPDATE_GOLDENS=1 writes the goldens anew.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/layout/parts.h"
#include "viz/paint/format.h"
#include "viz/paint/record_canvas.h"
#include "viz/slides/slide.h"
#include "viz/views/drawings.h"
#include "viz/views/pointing.h"
#include "viz/views/view_table.h"

using namespace viz;

namespace {

constexpr const char* prompt = "Tom gave the ball to Mia. Then Mia";

model::StepPtr run(std::vector<int> ids, const model::Decoding& decoding = {}, int steps = 0) {
    model::Session session(tests::bundled());
    session.start(ids, decoding);
    for (int i = 0; i < steps; ++i) session.commit();
    return session.step();
}

// The first step, and what would follow its likeliest candidates.
std::pair<model::StepPtr, model::LookAheadPtr> run_ahead(std::vector<int> ids,
                                                         const model::Decoding& decoding = {}) {
    model::Session session(tests::bundled());
    session.start(ids, decoding);
    if (session.stage() == model::Stage::done) return {session.step(), nullptr};
    return {session.step(),
            model::look_ahead(session, model::ahead_candidates, model::ahead_depth)};
}

std::vector<int> prompt_ids() {
    return model::encode_prompt(*tests::bundled(), prompt);
}

// Ids from the whole vocabulary: long and short tokens, odd bytes.
std::vector<int> many_ids(int n) {
    std::vector<int> ids = prompt_ids();
    while (static_cast<int>(ids.size()) < n) {
        ids.push_back(static_cast<int>(ids.size() * 7919 % 2048));
    }
    ids.resize(n);
    return ids;
}

Scene scene_of(const model::Step& step, Memo& memo, const Theme& theme = light_theme()) {
    return {*tests::bundled(), step, memo, theme, {}, {}, {}};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

// Words of a recorded line; "#rrggbb*3" counts as three.
std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words;
    std::istringstream stream(line);
    for (std::string word; stream >> word;) {
        const size_t star = word.find('*');
        const bool run = word[0] == '#' && star != std::string::npos;
        const int times = run ? std::stoi(word.substr(star + 1)) : 1;
        words.insert(words.end(), times, run ? word.substr(0, star) : word);
    }
    return words;
}

// Equal but for what the last bits of a matrix product decide: a level of a colour, a tenth of a
// pixel.
bool alike(const std::string& a, const std::string& b) {
    if (a == b) return true;
    if (a.size() == b.size() && a[0] == '#' && b[0] == '#') {
        for (size_t i = 1; i + 1 < a.size(); i += 2) {
            const int difference =
                std::stoi(a.substr(i, 2), nullptr, 16) - std::stoi(b.substr(i, 2), nullptr, 16);
            if (std::abs(difference) > 2) return false;
        }
        return true;
    }
    char *a_end, *b_end;
    const float x = std::strtof(a.c_str(), &a_end), y = std::strtof(b.c_str(), &b_end);
    return *a_end == 0 && *b_end == 0 && std::abs(x - y) < 0.15f;
}

// The first line that differs; empty when none does.
std::string difference(const std::string& expected, const std::string& actual) {
    const std::vector<std::string> a = lines_of(expected), b = lines_of(actual);
    for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        const std::string was = i < a.size() ? a[i] : "(end)", is = i < b.size() ? b[i] : "(end)";
        const std::vector<std::string> x = words_of(was), y = words_of(is);
        if (x.size() == y.size() && std::equal(x.begin(), x.end(), y.begin(), alike)) continue;
        return "line " + std::to_string(i + 1) + "\n  expected: " + was.substr(0, 300) +
               "\n  actual:   " + is.substr(0, 300);
    }
    return "";
}

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void compare_to_golden(const std::string& name, const std::string& actual) {
    const char* elsewhere = std::getenv("STEPSCOPE_GOLDENS");  // check_new_view.py
    const std::filesystem::path folder = elsewhere ? elsewhere : STEPSCOPE_GOLDENS;
    const std::filesystem::path golden = folder / (name + ".txt");
    const std::filesystem::path beside = golden.string() + ".actual";
    if (std::getenv("STEPSCOPE_UPDATE_GOLDENS")) {
        std::filesystem::create_directories(golden.parent_path());
        tests::write(golden, actual);
        return;
    }
    const std::string found = difference(read(golden), actual);
    std::filesystem::remove(beside);
    if (found.empty()) return;
    tests::write(beside, actual);
    FAIL_CHECK(name << ": differs from its golden at " << found);
}

// A room larger than a view asks for.
struct Room {
    const char* id;
    Size size;
};

constexpr Room rooms[] = {
    {"tokens", {1900, 70}},      {"flow", {300, 900}},    {"attention", {1100, 800}},
    {"head", {900, 900}},        {"heads", {900, 800}},   {"row", {900, 240}},
    {"arcs", {900, 400}},        {"layers", {1200, 900}}, {"ranking", {700, 900}},
    {"arithmetic", {1300, 900}}, {"chain", {1300, 900}},  {"pieces", {1300, 900}},
    {"vectors", {1200, 900}},    {"tree", {1300, 900}}};

Size large_room(const View& view) {
    for (const Room& room : rooms) {
        if (std::string(view.id) == room.id) return room.size;
    }
    return {1500, 1100};
}

void check_layout(const View& view, Rect rect, float scale, const Scene& scene,
                  const std::string& what) {
    tests::LayoutCanvas canvas;
    draw_enlarged(canvas, rect, scale,
                  [&](Canvas& page, Rect whole) { view.draw(page, whole, scene); });
    CHECK(!canvas.texts.empty());
    for (size_t i = 0; i < canvas.texts.size(); ++i) {
        const tests::TextBox& text = canvas.texts[i];
        CHECK_MESSAGE(tests::outside(text, rect) < 1.5f,
                      what << ": “" << text.text << "” leaves by " << tests::outside(text, rect));
        CHECK_MESSAGE(text.size > 10.4f * scale, what << ": “" << text.text << "” is small");
        for (size_t j = 0; j < i; ++j) {
            CHECK_MESSAGE(
                !tests::overlap(text, canvas.texts[j], 1.0f),
                what << ": “" << text.text << "” lies over “" << canvas.texts[j].text << "”");
        }
    }
    for (const tests::PlacedRegion& region : canvas.regions) {
        CHECK(region.rect.w > 0);
        CHECK(region.rect.h > 0);
    }
}

}  // namespace

TEST_CASE("every view draws what its golden says") {
    const auto [step, ahead] = run_ahead(prompt_ids());
    model::StrategyComparison comparison(tests::bundled(), *step, false);
    comparison.set_rules(model::default_rules());
    comparison.run(1);
    for (const View* view : views()) {
        Memo memo;
        Scene scene = scene_of(*step, memo);
        scene.strategies = comparison.strategies();
        scene.looked_ahead = ahead;
        scene.selection.layer = 2;
        scene.selection.head = 1;
        const Size size = view->preferred_size(scene);
        RecordCanvas canvas;
        view->draw(canvas, {0, 0, size.w, size.h}, scene);
        compare_to_golden(view->id, canvas.text());
    }
    Memo memo;
    model::Decoding sampled;
    sampled.strategy = model::Strategy::temperature;
    const auto drawn = run_ahead(prompt_ids(), sampled).first;
    Scene chance = scene_of(*drawn, memo);
    chance.decoding = sampled;
    RecordCanvas draws;
    find_view("draws")->draw(draws, {0, 0, 560, 480}, chance);
    compare_to_golden("draws-sampled", draws.text());

    const Scene scene = scene_of(*step, memo);
    RecordCanvas canvas;
    draw_slide(canvas, scene, {find_view("head"), find_view("ranking")});
    compare_to_golden("slide", canvas.text());
}

TEST_CASE("texts stay inside and apart") {
    model::Decoding sampled;
    sampled.strategy = model::Strategy::top_k;
    sampled.temperature = 0.8;
    sampled.top_k = 40;
    for (int n : {1, 2, 8, 60, 256}) {
        for (bool varied : {false, true}) {
            const model::Decoding decoding = varied ? sampled : model::Decoding{};
            const auto [step, ahead] = run_ahead(many_ids(n), decoding);
            Memo memo;
            Scene scene = scene_of(*step, memo, varied ? dark_theme() : light_theme());
            scene.looked_ahead = ahead;
            scene.decoding = decoding;
            if (varied) {  // everything that is not the default
                scene.attention = {true, AttentionLook::Mix::max, true,
                                   AttentionLook::Tint::induction};
                scene.selection = {n / 3, 5, 3, Phase::mlp, 12};
            }
            for (const View* view : views()) {
                for (float scale : {1.0f, 1.5f}) {
                    const Size asked = view->preferred_size(scene);
                    const Size preferred{asked.w * scale, asked.h * scale};
                    const Size small{view->least.w * scale, view->least.h * scale};
                    for (Size size : {preferred, small, large_room(*view)}) {
                        if (size.w < small.w || size.h < small.h) continue;
                        const std::string what = std::string(view->id) + " n=" + std::to_string(n) +
                                                 " " + std::to_string(static_cast<int>(size.w)) +
                                                 "x" + std::to_string(static_cast<int>(size.h)) +
                                                 " scale " + std::to_string(scale).substr(0, 3) +
                                                 (varied ? " varied" : "");
                        check_layout(*view, {7, 5, size.w, size.h}, scale, scene, what);
                    }
                }
            }
        }
    }
}

namespace {

void check_slide(const Scene& scene, const std::vector<const View*>& shown, SlideShape shape) {
    const Size size = slide_size(shape);
    tests::LayoutCanvas canvas;
    draw_slide(canvas, scene, shown, shape);
    std::string what = shape == SlideShape::wide ? "16:9" : "4:3";
    for (const View* view : shown) what += std::string(" ") + view->id;
    what += " n=" + std::to_string(scene.length());
    for (size_t i = 0; i < canvas.texts.size(); ++i) {
        const tests::TextBox& text = canvas.texts[i];
        CHECK_MESSAGE(text.size >= 18, what << " " << text.text);
        CHECK_MESSAGE(tests::outside(text, {40, 30, size.w - 80, size.h - 60}) < 0,
                      what << " " << text.text);
        for (size_t j = 0; j < i; ++j) {
            CHECK_MESSAGE(
                !tests::overlap(text, canvas.texts[j], 1.0f),
                what << ": “" << text.text << "” lies over “" << canvas.texts[j].text << "”");
        }
    }
}

// Every view alone, and every pair with the ranking or "Where we are" that a slide holds.
std::vector<std::vector<const View*>> slides(SlideShape shape) {
    std::vector<std::vector<const View*>> pages;
    for (const View* view : views()) {
        pages.push_back({view});
        for (const char* other : {"ranking", "flow"}) {
            pages.push_back({view, find_view(other)});
            pages.push_back({find_view(other), view});
        }
    }
    std::erase_if(pages, [&](const auto& page) { return !slide_holds(shape, page); });
    return pages;
}

}  // namespace

TEST_CASE("a slide's text is at least 18 pixels, inside and apart") {
    model::Decoding sampled;
    sampled.strategy = model::Strategy::top_k;
    sampled.temperature = 1.2;
    sampled.top_k = 40;
    for (const SlideShape shape : {SlideShape::wide, SlideShape::classic}) {
        for (int n : {1, 9, 60, 256}) {
            const bool varied = n == 60;
            const model::StepPtr step = run(many_ids(n), varied ? sampled : model::Decoding{});
            Memo memo;
            Scene scene = scene_of(*step, memo);
            scene.total_steps = 20;
            if (varied) {
                scene.decoding = sampled;
                scene.attention = {true, AttentionLook::Mix::mean, true,
                                   AttentionLook::Tint::first};
            }
            if (n == 9) scene.locked = {"map/0/0", 8, 3};
            if (n == 256) scene.locked = {"layer/2", 0, 0};  // says more than a line holds
            for (const auto& page : slides(shape)) check_slide(scene, page, shape);
        }
    }
}

TEST_CASE("a class that guesses sees some likely tokens from A to Z, and no number") {
    const model::StepPtr step = run(prompt_ids());
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.reveal = Reveal::guess;
    scene.selection.candidate = -1;
    tests::LayoutCanvas canvas;
    find_view("ranking")->draw(canvas, {0, 0, 420, 520}, scene);
    std::vector<std::string> offered;
    std::vector<int> ranks;
    for (const tests::PlacedRegion& region : canvas.regions) {
        if (region.id.rfind("candidate/", 0) != 0) continue;
        ranks.push_back(std::stoi(region.id.substr(10)));
        offered.push_back(
            scene.shown(scene.step.ranking.candidates[static_cast<size_t>(ranks.back())].id));
        const Lines said = tooltip(scene, {region.id, -1, -1});
        CHECK(said[0] == offered.back());
        for (const std::string& line : said) {
            CHECK(line.find("rank") == line.npos);
            CHECK(line.find("logit") == line.npos);
        }
    }
    CHECK(offered.size() >= 5);
    CHECK(std::ranges::is_sorted(offered));
    CHECK_FALSE(std::ranges::is_sorted(ranks));  // else the order would tell
    for (const tests::TextBox& text : canvas.texts) CHECK(text.text.find('%') == text.text.npos);
}

TEST_CASE("pages that reveal step by step say no more than they may, and have room for it") {
    const model::StepPtr step = run(prompt_ids());
    const model::Candidate first = step->ranking.candidates[0];
    Memo memo;
    Scene scene = scene_of(*step, memo);
    for (const Reveal reveal :
         {Reveal::logits, Reveal::probabilities, Reveal::choice, Reveal::appended}) {
        scene.reveal = reveal;
        for (const SlideShape shape : {SlideShape::wide, SlideShape::classic}) {
            for (const auto& page : slides(shape)) check_slide(scene, page, shape);
            tests::LayoutCanvas canvas;
            draw_slide(canvas, scene, {find_view("flow"), find_view("ranking")}, shape);
            int logits = 0, chances = 0, tokens = 0, questions = 0, titles = 0;
            for (const tests::TextBox& text : canvas.texts) {
                logits += text.text == number(first.logit);
                chances += text.text.find('%') != std::string::npos;
                tokens += text.text == scene.shown(first.id);
                questions += text.text == "?";
                titles += text.text.find("appended") != std::string::npos;
            }
            const bool told = reveal == Reveal::choice || reveal == Reveal::appended;
            CHECK(logits == 1);
            CHECK((chances == 0) == (reveal == Reveal::logits));
            CHECK((tokens > 1) == told);
            CHECK((questions > 0) == !told);
            CHECK((titles == 1) == told);
            for (const tests::PlacedRegion& region : canvas.regions) {
                if (told) continue;
                for (const std::string& line : tooltip(scene, {region.id, 0, 0})) {
                    CHECK(line.find(", proposed") == std::string::npos);
                    CHECK(line.find("would be ␣") == std::string::npos);
                    if (reveal == Reveal::logits) CHECK(line.find("probability ") != 0);
                }
            }
        }
    }
}

TEST_CASE("a slide keeps its title and caption whole, whatever it speaks of") {
    const model::StepPtr step = run(many_ids(200));
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.total_steps = 1000;
    scene.decoding.strategy = model::Strategy::top_p;
    scene.decoding.temperature = 0.85;
    scene.decoding.top_k = 400;
    scene.decoding.top_p = 0.95;
    for (const SlideShape shape : {SlideShape::wide, SlideShape::classic}) {
        const SlideText at = slide_text(shape, scene.theme);
        CHECK(width_of(at.title_style, slide_title(scene)) <= at.title.w);
        const std::string caption = slide_caption(scene, shape);
        CHECK(width_of(at.caption_style, caption) <= at.caption.w);
        CHECK(caption.find("prompt “Tom") != std::string::npos);
        CHECK(caption.find(model::describe(scene.decoding)) != std::string::npos);
    }
    CHECK(slide_holds(SlideShape::wide, {find_view("attention"), find_view("ranking")}));
    CHECK(!slide_holds(SlideShape::classic, {find_view("attention"), find_view("ranking")}));
}

TEST_CASE("regions name what can be pointed at, and each has a tooltip") {
    const model::StepPtr step = run(prompt_ids());
    const int n = static_cast<int>(step->records.size());
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.selection.layer = 2;
    scene.selection.head = 1;
    tests::LayoutCanvas canvas;
    std::set<std::string> ids;
    for (const View* view : views()) {
        const Size size = view->preferred_size(scene);
        view->draw(canvas, {0, 0, size.w, size.h}, scene);
    }
    for (const tests::PlacedRegion& region : canvas.regions) {
        ids.insert(region.id);
        for (int row : {0, region.rows - 1}) {
            CHECK_MESSAGE(!tooltip(scene, {region.id, row, region.cols - 1}).empty(), region.id);
        }
        if (region.id == "map/2/1") CHECK((region.rows == n && region.cols == n));
        if (region.id == "norms/resid") CHECK((region.rows == 7 && region.cols == n));
    }
    const std::string stream = "stream/3/" + std::to_string(scene.model.config.d_model);
    for (const std::string& id : std::vector<std::string>{
             "token/0",      "token/8",      "proposed",     "text",         "candidate/0",
             "map/2/1",      "query/8",      "row/2/1/0",    "head/0/0",     "head/5/3",
             "norms/attn",   "norms/mlp",    "norms/change", "norms/cosine", "layer/5",
             "phase/tokens", "phase/append", "other",        stream,         "surprisal",
             "operand/q/0"}) {
        CHECK_MESSAGE(ids.count(id) == 1, id);
    }
    CHECK(ids.count("token/9") == 0);
    CHECK(ids.count("layer/6") == 0);
}

TEST_CASE("tooltips say what is there") {
    const model::StepPtr step = run(prompt_ids());
    Memo memo;
    Scene scene = scene_of(*step, memo);
    CHECK(tooltip(scene, {"map/2/1", 8, 0})[0] == "␣Mia looks at Tom");
    CHECK(tooltip(scene, {"map/2/1", 1, 3})[0] ==
          "␣gave cannot look at ␣ball: it comes later (masked)");
    CHECK(tooltip(scene, {"head/2/1", 0, 0})[0] == "Block 3 · Head 2");
    CHECK(tooltip(scene, {"token/0", 0, 0})[1].find("bytes 54 6F 6D") != std::string::npos);
    for (const char* odd : {"", "map", "map/9/9", "token/-1", "token/x", "head/2", "norms",
                            "stream/1", "candidate/99999", "phase/", "nothing/1"}) {
        CHECK_MESSAGE(tooltip(scene, {odd, 0, 0}).empty(), odd);
    }
}

TEST_CASE("hiding token 0 renormalises every row") {
    const model::StepPtr step = run(prompt_ids());
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.attention.hide_first = true;
    const auto pattern = shown_pattern(scene, 1, 2);
    for (size_t query = 0; query < pattern.size(); ++query) {
        CHECK(pattern[query][0] == 0);
        double sum = 0;
        for (float weight : pattern[query]) sum += weight;
        CHECK(sum == doctest::Approx(query == 0 ? 0 : 1));
        CHECK(pattern[query] == shown_row(scene, 1, 2, static_cast<int>(query)));
    }
}

TEST_CASE("a thumbnail keeps every cell's largest weight, whatever was drawn before") {
    const auto model = tests::bundled();
    const model::StepPtr whole = run(many_ids(150));
    ThumbnailMemo memo;
    auto prefix = [&](int n) {
        return model::Records(whole->records.begin(), whole->records.begin() + n);
    };
    for (int n : {10, 64, 65, 150, 131, 40, 41}) {  // growing, coarser, shorter, finer again
        const Thumbnail& thumbnail = memo.read(model->config, prefix(n), 3, 1, false);
        CHECK(thumbnail.side * thumbnail.bin >= n);
        CHECK(thumbnail.side <= Thumbnail::stride);
        std::vector<float> largest(Thumbnail::stride * Thumbnail::stride, -1);
        for (int query = 0; query < n; ++query) {
            const auto row = model::attention_row(model->config, whole->records, 3, 1, query);
            for (int key = 0; key <= query; ++key) {
                float& cell =
                    largest[query / thumbnail.bin * Thumbnail::stride + key / thumbnail.bin];
                cell = std::max(cell, row[key]);
            }
        }
        for (int row = 0; row < thumbnail.side; ++row) {
            for (int col = 0; col <= row; ++col) {
                CHECK(thumbnail.at(row, col) == largest[row * Thumbnail::stride + col]);
            }
        }
    }
}
