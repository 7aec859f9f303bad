// The one table of the command line: every command with its flags and what runs it. --help, the man
// page and what shells complete are told from it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <utility>
#include <vector>

#include "app/cli/cli.h"

namespace app {

// A new command: a member add_NAME that the constructor calls, and its `run` in a file
// app/cli/NAME.
class CommandLine {
  public:
    CommandLine();
    CommandLine(const CommandLine&) = delete;  // the commands point into it
    CommandLine& operator=(const CommandLine&) = delete;

    // Does what the arguments ask for; the exit status. Throws what the commands throw.
    int run(int argc, char** argv);

  private:
    using Run = std::function<int(const Options&)>;

    int act(int argc, char** argv);
    CLI::App& add(const char* name, const char* help, Run run);
    void add_window(Options& o);
    void add_class(Options& o);
    void add_generate(Options& o);
    void add_trace(Options& o);
    void add_export(Options& o);
    void add_tokenize(Options& o);
    void add_info(Options& o);
    void add_bench(Options& o);
    void add_lessons(Options& o);
    void add_get(Options& o);
    void add_manual(Options& o);

    CLI::App program_;
    Options options_;
    std::vector<std::pair<const CLI::App*, Run>> commands_;
};

}  // namespace app
