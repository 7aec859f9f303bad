// The one text field that has the keyboard: edits UTF-8, draws it with the canvas' own ruler, so
// that it shows every character that the rest of the window shows. A line break is a character like
// any other, drawn as "⏎".
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "viz/paint/canvas.h"
#include "viz/paint/theme.h"

namespace app {

class TextField {
  public:
    // What a key did.
    enum class Did { nothing, edited, entered, left };

    bool active() const { return !id_.empty(); }
    const std::string& id() const { return id_; }
    const std::string& text() const { return text_; }
    // Takes the keyboard with all of its text selected.
    void enter(std::string_view id, const std::string& text);
    void leave() { id_.clear(); }

    // Keys and modifiers are GLFW's. Nothing: the key means something to others only.
    Did key(int key, int mods);
    void character(char32_t code);
    void paste(std::string_view text);

    // In pixels of the canvas, from where the text begins; `clicks`: 2 takes a word, 3 everything.
    void press(float x, int clicks, bool extend);
    void drag(float x);

    // Into the rectangle that the text may take. Also scrolls to the caret.
    void draw(viz::Canvas& canvas, viz::Rect rect, const viz::TextStyle& style,
              const viz::Theme& theme);
    // The same for one that has no keyboard.
    static void draw_at_rest(viz::Canvas& canvas, viz::Rect rect, const std::string& text,
                             const viz::TextStyle& style);

  private:
    struct Moment {
        std::string text;
        size_t caret = 0, anchor = 0;
    };
    size_t low() const { return std::min(caret_, anchor_); }
    size_t high() const { return std::max(caret_, anchor_); }
    std::string selected() const { return text_.substr(low(), high() - low()); }
    void put(std::string_view text);
    void remove(size_t from, size_t to);
    void go(size_t to, bool extend);
    void remember(bool typing);
    void restore(std::vector<Moment>& from, std::vector<Moment>& to);
    size_t next(size_t at, int by, bool word) const;
    size_t at(float x) const;
    bool edit_key(int key, int mods);

    std::string id_, text_, before_;  // before_: to go back to
    size_t caret_ = 0, anchor_ = 0;   // bytes of the text; what lies between is selected
    float scroll_ = 0;
    viz::TextStyle style_;  // that it was drawn with
    bool typing_ = false;   // the last change was a letter: more of them are one deed
    std::vector<Moment> done_, undone_;
};

}  // namespace app
