#include "viz/slides/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string_view>

#include "model/base/error.h"
#include "viz/layout/parts.h"
#include "viz/paint/format.h"
#include "viz/slides/fields.h"

namespace viz {

namespace {

struct Field {
    const char* name;
    std::string (*value)(const Scene&);
};

bool tells(const Scene& scene) {
    return scene.tells_choice() && scene.step.why == model::StopReason::none;
}

const std::array fields{
    Field{"step", [](const Scene& s) { return count(s.step.number()); }},
    Field{"steps", [](const Scene& s) { return count(std::max(s.total_steps, s.step.number())); }},
    Field{"token",
          [](const Scene& s) {
              return tells(s) ? s.shown(s.step.ranking.proposed().id) : std::string("?");
          }},
    Field{"probability",
          [](const Scene& s) {
              return tells(s) ? percent(s.step.ranking.proposed().probability) : std::string("?");
          }},
    Field{"entropy",
          [](const Scene& s) {
              return s.tells_probabilities() ? bits(s.step.ranking.entropy_bits) : std::string("?");
          }},
    Field{"model", [](const Scene& s) { return s.model.config.name; }},
    Field{"prompt", [](const Scene& s) { return running_text(s, s.step.prompt_length); }},
    Field{"text", [](const Scene& s) { return running_text(s, s.length()); }},
};

// The step of a line "# 3"; 0: it is none.
int heading(std::string_view line) {
    if (!line.starts_with("#")) return 0;
    line.remove_prefix(1);
    while (line.starts_with(' ')) line.remove_prefix(1);
    while (line.ends_with(' ') || line.ends_with('\r')) line.remove_suffix(1);
    int step = 0;
    const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), step);
    return failed == std::errc() && end == line.data() + line.size() ? step : 0;
}

}  // namespace

void check_fields(const std::string& text, const std::string& flag) {
    std::string ignored;
    const bool whole = fill_fields(text, ignored, [&](std::string_view name) -> std::string {
        std::string known;
        for (const Field& field : fields) {
            if (name == field.name) return "";
            known += (known.empty() ? "{" : ", {") + std::string(field.name) + "}";
        }
        throw model::Error(flag + ": {" + std::string(name) + "} is none of " + known +
                           "; {{ is a brace");
    });
    if (!whole) throw model::Error(flag + ": a brace stands alone; write {{ or }} for one");
}

std::string filled_words(const std::string& text, const Scene& scene) {
    std::string out;
    fill_fields(text, out, [&](std::string_view name) -> std::string {
        const auto* field =
            std::ranges::find_if(fields, [&](const Field& known) { return name == known.name; });
        return field == fields.end() ? "" : field->value(scene);
    });
    return out;
}

std::string footer_room(const PageWords& own, const Scene& scene, SlideShape shape) {
    if (own.footer.find('{') == std::string::npos) return fit_footer(own.footer, shape);
    return fit_footer(std::string(400, 'n') + filled_words(own.footer, scene), shape);
}

SlideWords words_of(const PageWords& own, const Scene& scene, SlideShape shape) {
    const SlideText at = slide_text(shape, scene.theme);
    SlideWords words;
    words.language = &own.speaks();
    // What is too long is cut here: a program that shows slides would break it over the figure.
    words.title = own.title.empty()
                      ? slide_title(scene, own.speaks())
                      : fit_words(at.title_style, filled_words(own.title, scene), at.title.w);
    words.footer = fit_footer(filled_words(own.footer, scene), shape);
    if (own.caption)
        words.caption = slide_caption(scene, shape, footer_room(own, scene, shape), own.speaks());
    return words;
}

std::string notes_of(const std::string& notes, int step) {
    std::istringstream lines(notes);
    std::string said;
    int of = 0;  // 0: of all
    for (std::string line; std::getline(lines, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (const int next = heading(line); next > 0) {
            of = next;
            continue;
        }
        if (of == 0 || of == step) said += (said.empty() ? "" : "\n") + line;
    }
    while (said.ends_with('\n')) said.pop_back();
    return said;
}

}  // namespace viz
