// What a command goes on from: a text, a file or token ids.
#include <algorithm>
#include <charconv>
#include <iostream>

#include "app/cli/cli.h"
#include "app/run/settings.h"
#include "model/base/error.h"
#include "model/base/file.h"

namespace app {

namespace {

constexpr size_t longest_prompt = 64 << 20;  // bytes

std::string read_standard_input() {
    std::string text;
    char piece[1 << 16];
    while (std::cin.read(piece, sizeof piece), std::cin.gcount() > 0) {
        text.append(piece, static_cast<size_t>(std::cin.gcount()));
        if (text.size() > longest_prompt) throw model::Error("--prompt-file -: is over 64 MB");
    }
    if (std::cin.bad()) throw model::Error("--prompt-file -: standard input cannot be read");
    return text;
}

}  // namespace

std::string read_prompt(const std::filesystem::path& file) {
    std::string text = file == standard_input ? read_standard_input() : model::read_file(file);
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

std::vector<int> parse_ids(const std::string& text) {
    const auto refuse = [&] {
        throw model::Error("--ids: \"" + text + "\" is not a list of token ids like 1,2,3");
    };
    std::string_view left = text;
    const auto skip_spaces = [&] {
        left.remove_prefix(std::min(left.find_first_not_of(" \t\r\n"), left.size()));
    };
    const auto skip = [&](char c) {
        skip_spaces();
        const bool there = left.starts_with(c);
        if (there) left.remove_prefix(1);
        return there;
    };
    const bool in_brackets = skip('[');  // as Python prints a list
    std::vector<int> ids;
    do {
        skip_spaces();
        int id = 0;
        const auto [next, bad] = std::from_chars(left.data(), left.data() + left.size(), id);
        if (bad != std::errc()) refuse();
        ids.push_back(id);
        left.remove_prefix(static_cast<size_t>(next - left.data()));
    } while (skip(','));
    if (in_brackets && !skip(']')) refuse();
    skip_spaces();
    if (!left.empty()) refuse();
    return ids;
}

std::vector<int> prompt_ids(const Options& options, const model::Model& model) {
    if (options.has_ids) {
        std::vector<int> ids = parse_ids(options.ids);
        model::check_ids(model, ids);
        return ids;
    }
    return model::encode_prompt(model, options.has_prompt ? options.prompt : default_prompt);
}

std::string prompt_text(const Options& options) {
    if (options.has_ids) return "";
    return options.has_prompt ? options.prompt : default_prompt;
}

}  // namespace app
