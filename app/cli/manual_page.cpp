// The man page in roff: what every man page has, around the table of commands.
#include <CLI/CLI.hpp>

#include "app/cli/manual.h"

namespace app {

namespace {

constexpr const char* date = "2026-11-26";  // of the words below

constexpr const char* description = R"(.SH DESCRIPTION
.B stepscope
drives a GPT\-2 style model one token at a time and shows, before each token
is appended, what the model computed: the attention of every head, what every
layer added, and the ranking of all tokens at the last position, of which one
is about to be chosen.
.PP
Without a command it opens the window, on a prompt, a saved run or a lesson.
The H key lists all keys.
The commands need no display.
Results go to standard output, everything else to standard error.
)";

constexpr const char* rest = R"(.SH EXIT STATUS
.TP
.B 0
It is done.
.TP
.B 1
It failed: one line on standard error says what and where, and what to do.
.TP
.B 2
The command line is wrong.
.TP
.B 130
It was interrupted; what an export had not finished is not written, and a
download goes on the next time.
.SH ENVIRONMENT
.TP
.B HF_HUB_CACHE\fR, \fBHF_HOME\fR, \fBXDG_CACHE_HOME
Where the Hugging Face cache lies, whose models can be named and into which
.B get
fetches. A ~ at the beginning is the home folder.
.TP
.B HF_TOKEN\fR, \fBHF_TOKEN_PATH
A token for models that are not open to everybody, or a file of it. Only the
hub gets it.
.TP
.B HF_ENDPOINT
Another hub than
.IR https://huggingface.co .
.TP
.B HF_HUB_OFFLINE\fR, \fBTRANSFORMERS_OFFLINE
Nothing is fetched when it is 1, on, yes or true.
.TP
.B HF_HUB_DOWNLOAD_TIMEOUT
Seconds without a byte until a connection counts as broken: 30 unless it is
set.
.TP
.B https_proxy\fR, \fBhttp_proxy\fR, \fBall_proxy\fR, \fBno_proxy
Proxies.
.TP
.B SSL_CERT_FILE\fR, \fBCURL_CA_BUNDLE
A file of certificates to trust instead of the system's.
.TP
.B XDG_DATA_HOME
Where runs and exports are kept, instead of
.IR \(ti/.local/share .
.SH FILES
.TP
.I \(ti/.local/share/stepscope/runs
Saved runs,
.IR NAME.stepscope.json .
.TP
.I \(ti/.local/share/stepscope/exports
What the window exports.
.TP
.I PREFIX/share/stepscope
The bundled model, the lessons and the fonts, found beside the program
wherever it was moved.
.SH EXAMPLES
.TP
.B stepscope \-\-prompt \(dqTom gave the ball to Mia. Then\(dq
Opens the window on a text.
.TP
.B stepscope generate \-\-prompt \(dqThe old king\(dq \-\-steps 5 \-\-print ranking
Prints a table of each step.
.TP
.B stepscope export \-\-prompt \(dqThe old king\(dq \-\-steps 5 \-o run.pdf
Writes a run as slides.
.TP
.B stepscope export \-\-lesson induction \-o handout.pdf
Writes a lesson as a handout.
.TP
.B stepscope get gpt2
Fetches GPT\-2 from the Hugging Face hub, to be opened with
.BR \-\-model\ gpt2 .
.TP
.B stepscope info \(ti/models/gpt2
Prints the shape of a model.
)";

// As roff shows it unchanged.
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool starts_line = out.empty() || out.back() == '\n';
        if (starts_line && (c == '.' || c == '\'')) out += "\\&";
        switch (c) {
            case '\\':
                out += "\\e";
                break;
            case '-':
                out += "\\-";
                break;
            case '~':
                out += "\\(ti";
                break;
            case '^':
                out += "\\(ha";
                break;
            case '`':
                out += "\\(ga";
                break;
            case '"':
                out += "\\(dq";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string bold(const std::string& text) {
    return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(const std::string& text) {
    return "\\fI" + escaped(text) + "\\fR";
}

// In lines that are short enough for a source of a man page.
std::string wrapped(const std::string& text) {
    constexpr size_t longest = 70;  // before it is escaped
    std::string out;
    size_t width = 0;
    for (const std::string& word : CLI::detail::split(text, ' ')) {
        const bool fits = width + word.size() < longest;
        if (!out.empty()) out += fits ? ' ' : '\n';
        width = fits ? width + word.size() + 1 : word.size();
        out += word;
    }
    return escaped(out) + "\n";
}

std::string item(const ManualFlag& flag) {
    std::string out = ".TP\n";
    const bool has_flag = flag.names.front().starts_with("-");
    for (size_t i = 0; i < flag.names.size(); ++i) {
        out += (i ? ", " : "") + (has_flag ? bold(flag.names[i]) : italic(flag.names[i]));
    }
    if (has_flag && !flag.type.empty()) {
        out += " " + italic(flag.type) +
               (flag.value.delimiter ? std::string("[") + flag.value.delimiter + "...]" : "");
    }
    if (flag.many && !flag.value.delimiter) out += "...";
    return out + "\n" + wrapped(flag.help + (flag.required ? " (required)" : ""));
}

std::string items(const ManualCommand& command) {
    std::string out;
    for (const ManualFlag& argument : command.arguments) out += item(argument);
    for (const ManualFlag& flag : command.flags) out += item(flag);
    return out;
}

std::string paragraphs(const std::string& text) {
    std::string out;
    for (const std::string& line : CLI::detail::split(text, '\n')) {
        if (!line.empty()) out += ".PP\n" + wrapped(line);
    }
    return out;
}

std::string usage(const ManualCommand& command, const std::string& name) {
    std::string out = bold(name) + " [" + italic("OPTION") + "]...";
    for (const ManualFlag& flag : command.flags) {
        if (flag.required) out += " " + bold(flag.names.front()) + " " + italic(flag.type);
    }
    for (const ManualFlag& argument : command.arguments) {
        const std::string word = italic(argument.names.front()) + (argument.many ? "..." : "");
        out += argument.required ? " " + word : " [" + word + "]";
    }
    return out + "\n";
}

}  // namespace

std::string man_page(const std::vector<ManualCommand>& commands) {
    const ManualCommand& program = commands.front();
    const std::string version = std::string(program.name) + " " + STEPSCOPE_VERSION;
    std::string out =
        ".TH STEPSCOPE 1 " + std::string(date) + " \"" + version + "\" \"User Commands\"\n";
    out += ".SH NAME\n" + program.name + " \\- show how a language model writes, token by token\n";
    out += ".SH SYNOPSIS\n.nh\n" + usage(program, program.name);
    for (size_t i = 1; i < commands.size(); ++i) {
        out += ".br\n" + usage(commands[i], program.name + " " + commands[i].name);
    }
    out += ".hy\n";
    out += description;
    out += ".SH OPTIONS\nOf the window:\n" + items(program) + ".SH COMMANDS\n";
    for (size_t i = 1; i < commands.size(); ++i) {
        out += ".SS " + commands[i].name + "\n" + wrapped(commands[i].help) + items(commands[i]) +
               paragraphs(commands[i].footer);
    }
    return out + rest;
}

}  // namespace app
