#include "app/screen/text_field.h"

#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>

#include "viz/paint/font.h"
#include "viz/paint/utf8.h"

namespace app {

namespace {

constexpr size_t longest = 1 << 20;  // bytes
constexpr size_t most_undone = 200;

// What is drawn for a text, and where each of its bytes stands in it.
struct Drawn {
    std::string text;
    std::vector<size_t> at;  // of each byte, and of the end
};

Drawn drawn(std::string_view text) {
    Drawn out;
    for (const char c : text) {
        out.at.push_back(out.text.size());
        if (c == '\n') {
            out.text += "⏎";
        } else if (c == '\t') {
            out.text += "⇥";
        } else {
            out.text += c;
        }
    }
    out.at.push_back(out.text.size());
    return out;
}

// The carets of a text in its own bytes.
std::vector<viz::Caret> carets_of(std::string_view text, const viz::TextStyle& style) {
    const Drawn shown = drawn(text);
    std::vector<viz::Caret> places = viz::carets(style.face, style.size, shown.text);
    for (viz::Caret& place : places) {
        const auto byte = std::ranges::lower_bound(shown.at, place.byte);
        place.byte = static_cast<size_t>(byte - shown.at.begin());
    }
    return places;
}

float x_of(const std::vector<viz::Caret>& places, size_t byte) {
    const auto place = std::ranges::lower_bound(places, byte, {}, &viz::Caret::byte);
    return place == places.end() ? places.back().x : place->x;
}

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t';
}

// Well-formed, and nothing in it that is no text.
std::string cleaned(std::string_view text) {
    std::string out;
    for (size_t at = 0; at < text.size();) {
        if (text[at] == '\n' || text[at] == '\t') {
            out += text[at++];
        } else if (static_cast<unsigned char>(text[at]) < 0x20 || text[at] == 0x7F) {
            ++at;
        } else {
            viz::append_character(out, viz::next_character(text, at));
        }
    }
    return out;
}

float baseline_of(viz::Rect rect, const viz::TextStyle& style) {
    return rect.y + rect.h / 2 + viz::cap_height(style.face, style.size) / 2;
}

}  // namespace

void TextField::enter(std::string_view id, const std::string& text) {
    id_ = id;
    text_ = before_ = cleaned(text);
    anchor_ = 0;
    caret_ = text_.size();
    scroll_ = 0;
    typing_ = false;
    done_.clear();
    undone_.clear();
}

void TextField::remember(bool typing) {
    if (typing && typing_) return;
    typing_ = typing;
    done_.push_back({text_, caret_, anchor_});
    if (done_.size() > most_undone) done_.erase(done_.begin());
    undone_.clear();
}

void TextField::restore(std::vector<Moment>& from, std::vector<Moment>& to) {
    if (from.empty()) return;
    to.push_back({text_, caret_, anchor_});
    text_ = from.back().text;
    caret_ = from.back().caret;
    anchor_ = from.back().anchor;
    from.pop_back();
    typing_ = false;
}

void TextField::put(std::string_view text) {
    if (text_.size() + text.size() > longest) return;
    text_.replace(low(), high() - low(), text);
    caret_ = anchor_ = low() + text.size();
}

void TextField::remove(size_t from, size_t to) {
    if (from >= to) return;
    remember(false);
    text_.erase(from, to - from);
    caret_ = anchor_ = from;
}

void TextField::go(size_t to, bool extend) {
    caret_ = to;
    if (!extend) anchor_ = to;
    typing_ = false;
}

void TextField::character(char32_t code) {
    if (code < 0x20 || code == 0x7F) return;
    remember(true);
    std::string bytes;
    viz::append_character(bytes, code);
    put(bytes);
}

void TextField::paste(std::string_view text) {
    remember(false);
    put(cleaned(text));
}

// One cluster of characters on, or one word.
size_t TextField::next(size_t at, int by, bool word) const {
    const std::vector<viz::Caret> places = carets_of(text_, style_);
    auto place = std::ranges::lower_bound(places, at, {}, &viz::Caret::byte);
    const auto step = [&] {
        if (by < 0 && place != places.begin()) --place;
        if (by > 0 && place != places.end() - 1) ++place;
        return place->byte;
    };
    if (place == places.end()) --place;
    if (!word) return step();
    const auto space_beside = [&](size_t byte) {
        return by < 0 ? byte > 0 && is_space(text_[byte - 1])
                      : byte < text_.size() && is_space(text_[byte]);
    };
    const auto stop = [&](size_t byte) { return by < 0 ? byte == 0 : byte >= text_.size(); };
    size_t byte = at;
    while (!stop(byte) && space_beside(byte)) byte = step();
    while (!stop(byte) && !space_beside(byte)) byte = step();
    return byte;
}

size_t TextField::at(float x) const {
    const std::vector<viz::Caret> places = carets_of(text_, style_);
    return std::ranges::min_element(places, {},
                                    [&](const viz::Caret& c) { return std::abs(c.x - x); })
        ->byte;
}

bool TextField::edit_key(int key, int mods) {
    const bool extend = (mods & GLFW_MOD_SHIFT) != 0, word = (mods & GLFW_MOD_CONTROL) != 0;
    switch (key) {
        case GLFW_KEY_LEFT:
        case GLFW_KEY_RIGHT: {
            const bool left = key == GLFW_KEY_LEFT;
            const bool collapses = !extend && !word && caret_ != anchor_;
            go(collapses ? (left ? low() : high()) : next(caret_, left ? -1 : 1, word), extend);
            return true;
        }
        case GLFW_KEY_HOME:
        case GLFW_KEY_UP:
            go(0, extend);
            return true;
        case GLFW_KEY_END:
        case GLFW_KEY_DOWN:
            go(text_.size(), extend);
            return true;
        case GLFW_KEY_BACKSPACE:
        case GLFW_KEY_DELETE: {
            if (caret_ != anchor_) {
                remove(low(), high());
            } else if (key == GLFW_KEY_BACKSPACE) {
                remove(next(caret_, -1, word), caret_);
            } else {
                remove(caret_, next(caret_, 1, word));
            }
            return true;
        }
        default:
            return false;
    }
}

TextField::Did TextField::key(int key, int mods) {
    const bool control = (mods & GLFW_MOD_CONTROL) != 0, shift = (mods & GLFW_MOD_SHIFT) != 0;
    if (edit_key(key, mods)) return Did::edited;
    if (key == GLFW_KEY_ESCAPE) {
        text_ = before_;
        return Did::left;
    }
    if (key == GLFW_KEY_ENTER || key == GLFW_KEY_KP_ENTER) {
        if (!shift && !control) return Did::entered;
        paste("\n");
        return Did::edited;
    }
    if (key == GLFW_KEY_TAB) return Did::left;
    if (!control) return Did::edited;  // what it types comes as a character
    // By the layout's letter, or its place where that is beyond ASCII.
    const char* named = glfwGetKeyName(key, 0);
    const char letter = named && named[0] > 0 ? named[0] : static_cast<char>(key);
    switch (letter) {
        case 'a':
        case 'A':
            anchor_ = 0;
            caret_ = text_.size();
            return Did::edited;
        case 'c':
        case 'C':
            if (caret_ != anchor_) glfwSetClipboardString(nullptr, selected().c_str());
            return Did::edited;
        case 'x':
        case 'X':
            if (caret_ != anchor_) {
                glfwSetClipboardString(nullptr, selected().c_str());
                remove(low(), high());
            }
            return Did::edited;
        case 'v':
        case 'V':
            if (const char* held = glfwGetClipboardString(nullptr)) paste(held);
            return Did::edited;
        case 'z':
        case 'Z':
            shift ? restore(undone_, done_) : restore(done_, undone_);
            return Did::edited;
        case 'y':
        case 'Y':
            restore(undone_, done_);
            return Did::edited;
        default:
            return Did::nothing;
    }
}

void TextField::press(float x, int clicks, bool extend) {
    go(at(x + scroll_), extend);
    if (clicks == 2) {
        anchor_ = next(next(caret_, 1, true), -1, true);
        caret_ = next(anchor_, 1, true);
    } else if (clicks > 2) {
        anchor_ = 0;
        caret_ = text_.size();
    }
}

void TextField::drag(float x) {
    go(at(x + scroll_), true);
}

void TextField::draw(viz::Canvas& canvas, viz::Rect rect, const viz::TextStyle& style,
                     const viz::Theme& theme) {
    style_ = style;
    const std::vector<viz::Caret> places = carets_of(text_, style);
    const float caret = x_of(places, caret_);
    const float width = std::ranges::max_element(places, {}, &viz::Caret::x)->x;
    scroll_ = std::clamp(scroll_, caret - rect.w + 2, std::max(caret, 0.0f));
    scroll_ = std::clamp(scroll_, 0.0f, std::max(0.0f, width - rect.w + 2));
    const float x = rect.x - scroll_;
    canvas.push_clip(rect.inset(-1));
    const float top = rect.y + rect.h / 2 - style.size * 0.72f, height = style.size * 1.44f;
    if (caret_ != anchor_) {
        float from = width, to = 0;
        for (const viz::Caret& place : places) {
            if (place.byte < low() || place.byte > high()) continue;
            from = std::min(from, place.x);
            to = std::max(to, place.x);
        }
        canvas.fill_rect({x + from, top, to - from, height}, theme.accent.with_alpha(0.25f), 2);
    }
    canvas.text({x, baseline_of(rect, style)}, drawn(text_).text, style, 0);
    canvas.fill_rect({x + caret, top, 1.5f, height}, theme.text, 0);
    canvas.pop_clip();
}

void TextField::draw_at_rest(viz::Canvas& canvas, viz::Rect rect, const std::string& text,
                             const viz::TextStyle& style) {
    canvas.push_clip(rect.inset(-1));
    canvas.text({rect.x, baseline_of(rect, style)}, drawn(text).text, style, 0);
    canvas.pop_clip();
}

}  // namespace app
