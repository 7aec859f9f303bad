// What can be taken back: each deed knows how to be undone and done again.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace app {

struct Deed {
    std::function<void()> undo, redo;
};

class UndoStack {
  public:
    // A new deed: what was undone before cannot be redone any more.
    void add(Deed deed) {
        deeds_.resize(done_);
        deeds_.push_back(std::move(deed));
        done_ = deeds_.size();
        if (done_ > most) forget_oldest();
    }
    bool can_undo() const { return done_ > 0; }
    bool can_redo() const { return done_ < deeds_.size(); }
    void undo() {
        if (can_undo()) deeds_[--done_].undo();
    }
    void redo() {
        if (can_redo()) deeds_[done_++].redo();
    }

    // Gives up what was done first, and what it holds. False when there is nothing.
    bool forget_oldest() {
        if (done_ == 0) return false;
        deeds_.erase(deeds_.begin());
        --done_;
        return true;
    }

  private:
    static constexpr size_t most = 500;
    std::vector<Deed> deeds_;
    size_t done_ = 0;  // the rest was undone
};

}  // namespace app
