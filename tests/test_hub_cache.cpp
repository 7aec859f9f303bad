// Hugging Face's cache: which models are offered, which snapshot, and what a name means.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <optional>

#include "model/load/hub_cache.h"
#include "tests/support.h"

namespace fs = std::filesystem;
using model::FoundModel;
using tests::error_of;

namespace {

// A snapshot as Hugging Face lays it out: files are links into blobs.
fs::path add_snapshot(const fs::path& hub, const std::string& model, const std::string& revision,
                      const std::string& config, const std::vector<std::string>& files) {
    const fs::path snapshot = hub / model / "snapshots" / revision;
    fs::create_directories(snapshot);
    fs::create_directories(hub / model / "blobs");
    for (const std::string& file : files) {
        const std::string blob = revision + "-" + file;
        tests::write(hub / model / "blobs" / blob, "weights");
        fs::create_symlink(fs::path("../../blobs") / blob, snapshot / file);
    }
    if (!config.empty()) tests::write(snapshot / "config.json", config);
    return snapshot;
}

void set_main(const fs::path& hub, const std::string& model, const std::string& revision) {
    fs::create_directories(hub / model / "refs");
    tests::write(hub / model / "refs/main", revision);
}

std::string names(const std::vector<FoundModel>& found) {
    std::string all;
    for (const FoundModel& one : found) all += (all.empty() ? "" : " ") + one.name;
    return all;
}

const std::string gpt2 = R"({"model_type": "gpt2"})";

// An environment variable for the length of a test.
class Variable {
  public:
    Variable(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        set(value);
    }
    ~Variable() { set(before_ ? before_->c_str() : nullptr); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

  private:
    void set(const char* value) const { value ? setenv(name_, value, 1) : unsetenv(name_); }
    const char* name_;
    std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("A known model is known by its name and by its full one, and no other is it") {
    for (const model::KnownModel& known : model::known_models()) {
        const std::string name = known.name, full = known.full;
        CHECK(known.is(name));
        CHECK(known.is(full));
        CHECK(full.ends_with("/" + name));
        CHECK(model::is_hub_name(full));
        CHECK_FALSE(known.is("someone/" + name));
    }
}

TEST_CASE("only what can be a name on the hub leads to a folder of the cache") {
    for (const char* name : {"gpt2", "gpt2-medium", "openai-community/gpt2", "a/b_c.d-1"}) {
        CHECK_MESSAGE(model::is_hub_name(name), name);
    }
    for (const char* name : {"", "/", "a/", "/a", "a/b/c", "..", "../a", "a/..", "a..b", "a--b",
                             ".a", "a.", "-a", "a b", "a\nb", "a%2fb", "a\\b", "\xC3\xA4"}) {
        CHECK_MESSAGE(!model::is_hub_name(name), name);
    }
    CHECK(!model::is_hub_name(std::string(97, 'a')));
    CHECK(model::hub_folder_name("gpt2") == "models--gpt2");
    CHECK(model::hub_folder_name("org/tiny") == "models--org--tiny");
}

TEST_CASE("a model is not offered before all its shards are there") {
    tests::TempFolder hub;
    const fs::path snapshot = add_snapshot(hub.path(), "models--gpt2", "a1", gpt2, {});
    tests::write(snapshot / "model.safetensors.index.json",
                 R"({"weight_map": {"x": "one.safetensors", "y": "two.safetensors"}})");
    tests::write(snapshot / "one.safetensors", "weights");
    CHECK(model::cached_models(hub.path()).empty());
    tests::write(snapshot / "two.safetensors", "weights");
    CHECK(names(model::cached_models(hub.path())) == "gpt2");
}

TEST_CASE("what the cache lacks can be fetched, where it is a name") {
    tests::TempFolder hub;
    auto refusal = [&](const std::string& name) {
        return tests::error_of([&] { (void)model::resolve_model(name, hub.path()); });
    };
    CHECK(refusal("gpt2").ends_with("; `stepscope get gpt2` fetches it"));
    CHECK(refusal("org/tiny").ends_with("; `stepscope get org/tiny` fetches it if the hub has it"));
    CHECK(refusal("tiny").find("get") == std::string::npos);
    CHECK(refusal("../gpt2").find("get") == std::string::npos);
}

TEST_CASE("GPT-2 models in a cache are found by name") {
    tests::TempFolder hub;
    add_snapshot(hub.path(), "models--gpt2", "a1", gpt2, {"model.safetensors"});
    add_snapshot(hub.path(), "models--org--my-gpt--2", "b1", gpt2,
                 {"model.safetensors.index.json"});
    add_snapshot(hub.path(), "models--org--pickled", "c1", gpt2, {"pytorch_model.bin"});
    // Not to be offered: another architecture, a tokenizer alone, no weights, a data set.
    add_snapshot(hub.path(), "models--bert", "d1", R"({"model_type": "bert"})",
                 {"model.safetensors"});
    add_snapshot(hub.path(), "models--tokenizer", "e1", "", {"vocab.json"});
    add_snapshot(hub.path(), "models--unfinished", "f1", gpt2, {});
    add_snapshot(hub.path(), "datasets--gpt2", "g1", gpt2, {"model.safetensors"});

    const auto found = model::cached_models(hub.path());
    CHECK(names(found) == "gpt2 org/my-gpt/2 org/pickled");
    REQUIRE(found.size() == 3);
    CHECK(found[0].problem.empty());
    CHECK(found[0].folder == hub / "models--gpt2/snapshots/a1");
    CHECK(found[2].problem.find("pickle") != std::string::npos);
}

TEST_CASE("the snapshot is the one that main refers to, else the newest that is whole") {
    tests::TempFolder hub;
    const fs::path old =
        add_snapshot(hub.path(), "models--gpt2", "old", gpt2, {"model.safetensors"});
    const fs::path recent =
        add_snapshot(hub.path(), "models--gpt2", "recent", gpt2, {"model.safetensors"});
    const auto now = fs::file_time_type::clock::now();
    fs::last_write_time(old, now - std::chrono::hours(9));
    fs::last_write_time(recent, now);
    auto chosen = [&] { return model::cached_models(hub.path()).at(0).folder; };
    CHECK(chosen() == recent);
    set_main(hub.path(), "models--gpt2", "old\n");
    CHECK(chosen() == old);
    fs::remove(hub / "models--gpt2/blobs/old-model.safetensors");  // a download that was cut off
    CHECK(chosen() == recent);
    set_main(hub.path(), "models--gpt2", "gone");
    CHECK(chosen() == recent);
}

TEST_CASE("odd folders are passed over") {
    tests::TempFolder hub;
    add_snapshot(hub.path(), "models--gpt2", "a1", gpt2, {"model.safetensors"});
    int number = 0;
    for (const std::string& config :
         {std::string("{"), std::string("[]"), std::string("7"), std::string("\xff\xfe"),
          std::string(R"({"model_type": 7})"), std::string(R"({"model_type": ["gpt2"]})"),
          std::string(1'000'000, '['), std::string("{}")}) {
        add_snapshot(hub.path(), "models--odd" + std::to_string(number++), "r", config,
                     {"model.safetensors"});
    }
    tests::write(hub / "models--a-file", "x");
    fs::create_directories(hub / "models--no-snapshots");
    fs::create_directories(hub / "models--empty/snapshots");
    fs::create_directories(hub / "models--folder/snapshots/r/config.json");
    fs::create_directories(hub / "models--ref/refs/main");
    fs::create_directories(hub / "models--pipe/snapshots/r");
    REQUIRE(mkfifo((hub / "models--pipe/snapshots/r/config.json").c_str(), 0600) == 0);
    fs::create_symlink(hub.path(), hub / "models--loop");
    fs::create_symlink("models--self", hub / "models--self");
    CHECK(names(model::cached_models(hub.path())) == "gpt2");
    CHECK(model::cached_models(hub / "nowhere").empty());
    CHECK(model::cached_models(hub / "models--a-file").empty());
}

TEST_CASE("a model is named by folder, by name, or by the end of its name") {
    tests::TempFolder hub;
    const fs::path one =
        add_snapshot(hub.path(), "models--org--one", "r", gpt2, {"model.safetensors"});
    add_snapshot(hub.path(), "models--a--two", "r", gpt2, {"model.safetensors"});
    add_snapshot(hub.path(), "models--b--two", "r", gpt2, {"model.safetensors"});
    auto resolve = [&](const std::string& name) { return model::resolve_model(name, hub.path()); };
    CHECK(resolve(hub.path().string()) == hub.path());
    CHECK(resolve("org/one") == one);
    CHECK(resolve("one") == one);
    auto refusal = [&](const std::string& name) { return error_of([&] { resolve(name); }); };
    CHECK(refusal("three").find("three: no such folder, and no such model") == 0);
    CHECK(refusal("three").find("which has a/two, b/two, org/one") != std::string::npos);
    CHECK(refusal("two").find("more than one") != std::string::npos);
    CHECK(refusal("e").find("no such model") != std::string::npos);
    CHECK(refusal("").find("no such folder") != std::string::npos);
    tests::TempFolder empty;
    CHECK(error_of([&] { model::resolve_model("gpt2", empty.path()); }).find("has no GPT-2") !=
          std::string::npos);
}

TEST_CASE("a cached model is called by its name, not by its revision") {
    tests::TempFolder hub;
    const fs::path snapshot = hub / "models--org--tiny/snapshots/607a30d7";
    fs::create_directories(snapshot);
    tests::write_tiny_model(snapshot);
    const fs::path folder = model::resolve_model("tiny", hub.path());
    CHECK(model::load_model(folder)->config.name == "org/tiny");
    CHECK(model::hub_name(folder / "") == "org/tiny");
    CHECK(model::hub_name(hub.path()).empty());
    CHECK(model::hub_name("").empty());
    CHECK(model::hub_name("/").empty());
}

TEST_CASE("the cache lies where Hugging Face's own programs look") {
    const Variable home("HOME", "/h"), xdg("XDG_CACHE_HOME", nullptr), hf("HF_HOME", nullptr),
        hub("HF_HUB_CACHE", nullptr);
    CHECK(model::hub_folder() == "/h/.cache/huggingface/hub");
    const Variable with_xdg("XDG_CACHE_HOME", "/x");
    CHECK(model::hub_folder() == "/x/huggingface/hub");
    const Variable with_hf("HF_HOME", "/f");
    CHECK(model::hub_folder() == "/f/hub");
    const Variable with_hub("HF_HUB_CACHE", "/c");
    CHECK(model::hub_folder() == "/c");
}
