// What who shows the pages says in place of the program's own words.
#pragma once

#include <memory>
#include <string>

#include "viz/scene/scene.h"
#include "viz/slides/language.h"
#include "viz/slides/slide.h"

namespace viz {

// Fields in braces stand for what the page shows: {step}, {steps}, {token} (that is chosen) and
// its {probability}, {entropy}, {model}, {prompt}, {text}. Where a page does not tell the choice
// yet, they are "?".
struct PageWords {
    std::string title, footer;  // empty: the usual title, no footer
    // For who speaks. A line "# 3" begins what is said of step 3; what stands before the first such
    // line is said of every step. Empty: the numbers of the step.
    std::string notes;
    bool caption = true;
    std::shared_ptr<const Language> language = nullptr;  // null: English

    const Language& speaks() const { return language ? *language : english(); }
};

// Throws model::Error that begins with `flag` where a field is unknown or a brace stands alone.
void check_fields(const std::string& text, const std::string& flag);
// With the numbers of the scene in place of the fields. "{{" is a brace.
std::string filled_words(const std::string& text, const Scene& scene);
// Title, caption and footer of a page; what is too long is cut.
SlideWords words_of(const PageWords& own, const Scene& scene, SlideShape shape);
// Stands for the widest footer of a run.
std::string footer_room(const PageWords& own, const Scene& scene, SlideShape shape);
// What the notes say of a step, not filled yet.
std::string notes_of(const std::string& notes, int step);

}  // namespace viz
