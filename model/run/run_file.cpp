#include "model/run/run_file.h"

#include <algorithm>
#include <set>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/file_set.h"
#include "model/base/json.h"
#include "model/base/json_value.h"
#include "model/decode/options.h"

namespace model {

using nlohmann::json;
using Ordered = nlohmann::ordered_json;

namespace {

constexpr size_t most_bytes = size_t{16} << 20;
constexpr size_t most_tokens = 1 << 16;  // of all branches; each costs a pass
constexpr size_t most_runs = 1024;
constexpr int most_ids = 1 << 24;  // far above any vocabulary

constexpr ChosenBy choosers[] = {ChosenBy::argmax, ChosenBy::sampled, ChosenBy::forced};

Ordered decoding_json(const Decoding& d) {
    Ordered out = {{"strategy", strategy_key(d.strategy)}};
    for (const DecodingOption& option : decoding_options()) {
        out[option.key] =
            option.whole() ? Ordered(static_cast<int>(option.of(d))) : Ordered(option.of(d));
    }
    out["seed"] = d.seed;
    return out;
}

// An option that is missing is off: older files know fewer. Before version 3 they had wider bounds,
// and what lies beyond ours is as near to it as we go.
Decoding read_decoding(const JsonValue& field, int version) {
    Decoding d;
    std::vector<std::string> known{"strategy", "seed"};
    std::string names = "greedy";
    const JsonValue strategy = field["strategy"];
    bool found = strategy.text() == names;
    for (const DecodingOption& option : decoding_options()) {
        known.emplace_back(option.key);
        if (option.samples()) names += std::string(", ") + option.key;
        if (option.samples() && strategy.text() == option.key) {
            d.strategy = option.strategy;
            found = true;
        }
        if (!field.has(option.key)) continue;
        const JsonValue value = field[option.key];
        const double low = std::min(option.least, option.off), high = option.most;
        if (version < 3) {
            const double number = option.whole() ? value.whole(0, most_ids) : value.number(0, 1e9);
            option.set(d, std::clamp(number, low, high));
        } else if (option.whole()) {
            option.set(d, value.whole(static_cast<int>(low), static_cast<int>(high)));
        } else {
            option.set(d, value.number(low, high));
        }
    }
    if (!found) strategy.fail("one of " + names);
    // A rule of a later version, passed over, would make another run of it.
    if (version >= 3) field.only(known);
    d.seed = field["seed"].unsigned_number();
    return d;
}

std::vector<RunFile::Token> read_tokens(const JsonValue& field, size_t room, size_t decodings) {
    const std::vector<JsonValue> items = field.list(0, room);
    std::vector<RunFile::Token> tokens(items.size());
    std::set<std::pair<int, int>> seen;
    for (size_t i = 0; i < tokens.size(); ++i) {
        const JsonValue& token = items[i];
        const JsonValue by = token["by"];
        tokens[i].parent = token["parent"].whole(-1, static_cast<int>(i) - 1);
        tokens[i].id = token["id"].whole(0, most_ids);
        const auto chooser = std::ranges::find(
            choosers, by.text(), [](ChosenBy one) { return std::string(chosen_by_name(one)); });
        if (chooser == std::end(choosers)) by.fail("argmax, sampled or forced");
        tokens[i].by = *chooser;
        tokens[i].decoding = token["decoding"].whole(0, static_cast<int>(decodings) - 1);
        if (!seen.insert({tokens[i].parent, tokens[i].id}).second) {
            token.fail("a token of its own: another one is the same after the same text");
        }
    }
    return tokens;
}

// Tokens that end with `last`, behind the prompt.
std::vector<int> ids_up_to(const std::vector<RunFile::Token>& tokens, int last) {
    std::vector<int> ids;
    for (; last >= 0; last = tokens[static_cast<size_t>(last)].parent) {
        ids.push_back(tokens[static_cast<size_t>(last)].id);
    }
    std::ranges::reverse(ids);
    return ids;
}

const std::vector<int>& prompt_of(const RunFile& file, const RunFile::Run& run) {
    return run.prompt_ids.empty() ? file.prompt_ids : run.prompt_ids;
}

std::vector<int> path_ids(const RunFile& run) {
    const RunFile::Run& selected = run.runs[static_cast<size_t>(run.run)];
    std::vector<int> ids = prompt_of(run, selected);
    const auto more = ids_up_to(selected.tokens, run.path_end);
    ids.insert(ids.end(), more.begin(), more.end());
    return ids;
}

std::vector<int> read_ids(const JsonValue& field, size_t fewest) {
    std::vector<int> ids;
    for (const JsonValue& id : field.list(fewest, most_tokens)) {
        ids.push_back(id.whole(0, most_ids));
    }
    return ids;
}

// What only the model can tell: whether tokens, lengths and left-out parts are its own.
std::vector<Ablation> check_fits(const RunFile& run, const Model& model) {
    const std::string where = run.source.string() + ": ";
    const Config& config = model.config;
    if (run.model_hash != model.hash()) {
        throw Error(where + "was made with " + run.model_name + " (hash " + run.model_hash +
                    "), this is " + config.name + " (hash " + model.hash() +
                    "); open it with its own model (--model)");
    }
    if (run.precision != model.weights.precision) {
        const bool half = run.precision == Precision::f16;
        throw Error(where + "was made with --precision " + (half ? "f16" : "f32") +
                    ", this model is open as " + (half ? "f32" : "f16"));
    }
    auto check_id = [&](int id, const std::string& name) {
        if (id < config.n_vocab) return;
        throw Error(where + name + ": is " + std::to_string(id) +
                    ", outside the vocabulary (0 to " + std::to_string(config.n_vocab - 1) + ")");
    };
    auto check_prompt = [&](const std::vector<int>& ids, const std::string& name) {
        if (ids.size() > static_cast<size_t>(config.n_ctx)) {
            throw Error(where + name + ": are " + std::to_string(ids.size()) +
                        " tokens, the context holds " + std::to_string(config.n_ctx));
        }
        for (size_t i = 0; i < ids.size(); ++i) {
            check_id(ids[i], name + "[" + std::to_string(i) + "]");
        }
    };
    check_prompt(run.prompt_ids, "prompt_ids");
    if (run.prompt && model.tokenizer && model.tokenizer->decode(run.prompt_ids) != *run.prompt) {
        throw Error(where + "prompt: is not the text of prompt_ids");
    }
    std::vector<Ablation> ablations;
    for (size_t r = 0; r < run.runs.size(); ++r) {
        const std::string name = "runs[" + std::to_string(r) + "].";
        ablations.push_back(
            parse_ablation(run.runs[r].ablation, config, where + name + "ablation"));
        check_prompt(run.runs[r].prompt_ids, name + "prompt_ids");
        const std::vector<int>& prompt_ids = prompt_of(run, run.runs[r]);
        const size_t prompt = prompt_ids.size();
        for (size_t other = 0; other < r; ++other) {
            if (ablations[other] == ablations[r] && prompt_of(run, run.runs[other]) == prompt_ids) {
                throw Error(where + name + "ablation: is that of another run");
            }
        }
        const auto& tokens = run.runs[r].tokens;
        std::vector<size_t> length(tokens.size());
        for (size_t i = 0; i < tokens.size(); ++i) {
            const std::string token = name + "tokens[" + std::to_string(i) + "]";
            check_id(tokens[i].id, token + ".id");
            length[i] =
                1 + (tokens[i].parent < 0 ? prompt : length[static_cast<size_t>(tokens[i].parent)]);
            if (length[i] > static_cast<size_t>(config.n_ctx)) {
                throw Error(where + token + ": comes after the end of the context of " +
                            std::to_string(config.n_ctx) + " tokens");
            }
        }
    }
    return ablations;
}

// The nodes of a run's tokens: each stretch without a branch is one pass, along the eldest
// children.
std::vector<NodeId> replay_tokens(const RunFile& file, const RunFile::Run& run, NodeId prompt_end,
                                  Session& session, const StopAsked& stop) {
    const size_t n = run.tokens.size();
    std::vector<size_t> eldest(n, n);
    for (size_t i = n; i-- > 0;) {
        if (const int parent = run.tokens[i].parent; parent >= 0) {
            eldest[static_cast<size_t>(parent)] = i;
        }
    }
    std::vector<NodeId> nodes(n, no_node);
    for (size_t first = 0; first < n; ++first) {
        if (nodes[first] != no_node) continue;
        std::vector<size_t> stretch;
        std::vector<Session::Told> told;
        for (size_t i = first; i < n; i = eldest[i]) {
            const RunFile::Token& token = run.tokens[i];
            stretch.push_back(i);
            told.push_back({token.id, file.decodings[static_cast<size_t>(token.decoding)]});
        }
        const int parent = run.tokens[first].parent;
        const NodeId after = parent < 0 ? prompt_end : nodes[static_cast<size_t>(parent)];
        const std::vector<NodeId> grown = session.grow(after, told, stop);
        for (size_t i = 0; i < stretch.size(); ++i) nodes[stretch[i]] = grown[i];
    }
    return nodes;
}

// The text of these ids: what was typed, where they are its tokens. Another one has them where a
// run went on with what another had appended. None: no text has just these tokens.
std::optional<std::string> text_of(const Model& model, const std::vector<int>& ids,
                                   std::optional<std::string> typed) {
    if (!typed || !model.tokenizer) return typed;
    if (model.tokenizer->encode(*typed) == ids) return typed;
    std::string text = model.tokenizer->decode(ids);
    if (model.tokenizer->encode(text) != ids) return {};
    return text;
}

}  // namespace

RunFile run_file(const Session& session, std::optional<std::string> prompt) {
    const TreePtr tree = session.tree();
    check(!tree->nodes.empty(), "run_file: a run has been started");
    const Model& model = session.model();
    RunFile run;
    run.program = std::string("stepscope ") + STEPSCOPE_VERSION;
    run.model_name = model.config.name;
    run.model_hash = model.hash();
    std::error_code failed;  // where the current folder was removed
    const std::filesystem::path full = std::filesystem::absolute(model.folder, failed);
    run.model_folder = (failed ? model.folder : full).string();
    run.precision = model.weights.precision;
    run.prompt_ids = session.own_prompt();
    run.prompt = text_of(model, run.prompt_ids, std::move(prompt));
    run.use_cache = session.options().use_cache;
    run.stop_at_end = session.options().stop_at_end;
    run.length = static_cast<int>(session.step()->records.size());
    run.decoding = session.decoding();

    std::vector<int> index(tree->nodes.size(), -1);  // of a node in its run's tokens
    int last_run = -1;
    size_t tokens = 0;
    for (size_t i = 0; i < tree->nodes.size(); ++i) {
        const Tree::Node& node = tree->nodes[i];
        if (node.run != last_run) {
            const std::vector<int>& ids = tree->prompts[static_cast<size_t>(node.run)];
            run.runs.push_back({describe(tree->runs[static_cast<size_t>(node.run)]), {}});
            if (ids != run.prompt_ids) run.runs.back().prompt_ids = ids;
            last_run = node.run;
        }
        RunFile::Run& into = run.runs.back();
        if (!tree->in_prompt(node)) {
            const Decoding& decoding = session.history().at(node.id).choice.decoding;
            const auto known = std::ranges::find(run.decodings, decoding);
            const auto at = static_cast<int>(known - run.decodings.begin());
            if (known == run.decodings.end()) run.decodings.push_back(decoding);
            index[i] = static_cast<int>(into.tokens.size());
            into.tokens.push_back(
                {index[static_cast<size_t>(node.parent)], node.token, node.by, at});
            ++tokens;
        }
        if (static_cast<int>(i) == tree->path_end) {
            run.run = static_cast<int>(run.runs.size()) - 1;
            run.path_end = index[i];
        }
    }
    if (tokens > most_tokens || run.runs.size() > most_runs) {
        throw Error("run: has more branches than a file holds (" + std::to_string(most_tokens) +
                    " tokens); remove some");
    }
    return run;
}

std::string to_json(const RunFile& run) {
    std::string out = "{\n";
    auto add = [&](const char* key, const Ordered& value) {
        out += "\"" + std::string(key) + "\": " + json_text(value) + ",\n";
    };
    add("schema_version", run_schema_version);
    add("program", run.program);
    add("model", {{"name", run.model_name},
                  {"hash", run.model_hash},
                  {"folder", run.model_folder},
                  {"precision", run.precision == Precision::f16 ? "f16" : "f32"}});
    add("prompt", run.prompt && is_utf8(*run.prompt) ? Ordered(*run.prompt) : Ordered(nullptr));
    add("prompt_ids", run.prompt_ids);
    add("ids", path_ids(run));
    add("length", run.length);
    add("path", {{"run", run.run}, {"end", run.path_end}});
    add("cache", run.use_cache);
    add("stop_at_end", run.stop_at_end);
    add("decoding", decoding_json(run.decoding));
    Ordered decodings = Ordered::array();
    for (const Decoding& decoding : run.decodings) decodings.push_back(decoding_json(decoding));
    add("decodings", decodings);
    out += "\"runs\": [";
    for (size_t r = 0; r < run.runs.size(); ++r) {
        out += std::string(r ? "," : "") + "\n{\"ablation\": " + json_text(run.runs[r].ablation);
        if (const auto& ids = run.runs[r].prompt_ids; !ids.empty()) {
            out += ", \"prompt_ids\": " + json_text(ids);
        }
        out += ", \"tokens\": [";
        const auto& tokens = run.runs[r].tokens;
        for (size_t i = 0; i < tokens.size(); ++i) {
            out += std::string(i ? "," : "") + "\n  " +
                   json_text({{"parent", tokens[i].parent},
                              {"id", tokens[i].id},
                              {"by", chosen_by_name(tokens[i].by)},
                              {"decoding", tokens[i].decoding}});
        }
        out += "]}";
    }
    out += "],\n\"view\": " + json_text(run.view);
    return out + "\n}\n";
}

void save_run(const std::filesystem::path& path, const RunFile& run) {
    write_file(path, to_json(run));
}

RunFile read_run_file(const std::filesystem::path& path) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored) &&
        !std::filesystem::is_regular_file(path, ignored)) {
        throw Error(path.string() + ": is no file; a saved run is one, named .stepscope.json");
    }
    const auto bytes = std::filesystem::file_size(path, ignored);
    if (!ignored && bytes > most_bytes) {
        throw Error(path.string() + ": is too large for a saved run");
    }
    RunFile run = parse_run_file(read_file(path), path.string());
    run.source = path;
    return run;
}

RunFile parse_run_file(std::string_view text, const std::string& where) {
    if (text.size() > most_bytes) throw Error(where + ": is too large for a saved run");
    const JsonDocument document(text, where, JsonDocument::Told::path);
    const JsonValue file = document.root();
    if (!file.has("schema_version")) {
        throw Error(where + ": is no saved run: it has no schema_version");
    }
    const int version = file["schema_version"].whole(1, INT32_MAX);
    if (version > run_schema_version) {
        throw Error(where + ": has schema_version " + std::to_string(version) +
                    ", which a newer Stepscope wrote; this one reads up to " +
                    std::to_string(run_schema_version));
    }
    RunFile run;
    run.source = where;
    run.program = file["program"].name();
    const JsonValue made_with = file["model"];
    run.model_name = made_with["name"].name();
    const JsonValue hash = made_with["hash"];
    run.model_hash = hash.name();
    if (run.model_hash.size() != 16 ||
        run.model_hash.find_first_not_of("0123456789abcdef") != std::string::npos) {
        hash.fail("16 hexadecimal digits");
    }
    run.model_folder = made_with["folder"].name();
    const JsonValue precision = made_with["precision"];
    if (precision.text() != "f32" && precision.text() != "f16") precision.fail("f32 or f16");
    run.precision = precision.text() == "f16" ? Precision::f16 : Precision::f32;
    if (!file["prompt"].is_null()) run.prompt = file["prompt"].text();
    run.prompt_ids = read_ids(file["prompt_ids"], 1);
    run.use_cache = file["cache"].truth();
    run.stop_at_end = file["stop_at_end"].truth();
    run.decoding = read_decoding(file["decoding"], version);
    for (const JsonValue& decoding : file["decodings"].list(0, most_tokens)) {
        run.decodings.push_back(read_decoding(decoding, version));
    }
    size_t room = most_tokens;
    for (const JsonValue& each : file["runs"].list(1, most_runs)) {
        run.runs.push_back(
            {each["ablation"].name(), read_tokens(each["tokens"], room, run.decodings.size())});
        room -= run.runs.back().tokens.size();
        if (!each.has("prompt_ids")) continue;
        run.runs.back().prompt_ids = read_ids(each["prompt_ids"], 1);
    }
    const JsonValue path = file["path"];
    run.run = path["run"].whole(0, static_cast<int>(run.runs.size()) - 1);
    const auto& tokens = run.runs[static_cast<size_t>(run.run)].tokens;
    run.path_end = path["end"].whole(-1, static_cast<int>(tokens.size()) - 1);
    const std::vector<int> ids = path_ids(run);
    if (read_ids(file["ids"], 1) != ids) {
        throw Error(where + ": ids: are not those of the selected path");
    }
    run.length =
        file["length"].whole(static_cast<int>(ids.size() - ids_up_to(tokens, run.path_end).size()),
                             static_cast<int>(ids.size()));
    if (file.has("view")) run.view = file["view"].value();
    if (!run.view.is_object()) file["view"].fail("an object");
    return run;
}

std::unique_ptr<Session> replay(const RunFile& run, std::shared_ptr<const Model> model,
                                SessionOptions options, const StopAsked& stop) {
    const std::vector<Ablation> ablations = check_fits(run, *model);
    options.use_cache = run.use_cache;
    options.stop_at_end = run.stop_at_end;
    options.ablation = ablations.front();
    auto session = std::make_unique<Session>(std::move(model), options);
    session->start(run.prompt_ids, run.decoding, stop);
    // The run that it starts with may be one that was removed.
    const NodeId first = session->step()->node;
    bool has_first = false;
    NodeId path_end = no_node;
    for (size_t r = 0; r < run.runs.size(); ++r) {
        const NodeId prompt_end = session->begin(ablations[r], prompt_of(run, run.runs[r]), stop);
        has_first = has_first || prompt_end == first;
        const std::vector<NodeId> nodes =
            replay_tokens(run, run.runs[r], prompt_end, *session, stop);
        if (static_cast<int>(r) != run.run) continue;
        path_end = run.path_end < 0 ? prompt_end : nodes[static_cast<size_t>(run.path_end)];
    }
    if (!has_first) session->remove(first);
    session->select(path_end);
    session->rewind(run.length);
    return session;
}

}  // namespace model
