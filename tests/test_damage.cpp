// Files that are damaged at random: each one either loads or is refused with an Error of one line,
// and nothing is read beyond its end, which the sanitized build would notice.
#include <doctest/doctest.h>

#include <functional>
#include <random>

#include "model/base/error.h"
#include "model/run/run_file.h"
#include "tests/support.h"
#include "tests/tf_release.h"

namespace fs = std::filesystem;

namespace {

constexpr int rounds = 2000;

using Random = std::mt19937;

size_t below(Random& random, size_t n) {
    return n == 0 ? 0 : random() % n;
}

// What changes a file's meaning more than a random byte does.
const std::vector<std::string> fragments = {"0",
                                            "-1",
                                            "99999999",
                                            "18446744073709551615",
                                            "1e308",
                                            "null",
                                            "{}",
                                            "[",
                                            "[[[[",
                                            "\"",
                                            "\\",
                                            "\n",
                                            ",",
                                            ":",
                                            "\xff",
                                            "\xed\xa0\x80",
                                            std::string(1, '\0'),
                                            std::string(300, '7')};

// Some bytes changed, or a piece cut out, doubled, inserted, or everything behind it lost.
std::string damage(std::string bytes, Random& random) {
    for (size_t n = 1 + below(random, 3); n > 0; --n) {
        const size_t at = below(random, bytes.size());
        const size_t length = below(random, std::min<size_t>(bytes.size() - at, 40) + 1);
        switch (random() % 6) {
            case 0:
                bytes.erase(at, length);
                break;
            case 1:
                bytes.insert(at, bytes.substr(at, length));
                break;
            case 2:
                bytes.insert(at, fragments[below(random, fragments.size())]);
                break;
            case 3:
                if (random() % 4 == 0) bytes.resize(at);
                break;
            default:
                if (at < bytes.size()) bytes[at] = static_cast<char>(random());
        }
    }
    return bytes;
}

// Loads `folder` with one of its files damaged in many ways, some of which leave it readable.
void survive(const fs::path& folder, const std::string& file,
             const std::function<std::string(Random&)>& damaged,
             const std::function<void()>& load) {
    Random random(7);
    int refused = 0;
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        // A new file each time: to overwrite one makes some file systems wait for the disk.
        fs::remove(folder / file);
        tests::write(folder / file, damaged(random));
        try {
            load();
        } catch (const model::Error& e) {
            const std::string message = e.what();
            CHECK_MESSAGE(message.find(folder.string()) == 0, message);
            CHECK_MESSAGE(message.find('\n') == std::string::npos, message);
            CHECK_MESSAGE(message.size() < 1000, message);
            ++refused;
        }
    }
    CHECK(refused > rounds / 4);
    CHECK(refused < rounds);
}

// A small vocabulary: some bytes, what merges lead to, and a special token.
std::string vocabulary() {
    std::string text = "{";
    int id = 0;
    for (const char* token : {"a", "b", "c", "d", "Ġ", "Ċ", "Ã", "©", "ab", "abc", "Ġd", "<|x|>"}) {
        text += (id ? ", \"" : "\"") + std::string(token) + "\": " + std::to_string(id);
        ++id;
    }
    return text + "}";
}

void load_tokenizer(const fs::path& folder) {
    const auto tokenizer = model::Tokenizer::load(folder);
    try {
        const std::string text = "abcd é <|x|>\n abab";
        const auto ids = tokenizer.encode(text);
        CHECK(tokenizer.decode(ids) == text);
    } catch (const model::Error& e) {  // a vocabulary that lacks one of the bytes
        CHECK(std::string(e.what()).find("cannot be encoded") != std::string::npos);
    }
}

}  // namespace

TEST_CASE("damaged safetensors headers") {
    tests::TempFolder folder;
    tests::write_tiny_model(folder.path());
    const std::string whole = tests::safetensors_bytes(tests::tiny_tensors());
    const size_t header = 8 + static_cast<unsigned char>(whole[0]) +
                          256 * static_cast<size_t>(static_cast<unsigned char>(whole[1]));
    auto damaged = [&](Random& random) {
        // Half of them keep the length in front right, so that more than it is tested.
        if (random() % 2) return damage(whole.substr(0, header), random) + whole.substr(header);
        const std::string text = damage(whole.substr(8, header - 8), random);
        return tests::safetensors_bytes(text, 0) + whole.substr(header);
    };
    survive(folder.path(), "model.safetensors", damaged, [&] { model::load_model(folder.path()); });
}

TEST_CASE("damaged config.json") {
    tests::TempFolder folder;
    tests::write_tiny_model(folder.path());
    const std::string whole = R"({"model_type": "gpt2", "n_layer": 2, "n_head": 2, "n_embd": 8,
        "n_inner": 32, "vocab_size": 5, "n_positions": 6, "layer_norm_epsilon": 1e-5,
        "activation_function": "gelu_new", "eos_token_id": 3, "tie_word_embeddings": true,
        "scale_attn_weights": true, "name": "tiny"})";
    survive(
        folder.path(), "config.json", [&](Random& random) { return damage(whole, random); },
        [&] { model::load_model(folder.path()); });
}

TEST_CASE("damaged hparams.json") {
    tests::TempFolder folder;
    tests::write_tiny_release(folder.path());
    survive(
        folder.path(), "hparams.json",
        [&](Random& random) { return damage(tests::tiny_hparams, random); },
        [&] { model::load_model(folder.path()); });
}

TEST_CASE("damaged vocab.json") {
    tests::TempFolder folder;
    tests::write(folder / "merges.txt", "#version: 0.2\na b\nab c\n");
    survive(
        folder.path(), "vocab.json", [&](Random& random) { return damage(vocabulary(), random); },
        [&] { load_tokenizer(folder.path()); });
}

TEST_CASE("damaged merges.txt") {
    tests::TempFolder folder;
    tests::write(folder / "vocab.json", vocabulary());
    survive(
        folder.path(), "merges.txt",
        [&](Random& random) { return damage("#version: 0.2\na b\nab c\nĠ d\n", random); },
        [&] { load_tokenizer(folder.path()); });
}

TEST_CASE("damaged tokenizer.json") {
    tests::TempFolder folder;
    const std::string whole =
        R"({"added_tokens": [{"id": 12, "content": "<pad>"}, {"id": 11, "content": "<|x|>"}],)"
        R"("pre_tokenizer": {"type": "ByteLevel"}, "model": {"type": "BPE", "vocab": )" +
        vocabulary() + R"(, "merges": ["a b", ["ab", "c"], "Ġ d"]}})";
    survive(
        folder.path(), "tokenizer.json", [&](Random& random) { return damage(whole, random); },
        [&] { load_tokenizer(folder.path()); });
}

TEST_CASE("damaged TensorFlow indexes") {
    tests::TempFolder folder;
    tests::write_tiny_release(folder.path());
    const auto entries = tests::tiny_tf_index();
    const std::string block = tests::table_block(entries);
    const std::string whole = tests::table_file({block});
    auto damaged = [&](Random& random) {
        switch (random() % 3) {
            case 0:
                return damage(whole, random);  // mostly a wrong checksum
            case 1:
                return tests::table_file({damage(block, random)});
            default: {
                auto changed = entries;
                auto one =
                    std::next(changed.begin(), static_cast<long>(below(random, changed.size())));
                one->second = damage(one->second, random);
                return tests::table_file({tests::table_block(changed)});
            }
        }
    };
    survive(folder.path(), "model.ckpt.index", damaged, [&] { model::load_model(folder.path()); });
}

TEST_CASE("damaged `checkpoint` files") {
    tests::TempFolder folder;
    tests::write_tiny_release(folder.path());
    survive(
        folder.path(), "checkpoint",
        [&](Random& random) {
            return damage(
                "model_checkpoint_path: \"model.ckpt\"\n"
                "all_model_checkpoint_paths: \"model.ckpt\"\n",
                random);
        },
        [&] { model::load_model(folder.path()); });
}

TEST_CASE("damaged saved runs") {
    tests::TempFolder folder;
    model::Session session(tests::tiny());
    session.start({0, 1}, {});
    for (const int id : {2, 3, 4}) session.commit(id);
    session.rewind(3);
    for (const int id : {1, 0}) session.commit(id);
    model::Ablation without;
    without.mlps = {1};
    session.branch_with(without);
    model::RunFile run = model::run_file(session, "ab");
    run.view = {{"theme", "dark"}, {"selection", {{"layer", 1}, {"head", 2}}}};
    const std::string whole = model::to_json(run);
    survive(
        folder.path(), "run.stepscope.json", [&](Random& random) { return damage(whole, random); },
        [&] {
            const auto read = model::read_run_file(folder.path() / "run.stepscope.json");
            const auto again = model::replay(read, tests::tiny());
            // What loads is a run: it can be saved, and says the same.
            model::RunFile saved = model::run_file(*again, read.prompt);
            CHECK(saved.length == read.length);
            CHECK(saved.prompt_ids == read.prompt_ids);
            CHECK(again->history().at(again->step()->node).record->id() ==
                  again->path_ids()[static_cast<size_t>(read.length) - 1]);
            const std::string text = model::to_json(saved);
            CHECK(model::to_json(model::parse_run_file(text, "again")) == text);
        });
}
