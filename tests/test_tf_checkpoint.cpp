// OpenAI's original releases: the same weights as a safetensors folder gives, and what is refused.
#include <doctest/doctest.h>

#include <cstring>

#include "model/base/error.h"
#include "model/load/sstable.h"
#include "model/load/tf_checkpoint.h"
#include "model/run/session.h"
#include "tests/support.h"
#include "tests/tf_release.h"

namespace fs = std::filesystem;
using tests::error_of;

namespace {

const char* const data_file = "model.ckpt.data-00000-of-00001";

// The message with which a release is refused whose index has been replaced.
std::string index_error(const std::string& index) {
    tests::TempFolder folder;
    tests::write_tiny_release(folder.path());
    tests::write(folder / "model.ckpt.index", index);
    const auto message = error_of([&] { model::load_model(folder.path()); });
    CHECK_MESSAGE(message.find("model.ckpt.index") != std::string::npos, message);
    return message;
}

// The same for one entry of the index.
std::string entry_error(const std::string& name, const std::string& entry) {
    auto entries = tests::tiny_tf_index();
    entries[name] = entry;
    return index_error(tests::table_file({tests::table_block(entries)}));
}

bool mentions(const std::string& message, const std::string& part) {
    INFO(message);
    return message.find(part) != std::string::npos;
}

std::vector<float> logits(const model::Model& model) {
    model::Session session(std::shared_ptr<const model::Model>(&model, [](auto*) {}), {});
    session.start({1, 2, 3}, {});
    std::vector<float> values;
    for (const auto& candidate : session.step()->ranking.candidates) {
        values.push_back(candidate.logit);
        values.push_back(static_cast<float>(candidate.id));
    }
    return values;
}

}  // namespace

TEST_CASE("the checksum is Castagnoli's, masked as tables mask it") {
    CHECK(model::crc32c("123456789") == 0xE3069283);
    CHECK(model::crc32c(std::string(32, '\0')) == 0x8A9136AA);  // RFC 3720
    CHECK(model::crc32c("") == 0);
    CHECK(model::masked_crc32c("foo") != model::crc32c("foo"));
}

TEST_CASE("base-128 numbers") {
    for (const uint64_t value : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{300},
                                 uint64_t{1} << 32, ~uint64_t{0}}) {
        const std::string bytes = tests::varint(value) + "x";
        std::string_view rest = bytes;
        CHECK(model::take_varint(rest) == value);
        CHECK(rest == "x");
        std::string_view cut = std::string_view(bytes).substr(0, bytes.size() - 2);
        CHECK_FALSE(model::take_varint(cut));
    }
    for (const std::string& wrong :
         {std::string(10, '\xff'), std::string(11, '\x80'), std::string(9, '\xff') + '\x02'}) {
        std::string_view rest = wrong;
        CHECK_FALSE(model::take_varint(rest));
    }
}

TEST_CASE("names are spelled as the original releases spell them") {
    using model::TfCheckpoint;
    CHECK(TfCheckpoint::spelled("wte.weight") == "model/wte");
    CHECK(TfCheckpoint::spelled("wpe.weight") == "model/wpe");
    CHECK(TfCheckpoint::spelled("h.0.ln_1.weight") == "model/h0/ln_1/g");
    CHECK(TfCheckpoint::spelled("h.11.ln_2.bias") == "model/h11/ln_2/b");
    CHECK(TfCheckpoint::spelled("h.0.attn.c_attn.weight") == "model/h0/attn/c_attn/w");
    CHECK(TfCheckpoint::spelled("h.47.mlp.c_proj.bias") == "model/h47/mlp/c_proj/b");
    CHECK(TfCheckpoint::spelled("ln_f.weight") == "model/ln_f/g");
}

TEST_CASE("an original release gives the same numbers as its safetensors folder") {
    tests::TempFolder folder, release;
    tests::write_tiny_model(folder.path());
    tests::write_tiny_release(release.path());
    const auto ours = model::load_model(folder.path());
    const auto theirs = model::load_model(release.path());
    CHECK(theirs->config.n_layer == 2);
    CHECK(theirs->config.d_mlp == 32);
    CHECK(theirs->config.n_ctx == 6);
    CHECK(theirs->config.end_tokens.empty());
    CHECK(theirs->config.tied);
    CHECK(theirs->config.ln_eps == 1e-5f);
    CHECK(theirs->weights.n_parameters == ours->weights.n_parameters);
    CHECK(theirs->weights.stored_as == "F32");
    CHECK(theirs->hash() == ours->hash());  // the tensors lie in the same order
    CHECK(logits(*theirs) == logits(*ours));
}

TEST_CASE("GPT-2's own end of text follows from its vocabulary") {
    tests::TempFolder folder;
    tests::write(
        folder / "hparams.json",
        R"({"n_layer": 12, "n_head": 12, "n_embd": 768, "n_vocab": 50257, "n_ctx": 1024})");
    CHECK(model::read_config(folder.path()).end_tokens == std::vector{50256});
    tests::write(folder / "hparams.json", R"({"n_layer": 12, "n_head": 12, "n_embd": 768})");
    const auto message = error_of([&] { model::read_config(folder.path()); });
    CHECK(mentions(message, "hparams.json: \"n_vocab\" is missing"));
}

TEST_CASE("the file `checkpoint` says which one is read") {
    tests::TempFolder folder;
    tests::write_tiny_release(folder.path());
    const auto expected = logits(*model::load_model(folder.path()));
    fs::remove(folder / "checkpoint");
    CHECK(logits(*model::load_model(folder.path())) == expected);

    fs::rename(folder / "model.ckpt.index", folder / "model-7.index");
    fs::rename(folder / data_file, folder / "model-7.data-00000-of-00001");
    for (const char* text : {"model_checkpoint_path: \"model-7\"\n",
                             "# last\nmodel_checkpoint_path:\"/home/ada/run1/model-7\"",
                             "model_checkpoint_path: \"../run1/model-7\"\n"}) {
        tests::write(folder / "checkpoint", text);
        CHECK(logits(*model::load_model(folder.path())) == expected);
    }
    for (const char* text : {"", "model_checkpoint_path:", "model_checkpoint_path: \"",
                             "model_checkpoint_path: \"model-7\n\"", "all_model_checkpoint_paths:",
                             "model_checkpoint_path: \"\"", "model_checkpoint_path: \"a/\""}) {
        CAPTURE(text);
        tests::write(folder / "checkpoint", text);
        CHECK(mentions(error_of([&] { model::load_model(folder.path()); }),
                       "checkpoint: \"model_checkpoint_path\" is missing"));
    }
    tests::write(folder / "checkpoint", "model_checkpoint_path: \"model-8\"\n");
    CHECK(mentions(error_of([&] { model::load_model(folder.path()); }), "model-8.index"));
    fs::remove(folder / "checkpoint");
    CHECK(mentions(error_of([&] { model::load_model(folder.path()); }), "model.ckpt.index"));
}

TEST_CASE("many blocks are read as one table") {
    const auto all = tests::tiny_tf_index();
    std::vector<std::string> blocks;
    tests::TableEntries part;
    for (const auto& entry : all) {
        part.insert(entry);
        if (part.size() < 5) continue;
        blocks.push_back(tests::table_block(part));
        part.clear();
    }
    blocks.push_back(tests::table_block(part));
    const std::string file = tests::table_file(blocks);
    const auto entries = model::read_sstable(file, "F");
    REQUIRE(entries.size() == all.size());
    size_t i = 0;
    for (const auto& [key, value] : all) {
        CHECK(entries[i].first == key);
        CHECK(entries[i++].second == value);
    }
    std::swap(blocks[1], blocks[2]);
    CHECK(mentions(index_error(tests::table_file(blocks)), "damaged"));
}

TEST_CASE("tables that are wrong are refused") {
    const std::string block = tests::table_block(tests::tiny_tf_index());
    const std::string whole = tests::table_file({block});
    CHECK(mentions(index_error(""), "not the index"));
    CHECK(mentions(index_error("pickle"), "not the index"));
    CHECK(mentions(index_error(whole.substr(0, whole.size() - 1)), "not the index"));
    CHECK(mentions(index_error(tests::table_file({block}, 1)), "compressed (Snappy)"));
    CHECK(mentions(index_error(tests::table_file({block}, 9)), "compressed (kind 9)"));
    CHECK(mentions(index_error(tests::table_file({})), "no header"));
    CHECK(
        mentions(index_error(tests::table_file({tests::table_block({{"a", "b"}})})), "no header"));
    CHECK(mentions(index_error(std::string(2 << 20, 'x')), "2097152 bytes"));

    std::string changed = whole;
    changed[20] = static_cast<char>(changed[20] ^ 1);
    CHECK(mentions(index_error(changed), "the block at byte 0 is damaged"));

    // Blocks with valid checksums that make no sense: too short, too many restart points, a key
    // that shares more than there is, a value beyond the end, keys out of order, a key too long.
    const std::string end = tests::table_block({});
    for (const std::string& wrong :
         {std::string("abc"), std::string("\x00\x00\x00\xff", 4), "\x05\x01\x01" + ("kv" + end),
          std::string("\x00\x01\x7f", 3) + "kv" + end,
          std::string("\x00\x01\x00"
                      "b"
                      "\x00\x01\x00"
                      "a",
                      8) +
              end,
          tests::table_block({{"", tests::tf_header()}, {std::string(600, 'k'), ""}})}) {
        CHECK(mentions(index_error(tests::table_file({wrong})), "damaged"));
    }
}

TEST_CASE("entries that are wrong are refused by name") {
    using tests::tf_entry;
    const std::string name = "model/h1/ln_1/b";
    CHECK(mentions(entry_error("", tests::tf_header(2)), "spread over 2 files"));
    CHECK(mentions(entry_error("", tests::tf_header(1, 1)), "big-endian"));
    CHECK(mentions(entry_error("", "\x0a"), "damaged"));
    struct Case {
        std::string entry;
        const char* why;
    };
    for (const auto& [entry, why] : {
             Case{"\xff", "damaged"},
             Case{std::string("\x00", 1), "damaged"},
             Case{"\x0b", "damaged"},
             Case{"\x12\x7f", "damaged"},
             Case{"\x12\x02\x12\x09", "damaged"},
             Case{tf_entry(3, {8}, 0, 32), "has dtype DT_INT32"},
             Case{tf_entry(9, {8}, 0, 64), "has dtype DT_INT64"},
             Case{tf_entry(77, {8}, 0, 64), "has dtype DT_77"},
             Case{tf_entry(1, {9}, 0, 36), "has shape [9]"},
             Case{tf_entry(1, {1, 8}, 0, 32), "has shape [1, 8]"},
             Case{tf_entry(1, {8}, 0, 28), "32 bytes is stored in 28"},
             Case{tf_entry(1, {8}, uint64_t{1} << 40, 32), "cut off"},
             Case{tf_entry(1, {8}, ~uint64_t{0} - 15, 32), "cut off"},
             Case{tf_entry(1, {-1}, 0, 32), "impossible shape"},
             Case{tf_entry(1, {1 << 30, 1 << 30, 1 << 30}, 0, 32), "impossible shape"},
             Case{tf_entry(1, {8}, 0, 32) + "\x3a\x01x", "slices"},
         }) {
        const auto message = entry_error(name, entry);
        CHECK(mentions(message, why));
        CHECK(mentions(message, "\"" + name + "\""));
    }
    auto entries = tests::tiny_tf_index();
    entries.erase(name);
    entries["global_step"] = tf_entry(9, {}, 0, 8);  // what nobody asks for may be anything
    CHECK(mentions(index_error(tests::table_file({tests::table_block(entries)})),
                   "tensor \"" + name + "\" is missing"));
}

TEST_CASE("data that is cut off or missing is named") {
    tests::TempFolder folder;
    tests::write_tiny_release(folder.path());
    fs::resize_file(folder / data_file, 100);
    CHECK(mentions(error_of([&] { model::load_model(folder.path()); }), "cut off"));
    fs::resize_file(folder / data_file, 0);
    CHECK(mentions(error_of([&] { model::load_model(folder.path()); }), "cut off"));
    fs::remove(folder / data_file);
    CHECK(mentions(error_of([&] { model::load_model(folder.path()); }), data_file));
}
