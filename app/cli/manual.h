// The command line told outside of the program: its man page and what shells complete, from the
// CLI::App alone. The hidden command `stepscope manual` prints them.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace app {

enum class ManualPaths { none, files, folders };

// What a value may be: one of some words, a path, or anything when both are empty.
struct ManualValue {
    std::vector<std::string> words;
    ManualPaths paths = ManualPaths::none;
    char delimiter = '\0';  // between several values in one word
};
// By the type name of an option: "VIEW", "FILE".
using ManualValues = std::map<std::string, ManualValue>;
ManualValues manual_values();

// A flag, or an argument that has no flag.
struct ManualFlag {
    std::vector<std::string> names;  // "-o", "--out"; an argument's has no dashes
    std::string type;                // "FILE"; empty when the flag takes no value
    std::string help;
    ManualValue value;
    bool required = false, many = false;
};

struct ManualCommand {
    std::string name, help;
    std::vector<ManualFlag> flags, arguments;
    std::string footer;  // paragraphs, one a line
};

// The program itself first, then its commands; hidden ones are left out.
std::vector<ManualCommand> manual_commands(const CLI::App& program, const ManualValues& known);

std::string man_page(const std::vector<ManualCommand>& commands);
std::string bash_completion(const std::vector<ManualCommand>& commands);
std::string zsh_completion(const std::vector<ManualCommand>& commands);
std::string fish_completion(const std::vector<ManualCommand>& commands);

// man, bash, zsh, fish.
std::vector<std::string> manual_forms();
// Prints one of them. Throws model::Error when stdout cannot be written.
void print_manual(const CLI::App& program, const ManualValues& known, const std::string& form);

}  // namespace app
