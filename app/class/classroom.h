// What a class and its teacher's window tell each other: the window says what phones show, phones
// say what comes next. Any thread; nothing waits long. No names, no addresses: a voter is a random
// number that lives as long as this does.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/class/allowance.h"
#include "model/pass/model.h"
#include "viz/scene/guesses.h"

namespace app {

// What phones show.
struct ClassView {
    enum class Phase {
        look,     // nobody is asked
        vote,     // votes are taken
        closed,   // not any more, and not revealed yet
        revealed  // what the guesses were worth
    };
    struct Offer {
        int id = 0;  // of a token
        std::string shown;
        bool operator==(const Offer&) const = default;
    };
    struct Result {
        int id = 0;
        std::string shown;
        int votes = 0;
        double probability = 0;  // that the model gives it
        double bits = 0;         // -log2 of that
        bool operator==(const Result&) const = default;
    };

    Phase phase = Phase::look;
    std::vector<int> ids;         // of the text whose next token is asked for
    std::string prompt, written;  // that text, as it can be drawn: typed, and appended since
    std::vector<Offer> offers;    // candidates
    std::vector<Result> results;  // once revealed: all that were voted for, and the likeliest
    int votes = 0;
    double class_bits = 0, model_bits = 0;  // means, as viz::ClassScore has them
    std::string run;                        // the teacher's run as a link; empty: not to be had now
    bool operator==(const ClassView&) const = default;
};

// A piece of JSON that is made once and sent to many.
struct ClassPage {
    std::string json;
    std::string etag;
};
using ClassPagePtr = std::shared_ptr<const ClassPage>;

class Classroom {
  public:
    using Clock = std::chrono::steady_clock;

    Classroom();

    // The window's side.

    // `model`: whose tokenizer makes a token of what is typed.
    void show(ClassView view, std::shared_ptr<const model::Model> model);
    struct Count {
        int there = 0;  // phones that asked in the last seconds
        int voted = 0;  // of all that ever came, at this text
        bool operator==(const Count&) const = default;
    };
    Count count(Clock::time_point now) const;
    // Votes of phones for what comes after this text; none: it was not shown, or too many others
    // were since.
    std::optional<std::vector<viz::Guess>> tally(const std::vector<int>& ids) const;
    // Whether votes or phones came or went since it was asked last.
    bool take_news() { return news_.exchange(false); }
    bool has_news() const { return news_.load(); }

    // The server's side.

    // A voter's number; empty: there are too many.
    std::string join(Clock::time_point now);
    // Whether it is one; it is there then.
    bool seen(std::string_view voter, Clock::time_point now);
    ClassPagePtr page() const;
    // The teacher's run; null while it would tell what is guessed.
    ClassPagePtr run() const;

    struct Vote {
        enum class Result {
            taken,
            closed,     // nobody is asked at the moment
            moved_on,   // it was for another text
            stranger,   // no such voter
            too_often,  // this voter shall wait
            no_token    // what was typed is none; `pieces` says of what it would be made
        };
        Result result = Result::taken;
        int id = 0;
        std::string shown;
        std::vector<ClassView::Offer> pieces;
    };
    // For a token by its id, or for what was typed. A voter has one vote a text: a later one takes
    // the place of the first. `round`: the page's number of the text.
    Vote vote(std::string_view voter, int round, int id, Clock::time_point now);
    Vote vote(std::string_view voter, int round, const std::string& typed, Clock::time_point now);

  private:
    struct Voter {
        int number = 0;
        Clock::time_point seen;
        Allowance votes;
    };
    struct Round {
        int number = 0;
        std::unordered_map<int, int> votes;  // by the voter's number: the token's id
    };

    Vote checked(std::string_view voter, int round, Clock::time_point now);
    Vote counted(std::string_view voter, int round, int id, Clock::time_point now);
    std::string shown(int id) const;
    void render();
    int count_there(Clock::time_point now) const;

    mutable std::mutex mutex_;
    ClassView view_;
    std::shared_ptr<const model::Model> model_;
    ClassPagePtr page_, run_;
    uint64_t version_ = 0;
    int last_round_ = 0, last_voter_ = 0;
    std::map<std::vector<int>, Round> rounds_;
    Round* round_ = nullptr;
    std::map<std::string, Voter, std::less<>> voters_;
    std::atomic<bool> news_ = false;
};

}  // namespace app
