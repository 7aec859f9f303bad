// Runs as files: saved and opened again they are the same to the bit; what does not fit is refused.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/file_set.h"
#include "model/decode/options.h"
#include "model/run/run_file.h"
#include "tests/support.h"

using model::RunFile;
using model::Session;
using tests::bundled;

namespace {

const std::string text = "Tom gave the ball to";
const model::Decoding sampling{model::Strategy::top_k, 1.3, 40, 1.0, 18446744073709551615u};

// Branches, forced, sampled and penalised tokens, an ablated run; in the middle of its path.
std::unique_ptr<Session> rich_run(bool use_cache = true) {
    auto session =
        std::make_unique<Session>(bundled(), model::SessionOptions{.use_cache = use_cache});
    session->start(model::encode_prompt(*bundled(), text), {});
    for (int i = 0; i < 3; ++i) session->commit();
    session->rewind(session->path_length() - 2);
    session->commit(session->step()->ranking.candidates[6].id);
    session->set_decoding(sampling);
    for (int i = 0; i < 4; ++i) session->commit();
    model::Decoding penalised;
    penalised.repetition_penalty = 1.3;
    penalised.no_repeat_ngram = 2;
    session->rewind(session->path_length() - 2);
    session->set_decoding(penalised);
    session->commit();
    session->commit();
    model::Ablation without;
    without.heads = {{2, 1}};
    session->branch_with(without);
    session->set_decoding(sampling);
    session->commit();
    session->commit();
    session->branch_with(
        model::parse_ablation("L2,L4H3=uniform,L1H1@3=uniform", bundled()->config, ""));
    std::vector<int> edited = session->own_prompt();
    edited[1] = edited[2];
    session->edit_prompt(edited);
    session->commit();
    edited.push_back(edited[0]);
    edited.push_back(edited[1]);
    session->edit_prompt(edited);
    session->commit();
    session->commit();
    session->rewind(session->path_length() - 1);
    return session;
}

void check_same(const model::Step& a, const model::Step& b) {
    REQUIRE(a.ids() == b.ids());
    CHECK(a.ablation == b.ablation);
    CHECK(a.why == b.why);
    CHECK(a.ranking.pick == b.ranking.pick);
    for (size_t i = 0; i < a.ranking.candidates.size(); ++i) {
        REQUIRE(a.ranking.candidates[i].id == b.ranking.candidates[i].id);
        REQUIRE(a.ranking.candidates[i].probability == b.ranking.candidates[i].probability);
        REQUIRE(a.ranking.candidates[i].adjusted == b.ranking.candidates[i].adjusted);
    }
    for (size_t i = 0; i < a.records.size(); ++i) {
        REQUIRE(std::ranges::equal(a.records[i]->ln_final(), b.records[i]->ln_final()));
        CHECK(a.choices[i].by == b.choices[i].by);
        CHECK(a.choices[i].rank == b.choices[i].rank);
        CHECK(a.choices[i].probability == b.choices[i].probability);
        CHECK(a.choices[i].decoding == b.choices[i].decoding);
    }
}

RunFile tiny_run() {
    Session session(tests::tiny());
    session.start({0, 1}, {});
    for (const int id : {2, 3, 0}) session.commit(id);
    return model::run_file(session);
}

// The message for a text in which `from` was replaced.
std::string refusal(const std::string& whole, const std::string& from, const std::string& to) {
    std::string changed = whole;
    const size_t at = changed.find(from);
    REQUIRE(at != std::string::npos);
    changed.replace(at, from.size(), to);
    return tests::error_of(
        [&] { model::replay(model::parse_run_file(changed, "FILE"), tests::tiny()); });
}

}  // namespace

TEST_CASE("saved and opened again, every step of every branch is the same to the bit") {
    tests::TempFolder folder;
    for (const bool use_cache : {true, false}) {
        const auto session = rich_run(use_cache);
        RunFile run = model::run_file(*session, text);
        run.view = {{"theme", "dark"}, {"selection", {{"layer", 2}, {"head", 1}}}};
        model::save_run(folder / "a.stepscope.json", run);
        const RunFile read = model::read_run_file(folder / "a.stepscope.json");
        CHECK(read.view == run.view);
        CHECK(read.prompt == text);
        const auto again = model::replay(read, bundled());

        check_same(*again->step(), *session->step());
        CHECK(again->path_ids() == session->path_ids());
        CHECK(again->decoding() == session->decoding());
        const auto before = session->tree(), after = again->tree();
        REQUIRE(before->nodes.size() == after->nodes.size());
        CHECK(before->runs == after->runs);
        CHECK(before->prompts == after->prompts);
        CHECK(before->current == after->current);
        CHECK(before->path_end == after->path_end);
        for (size_t i = 0; i < before->nodes.size(); ++i) {
            const auto &a = before->nodes[i], &b = after->nodes[i];
            CHECK(a.parent == b.parent);
            CHECK(a.run == b.run);
            CHECK(a.on_path == b.on_path);
            check_same(*session->step_at(a.id), *again->step_at(b.id));
        }
        // And they go on alike.
        session->commit();
        again->commit();
        check_same(*again->step(), *session->step());
        again->rewind(run.length);
        RunFile twice = model::run_file(*again, text);
        twice.view = run.view;
        CHECK(model::to_json(twice) == model::to_json(run));
    }
}

TEST_CASE("a file of version 1 stays readable") {
    const RunFile run =
        model::read_run_file(std::filesystem::path(STEPSCOPE_RUNS) / "v1.stepscope.json");
    CHECK(run.prompt == "ab");
    CHECK(run.runs.size() == 2);
    CHECK(run.runs[1].ablation == "L2H2");
    CHECK(run.decoding.seed == 18446744073709551615u);
    CHECK(run.view == nlohmann::json{{"theme", "dark"}});
    const auto session = model::replay(run, tests::tiny());
    CHECK(static_cast<int>(session->step()->records.size()) == run.length);
    CHECK(session->step()->ablation.heads.contains({1, 1}));
    // Who chose each is recomputed by replay: it agrees with the file.
    const RunFile again = model::run_file(*session, "ab");
    CHECK(again.runs == run.runs);
    CHECK(again.decodings == run.decodings);
}

TEST_CASE("a file of version 2 has runs with prompts of their own") {
    const RunFile run =
        model::read_run_file(std::filesystem::path(STEPSCOPE_RUNS) / "v2.stepscope.json");
    CHECK(run.prompt == "ab");
    REQUIRE(run.runs.size() == 3);
    CHECK(run.runs[1].ablation == "L2,L1H2@1=uniform");
    CHECK(run.runs[2].prompt_ids == std::vector<int>{0, 2, 1});
    const auto session = model::replay(run, tests::tiny());
    CHECK(session->step()->edited_from == std::vector<int>{0, 1});
    CHECK(session->step()->prompt_length == 3);
    const RunFile again = model::run_file(*session, "ab");
    CHECK(again.runs == run.runs);
    CHECK(again.length == run.length);
}

TEST_CASE("a file of version 3 has all options, and words for enums") {
    const RunFile run =
        model::read_run_file(std::filesystem::path(STEPSCOPE_RUNS) / "v3.stepscope.json");
    REQUIRE(run.decodings.size() == 3);
    CHECK(run.decodings[1].strategy == model::Strategy::min_p);
    CHECK(run.decodings[1].min_p == 0.05);
    CHECK(run.decodings[2].typical_p == 0.9);
    CHECK(run.decodings[2].top_a == 0.3);
    CHECK(run.view["phase"] == "mlp");
    const auto session = model::replay(run, tests::tiny());
    const RunFile again = model::run_file(*session, "ab");
    CHECK(again.runs == run.runs);
    CHECK(again.decodings == run.decodings);
    CHECK(again.decoding == run.decoding);
}

TEST_CASE("every decoding option is saved, and is off where a file does not say it") {
    RunFile run = tiny_run();
    for (const model::DecodingOption& option : model::decoding_options()) {
        run.decoding = {};
        option.choose(run.decoding, option.example);
        const std::string whole = model::to_json(run);
        CHECK(model::parse_run_file(whole, "FILE").decoding == run.decoding);
        const std::string key = "\"" + std::string(option.key) + "\":";
        const size_t at = whole.find(key);
        REQUIRE(at != std::string::npos);
        std::string without = whole;
        without.erase(at, whole.find(',', at) + 1 - at);
        const model::Decoding read = model::parse_run_file(without, "FILE").decoding;
        CHECK_FALSE(option.acts(read));
        CHECK(read.strategy == option.strategy);
    }
}

TEST_CASE("what an older file says beyond the bounds is read as the bound") {
    std::string old = model::to_json(tiny_run());
    auto say = [&](const std::string& from, const std::string& to) {
        const size_t at = old.find(from);
        REQUIRE(at != std::string::npos);
        old.replace(at, from.size(), to);
    };
    say("\"schema_version\": 3", "\"schema_version\": 2");
    say("\"temperature\":1.0", "\"temperature\":1e-9");
    say("\"top_p\":1.0", "\"top_p\":0");
    say("\"repetition_penalty\":1.0", "\"repetition_penalty\":1e9");
    say("\"no_repeat_ngram\":0", "\"no_repeat_ngram\":16777216");
    const model::Decoding read = model::parse_run_file(old, "FILE").decoding;
    CHECK(read.temperature == 1e-3);
    CHECK(read.top_p == 1e-6);
    CHECK(read.top_k == 0);
    CHECK(read.repetition_penalty == 100);
    CHECK(read.no_repeat_ngram == 1 << 20);
    CHECK_NOTHROW(model::replay(model::parse_run_file(old, "FILE"), tests::tiny()));
    say("\"temperature\":1e-9", "\"temperature\":-1");
    CHECK(tests::error_of([&] {
              model::parse_run_file(old, "FILE");
          }).starts_with("FILE: decoding.temperature: is -1"));
}

TEST_CASE("a run whose first prompt was removed opens as it was saved") {
    Session session(tests::tiny());
    session.start({0, 1}, {});
    const auto first = session.step()->node;
    session.commit(2);
    session.edit_prompt({3, 1});
    session.commit(4);
    session.remove(first);
    const RunFile run = model::run_file(session);
    REQUIRE(run.runs.size() == 1);
    const auto again = model::replay(run, tests::tiny());
    CHECK(model::to_json(model::run_file(*again)) == model::to_json(run));
    check_same(*again->step(), *session.step());
}

TEST_CASE("unknown fields are ignored, a missing view is an empty one") {
    std::string whole = model::to_json(tiny_run());
    whole.replace(whole.find(",\n\"view\": {}"), 12, ", \"later\": [1, {\"a\": null}]");
    const RunFile run = model::parse_run_file(whole, "FILE");
    CHECK(run.view.empty());
    CHECK(model::replay(run, tests::tiny())->path_ids() == std::vector<int>{0, 1, 2, 3, 0});
}

TEST_CASE("a prompt that is no UTF-8 is kept as ids") {
    RunFile run = tiny_run();
    run.prompt = "\xff";
    run.model_folder = "/tmp/\xff";
    CHECK_FALSE(model::parse_run_file(model::to_json(run), "FILE").prompt);
}

TEST_CASE("what does not fit is refused by the name of its field") {
    const std::string whole = model::to_json(tiny_run());
    const std::string hash = tests::tiny()->hash();
    const std::vector<std::vector<std::string>> cases = {
        {"\"schema_version\": 3", "\"schema_version\": 4", "FILE: has schema_version 4", "newer"},
        {"\"schema_version\": 3", "\"schema_version\": \"1\"", "FILE: schema_version: is \"1\""},
        {"\"schema_version\"", "\"version\"", "FILE: is no saved run"},
        {"\"prompt_ids\": [0,1]", "\"prompt_ids\": []", "FILE: prompt_ids: is []"},
        {"\"prompt_ids\": [0,1]", "\"prompt_ids\": [0,-1]", "FILE: prompt_ids[1]: is -1"},
        {"\"prompt_ids\": [0,1]", "\"prompt_ids\": [0,18446744073709551615]", "prompt_ids[1]"},
        {"\"prompt_ids\": [0,1]", "\"prompt_ids\": [0,1.5]", "prompt_ids[1]: is 1.5"},
        {"\"id\":3", "\"id\":4", "FILE: ids: are not those of the selected path"},
        {"\"parent\":0", "\"parent\":1", "runs[0].tokens[1].parent: is 1", "from -1 to 0"},
        {"\"parent\":0", "\"parent\":-2", "runs[0].tokens[1].parent: is -2"},
        {"\"by\":\"forced\"", "\"by\":\"prompt\"", "runs[0].tokens[0].by: is \"prompt\""},
        {"\"decoding\":0}", "\"decoding\":9}", "runs[0].tokens[0].decoding: is 9"},
        {"\"temperature\":1.0", "\"temperature\":0", "FILE: decoding.temperature: is 0"},
        {"\"temperature\":1.0", "\"temperature\":0.0009", "from 0.001 to 1000.0"},
        {"\"min_p\":0.0", "\"min_p\":1.5", "FILE: decoding.min_p: is 1.5", "from 0.0 to 1.0"},
        {"\"typical_p\":1.0", "\"typical_p\":0", "FILE: decoding.typical_p: is 0"},
        {"\"top_k\":0", "\"top_k\":0.5", "FILE: decoding.top_k: is 0.5, not a whole number"},
        {"\"top_a\"", "\"top_b\"", "FILE: decoding.top_b: is no field here", "top_a"},
        {"\"seed\":0", "\"seed\":-1", "FILE: decoding.seed: is -1"},
        {"\"strategy\":\"greedy\"", "\"strategy\":\"best\"", "decoding.strategy: is \"best\""},
        {"\"length\": 5", "\"length\": 6", "FILE: length: is 6", "from 2 to 5"},
        {"\"end\":2", "\"end\":3", "FILE: path.end: is 3"},
        {"\"cache\": true", "\"cache\": 1", "FILE: cache: is 1, not true or false"},
        {"\"ablation\": \"\"", "\"ablation\": \"L9H1\"", "FILE: runs[0].ablation", "L9H1"},
        {"\"ablation\": \"\"", "\"ablation\": \"\", \"prompt_ids\": []", "runs[0].prompt_ids"},
        {"\"ablation\": \"\"", "\"ablation\": \"L1H1@9=uniform\"", "FILE: runs[0].ablation"},
        {"\"view\": {}", "\"view\": 7", "FILE: view: is 7, not an object"},
        {"\"cache\": true,", "", "FILE: cache: is missing"},
        {hash, "0123456789abcdef", "FILE: was made with", "hash 0123456789abcdef", "this is", hash},
        {hash, "0123", "FILE: model.hash: is \"0123\""},
        {"\"precision\":\"f32\"", "\"precision\":\"f16\"", "made with --precision f16"},
        {"{", "[", "FILE: line"},
    };
    for (const auto& one : cases) {
        const std::string message = refusal(whole, one[0], one[1]);
        for (size_t i = 2; i < one.size(); ++i) {
            CHECK_MESSAGE(message.find(one[i]) != std::string::npos, message);
        }
    }
    // Of another model's size.
    RunFile run = tiny_run();
    run.source = "FILE";
    auto error = [&] { return tests::error_of([&] { model::replay(run, tests::tiny()); }); };
    run.runs[0].tokens[1].id = 5;
    CHECK(error() == "FILE: runs[0].tokens[1].id: is 5, outside the vocabulary (0 to 4)");
    run.runs[0].tokens[1].id = 4;
    run.runs[0].tokens.push_back({2, 1, model::ChosenBy::forced, 0});
    run.runs[0].tokens.push_back({3, 1, model::ChosenBy::forced, 0});
    CHECK(error().find("FILE: runs[0].tokens[4]: comes after the end of the context") == 0);
    run.runs[0].tokens.resize(2);
    run.runs.push_back(run.runs[0]);
    CHECK(error() == "FILE: runs[1].ablation: is that of another run");
    run.runs.pop_back();
    run.runs[0].prompt_ids = {0, 9};
    CHECK(error() == "FILE: runs[0].prompt_ids[1]: is 9, outside the vocabulary (0 to 4)");
    run.runs[0].prompt_ids.assign(7, 0);
    CHECK(error().find("FILE: runs[0].prompt_ids: are 7 tokens") == 0);
    run.prompt_ids.assign(7, 0);
    CHECK(error().find("FILE: prompt_ids: are 7 tokens") == 0);
}

TEST_CASE("files of absurd size or depth, folders and pipes are refused") {
    tests::TempFolder folder;
    auto error = [&](const std::filesystem::path& path) {
        return tests::error_of([&] { model::read_run_file(path); });
    };
    tests::write(folder / "deep", std::string(1'000'000, '['));
    CHECK(error(folder / "deep").find("nests too deep") != std::string::npos);
    tests::write(folder / "large", "");
    std::filesystem::resize_file(folder / "large", uintmax_t{1} << 40);  // a hole, no bytes
    CHECK(error(folder / "large").find("too large") != std::string::npos);
    CHECK(error(folder / "none").find((folder / "none").string()) == 0);
    CHECK(error(folder.path()).find("is no file") != std::string::npos);
    CHECK(error("/dev/zero").find("is no file") != std::string::npos);
    std::string many = model::to_json(tiny_run());
    std::string ids = "0";
    for (int i = 0; i < 70'000; ++i) ids += ",0";
    many.replace(many.find("[0,1]"), 5, "[" + ids + "]");
    tests::write(folder / "many", many);
    CHECK(error(folder / "many").find("prompt_ids: is [0,0") != std::string::npos);
}

TEST_CASE("a program that is killed while it saves leaves a whole file") {
    tests::TempFolder folder;
    const auto path = folder / "run.stepscope.json";
    RunFile runs[2] = {tiny_run(), tiny_run()};
    for (RunFile& run : runs) run.view["filler"] = std::string(200'000, 'x');
    runs[1].view["filler"] = "short";
    std::mt19937 random(3);
    int whole[2] = {0, 0};
    for (int round = 0; round < 100; ++round) {
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            try {
                for (size_t i = 0;; ++i) model::save_run(path, runs[i % 2]);
            } catch (...) {
            }
            _exit(1);
        }
        // The first save may take its time. A busy machine needs longer for the second.
        const unsigned most = 10'000 * (1 + static_cast<unsigned>(round) / 10);
        while (!std::filesystem::exists(path)) std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::microseconds(random() % most));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        REQUIRE(WIFSIGNALED(status));
        const RunFile read = model::read_run_file(path);
        ++whole[read.view == runs[0].view ? 0 : 1];
        REQUIRE((read.view == runs[0].view || read.view == runs[1].view));
    }
    CHECK(whole[0] > 0);
    CHECK(whole[1] > 0);
}
