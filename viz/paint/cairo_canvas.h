// Draws with cairo: a PNG picture, or a PDF with one page a drawing and selectable text.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "viz/paint/canvas.h"

namespace viz {

using Drawing = std::function<void(Canvas&)>;

// Bytes of a PNG of size * scale pixels. Throws std::runtime_error when cairo does.
std::string render_png(Size size, float scale, Colour background, const Drawing& drawing);

// Bytes of an EPS figure, 1 pixel 0.75 points. What is half transparent becomes a picture in it.
std::string render_eps(Size size, Colour background, const Drawing& drawing);

// The same picture as numbers, 0xAARRGGBB row by row; the colours are multiplied by the alpha.
struct Pixels {
    int width = 0, height = 0;
    std::vector<uint32_t> argb;
};
// A colour as such a number.
uint32_t premultiplied(Colour colour);
Pixels render_pixels(Size size, float scale, Colour background, const Drawing& drawing);
// Bytes of a PNG of these.
std::string png_of(Pixels pixels);

// The picture of a PNG, made smaller where it is larger than `most`. Null: the PNG is damaged, or
// has more than 8192 pixels a side.
PicturePtr read_png(const std::string& bytes, Size most);

struct PdfWords {
    std::string title;
    std::string language = "en";  // of the text, as BCP 47 names it
};

// A PDF, written page after page and then to a stream, tagged: the parts of a page (PagePart) have
// their place in the order in which it is read, and figures say what they show. When the stream
// fails, what follows is left out: who owns the stream says so. 1 pixel is 0.75 points. No dates
// inside: the same pages give the same bytes.
class PdfWriter {
  public:
    PdfWriter(std::ostream& out, Size size, PdfWords words);
    ~PdfWriter();
    PdfWriter(const PdfWriter&) = delete;
    PdfWriter& operator=(const PdfWriter&) = delete;

    void add_page(Colour background, const Drawing& drawing);
    // An entry of the table of contents that leads to the page added last, below another (0: none).
    // Returns its number.
    int add_bookmark(const std::string& text, int below = 0);
    // Once, at the end. Throws std::runtime_error when cairo does.
    void finish();

  private:
    struct Document;
    std::unique_ptr<Document> document_;
};

}  // namespace viz
