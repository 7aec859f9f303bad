// What bash, zsh and fish complete: scripts of their own kind around the table of commands.
#include <map>
#include <set>

#include "app/cli/manual.h"

namespace app {

namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
    return out;
}

std::string with(std::string text, char what, const std::string& instead) {
    for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += instead.size()) {
        text.replace(at, 1, instead);
    }
    return text;
}

std::string quoted(const std::string& text) {
    return "'" + with(text, '\'', "'\\''") + "'";
}

// The first line of a help.
std::string line(const std::string& help) {
    return help.substr(0, help.find('\n'));
}

std::vector<std::string> names_of(const std::vector<ManualCommand>& commands) {
    std::vector<std::string> names;
    for (size_t i = 1; i < commands.size(); ++i) names.push_back(commands[i].name);
    return names;
}

std::string opening(const std::string& shell, const std::string& program) {
    return "# Completes " + program + " in " + shell + ". Made from the table of its flags by `" +
           program + " manual " + shell + "`.\n";
}

// ------------------------------------------------------------------------------------------ bash

// What bash has to do for a value.
std::string bash_value(const ManualValue& value) {
    std::string out;
    if (value.paths == ManualPaths::files) out += "paths=-f ";
    if (value.paths == ManualPaths::folders) out += "paths=-d ";
    if (!value.words.empty()) out += "words=" + quoted(joined(value.words, " ")) + " ";
    if (value.delimiter) out += std::string("list='") + value.delimiter + "' ";
    return out.empty() ? ":" : out.substr(0, out.size() - 1);
}

constexpr const char* bash_begin = R"(_stepscope() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' words='' paths='' list='' ended='' i
    # --flag=value comes as three words.
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            --) ended=1; break ;;
)";

constexpr const char* bash_end = R"(    esac
    COMPREPLY=()
    # After -- there are neither flags nor commands.
    [[ $ended && ! $command ]] && words=''
    local start=''
    if [[ $list && $word == *"$list"* ]]; then
        start=${word%"$list"*}$list
    fi
    if [[ $words ]]; then
        mapfile -t COMPREPLY < <(compgen -P "$start" -W "$words" -- "${word#"$start"}")
    fi
    if [[ $paths ]]; then
        # The word is as it was typed: with a quote that is open, or with backslashes.
        case $word in
            \'* | \"*) word=${word:1} ;;
            *) word=${word//\\/} ;;
        esac
        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen $paths -- "$word")
        compopt -o filenames 2>/dev/null
    fi
}
complete -F _stepscope stepscope
)";

// ------------------------------------------------------------------------------------------- zsh

// Inside of a spec of _arguments.
std::string zsh_text(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string zsh_value(const ManualFlag& flag) {
    const ManualValue& value = flag.value;
    const std::string paths = value.paths == ManualPaths::files     ? "_files"
                              : value.paths == ManualPaths::folders ? "_files -/"
                                                                    : "";
    if (value.words.empty()) return paths.empty() ? " " : paths;
    if (value.delimiter) {
        return std::string("_sequence -s ") + value.delimiter + " compadd - " +
               joined(value.words, " ");
    }
    const std::string words = joined(value.words, " ");
    if (paths.empty()) return "(" + zsh_text(words) + ")";
    return "{ compadd - " + words + "; " + paths + " }";
}

std::string zsh_flags(const ManualCommand& command, const std::string& indent) {
    std::string out;
    for (const ManualFlag& flag : command.flags) {
        for (const std::string& name : flag.names) {
            std::string spec = "(" + joined(flag.names, " ") + ")" + name;
            if (!flag.type.empty() && name.starts_with("--")) spec += "=";
            spec += "[" + zsh_text(line(flag.help)) + "]";
            if (!flag.type.empty()) spec += ":" + zsh_text(flag.type) + ":" + zsh_value(flag);
            out += " \\\n" + indent + quoted(spec);
        }
    }
    return out;
}

std::string zsh_arguments(const ManualCommand& command, const std::string& indent) {
    std::string out;
    for (const ManualFlag& argument : command.arguments) {
        out += " \\\n" + indent +
               quoted((argument.many ? "*:" : ":") + zsh_text(argument.names.front()) + ":" +
                      zsh_value(argument));
    }
    return out;
}

// ------------------------------------------------------------------------------------------ fish

std::string fish_quoted(const std::string& text) {
    return "'" + with(with(text, '\\', "\\\\"), '\'', "\\'") + "'";
}

std::string fish_value(const ManualValue& value) {
    std::string words = joined(value.words, " ");
    if (value.delimiter) {
        words = std::string("(__fish_append ") + value.delimiter + " " + words + ")";
    }
    if (value.paths == ManualPaths::folders) words += " (__fish_complete_directories)";
    const std::string files = value.paths == ManualPaths::files ? " -F" : " -f";
    return files + (words.empty() ? "" : " -a " + fish_quoted(words));
}

std::vector<std::string> flags_with_values(const std::vector<ManualCommand>& commands) {
    std::set<std::string> names;
    for (const ManualCommand& command : commands) {
        for (const ManualFlag& flag : command.flags) {
            if (!flag.type.empty()) names.insert(flag.names.begin(), flag.names.end());
        }
    }
    return {names.begin(), names.end()};
}

}  // namespace

std::string bash_completion(const std::vector<ManualCommand>& commands) {
    const std::string program = commands.front().name;
    std::string out = opening("bash", program) + bash_begin;
    // What a flag takes is neither a command nor the end of the flags.
    out += "            " + joined(flags_with_values(commands), " | ") +
           ")\n                [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))\n"
           "                ((i++)) ;;\n            " +
           joined(names_of(commands), " | ") +
           ") command=${command:-${COMP_WORDS[i]}} ;;\n        esac\n    done\n" +
           "    [[ $ended ]] && before=''\n    case \"$command $before\" in\n";
    std::map<std::string, std::string> patterns;  // by what is done for them
    for (const ManualCommand& command : commands) {
        const std::string name = &command == commands.data() ? "" : command.name;
        for (const ManualFlag& flag : command.flags) {
            if (flag.type.empty()) continue;
            std::string& same = patterns[bash_value(flag.value)];
            for (const std::string& each : flag.names) {
                same += (same.empty() ? "" : " | ") + quoted(name + " " + each);
            }
        }
    }
    for (const auto& [action, same] : patterns) out += "        " + same + ") " + action + " ;;\n";
    // Neither the value of a flag: a flag, a command or an argument.
    out += "        *) case \"$command ${ended:-$word}\" in\n";
    for (const ManualCommand& command : commands) {
        const bool top = &command == commands.data();
        std::vector<std::string> flags;
        for (const ManualFlag& flag : command.flags) {
            flags.insert(flags.end(), flag.names.begin(), flag.names.end());
        }
        ManualValue value;
        if (!command.arguments.empty()) value = command.arguments.front().value;
        if (top) value.words = names_of(commands);
        const std::string name = quoted((top ? "" : command.name) + " ");
        out += "            " + name + "-*) words=" + quoted(joined(flags, " ")) + " ;;\n" +
               "            " + name + "*) " + bash_value(value) + " ;;\n";
    }
    return out + "        esac ;;\n" + bash_end;
}

std::string zsh_completion(const std::vector<ManualCommand>& commands) {
    const ManualCommand& program = commands.front();
    std::string out = "#compdef " + program.name + "\n" + opening("zsh", program.name);
    out += "_stepscope_commands() {\n    local -a commands=(";
    for (size_t i = 1; i < commands.size(); ++i) {
        out += "\n        " + quoted(commands[i].name + ":" + line(commands[i].help));
    }
    out += ")\n    _describe command commands\n    _files\n}\n";
    out += "local curcontext=$curcontext state line\ntypeset -A opt_args\n";
    out += "_arguments -C" + zsh_flags(program, "    ") +
           " \\\n    '1:command:_stepscope_commands' \\\n    '*::argument:->rest'\n" +
           "[[ $state == rest ]] || return 0\ncase $line[1] in\n";
    for (size_t i = 1; i < commands.size(); ++i) {
        out += "    " + commands[i].name + ") _arguments" + zsh_flags(commands[i], "        ") +
               zsh_arguments(commands[i], "        ") + " ;;\n";
    }
    return out + "esac\n";
}

std::string fish_completion(const std::vector<ManualCommand>& commands) {
    const std::string program = commands.front().name;
    std::string out = opening("fish", program);
    for (const ManualCommand& command : commands) {
        const bool top = &command == commands.data();
        const std::string begin = "complete -c " + program + " -n " +
                                  fish_quoted(top ? "__fish_use_subcommand"
                                                  : "__fish_seen_subcommand_from " + command.name);
        if (!top) {
            out += "complete -c " + program + " -n __fish_use_subcommand -a " + command.name +
                   " -d " + fish_quoted(line(command.help)) + "\n";
        }
        for (const ManualFlag& flag : command.flags) {
            out += begin;
            for (const std::string& name : flag.names) {
                out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            }
            if (!flag.type.empty()) out += " -r" + fish_value(flag.value);
            out += " -d " + fish_quoted(line(flag.help)) + "\n";
        }
        if (top) continue;
        if (command.arguments.empty()) out += begin + " -f\n";
        for (const ManualFlag& argument : command.arguments) {
            out += begin + fish_value(argument.value) + "\n";
        }
    }
    return out;
}

}  // namespace app
