#include "app/cli/manual.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "model/base/error.h"

namespace app {

namespace {

struct Form {
    const char* name;
    std::string (*write)(const std::vector<ManualCommand>&);
};

constexpr Form forms[] = {{"man", man_page},
                          {"bash", bash_completion},
                          {"zsh", zsh_completion},
                          {"fish", fish_completion}};

// "{a,b}", as the check of an option that is one of some words describes itself; else none.
std::vector<std::string> choices(const std::string& type) {
    const size_t begin = type.find('{'), end = type.rfind('}');
    if (begin == std::string::npos || end == std::string::npos) return {};
    return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

// What people should put there: the first word of what CLI11 has to say about the type.
std::string plain_type(const std::string& type) {
    const std::string word = type.substr(0, type.find_first_of(": "));
    return word == "INT" || word == "UINT" || word == "FLOAT" ? "NUMBER" : word;
}

ManualFlag flag_of(const CLI::Option& option, const ManualValues& known) {
    ManualFlag flag;
    flag.names = CLI::detail::split(option.get_name(option.get_positional(), true), ',');
    flag.help = option.get_description();
    flag.required = option.get_required();
    if (option.get_type_size() == 0) return flag;
    const std::string type = option.get_type_name();
    flag.type = plain_type(type);
    if (const auto found = known.find(flag.type); found != known.end()) flag.value = found->second;
    if (const auto words = choices(type); !words.empty()) {
        flag.value.words = words;
        flag.type = CLI::detail::join(words, "|");
    }
    flag.value.delimiter = option.get_delimiter();
    flag.many = option.get_expected_max() > 1;
    return flag;
}

ManualCommand command_of(const CLI::App& app, const ManualValues& known) {
    ManualCommand command{app.get_name(), app.get_description(), {}, {}, app.get_footer()};
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_group().empty()) continue;
        auto& list = option->get_positional() ? command.arguments : command.flags;
        list.push_back(flag_of(*option, known));
    }
    return command;
}

}  // namespace

std::vector<ManualCommand> manual_commands(const CLI::App& program, const ManualValues& known) {
    std::vector<ManualCommand> commands{command_of(program, known)};
    for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
        if (!command->get_group().empty()) commands.push_back(command_of(*command, known));
    }
    return commands;
}

std::vector<std::string> manual_forms() {
    std::vector<std::string> names;
    for (const Form& form : forms) names.emplace_back(form.name);
    return names;
}

void print_manual(const CLI::App& program, const ManualValues& known, const std::string& form) {
    for (const Form& each : forms) {
        if (form == each.name) std::cout << each.write(manual_commands(program, known));
    }
    std::cout.flush();
    if (!std::cout) throw model::Error("stdout: cannot be written");
}

}  // namespace app
