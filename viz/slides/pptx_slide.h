// A page as a slide: its shapes, pictures, table, chart, clicks and notes, in a file of our own or
// among somebody else's slides.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "viz/slides/deck.h"
#include "viz/slides/zip_file.h"

namespace viz::pptx {

// Pixels of a page on a slide: `from` of the page stands at x, y; `scale` is of a pixel. In English
// Metric Units.
struct Placing {
    Rect from;
    double x = 0, y = 0, scale = 0;
};

// A file that is made: names for its new parts, and what the new ones are.
class Parts {
  public:
    explicit Parts(ZipFile& package) : package_(package) {}
    // A name that no new part may have.
    void take(const std::string& name);
    // The next number that is free: "ppt/slides/slide" and {".xml"}.
    int number(const std::string& front, const std::vector<std::string>& endings);
    // `type`: what the part is; empty: what its ending says.
    void add(const std::string& name, const std::string& bytes, const std::string& type,
             Packing packing = Packing::deflated);

    struct Typed {
        std::string part, type;
    };
    const std::vector<Typed>& typed() const { return typed_; }

  private:
    ZipFile& package_;
    std::set<std::string> taken_;         // in small letters
    std::map<std::string, int> numbers_;  // the last of each front
    std::vector<Typed> typed_;
};

// What a part leads to.
class Relations {
  public:
    explicit Relations(std::string part) : part_(std::move(part)) {}
    // `type`: the end of its name: "slideLayout". Its id.
    std::string add(const std::string& type, const std::string& target);
    std::string xml() const;

  private:
    std::string part_, rows_;
    int count_ = 0;
};
// "ppt/slides/slide1.xml" and "ppt/media/figure1.png" give "../media/figure1.png".
std::string relative_target(const std::string& from, const std::string& to);

// Where the words of a slide stand: in a placeholder of its layout, or in a box of their own.
struct WordsBox {
    std::string placeholder;  // empty: a box
    std::string place;        // empty: as the layout says
    int size = 0;             // hundredths of a point; 0: as the layout says
    int usual = 0;            // of the layout
    double room = 0;          // points that a line of words has for all of its lines; 0: enough
    bool there() const { return !placeholder.empty() || !place.empty(); }
};

// How slides of a file look.
struct SlideForm {
    std::string layout, notes_master;  // parts
    WordsBox title, caption, number, footer;
    bool number_right = false;  // at the end of its box, whatever the layout says
    std::string notes_placeholder;
    Placing figure;
    // What lies under a figure's vectors and its pixels.
    Colour ground{0, 0, 0, 0}, pixels_ground;
    Placing logo;  // of the page's corner
};

// What parts are, in [Content_Types].xml.
inline constexpr const char* type_of_slide =
    "application/vnd.openxmlformats-officedocument.presentationml.slide+xml";
inline constexpr const char* type_of_notes =
    "application/vnd.openxmlformats-officedocument.presentationml.notesSlide+xml";
inline constexpr const char* type_of_chart =
    "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";

// Adds the slide and its notes; the name of its part. `number`: of the page, from 1.
std::string add_slide(Parts& parts, const SlideForm& form, const Deck& deck, const Page& page,
                      int number);

}  // namespace viz::pptx
