// Other programs, run by this one: found on the path, with none of our files and with the signals
// as a shell would leave them.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app {

// A file descriptor, closed at the end. Programs that are run do not inherit it.
class Descriptor {
  public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor& operator=(Descriptor&&) = delete;
    int number() const { return number_; }
    bool open() const { return number_ >= 0; }
    void close();

  private:
    int number_;
};

// A file in memory without a name, with this text; not open where the system has no room for it.
Descriptor memory_file(std::string_view text = {});
std::string text_of(const Descriptor& file);

// Whether a program of this name can be run.
bool has_program(const std::string& name);

class Process {
  public:
    // Standard input and output are these; -1: nothing, and nowhere. `extra` is its descriptor 3.
    Process(const std::vector<std::string>& words, int in, int out, int extra = -1);
    ~Process();  // ends one that still runs
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t id() const { return id_; }  // 0: it could not be run
    // Waits for its end; whether that was a good one.
    bool finish();

  private:
    pid_t id_ = 0;
};

// Ends all that still run, for a process that ends itself. Takes a lock.
void end_programs();

// Runs a program to its end: it reads `input`, and what it writes comes back where that is asked
// for. None: it could not be run, or failed.
std::optional<std::string> run_program(const std::vector<std::string>& words,
                                       std::string_view input = {}, bool wants_output = false);

}  // namespace app
