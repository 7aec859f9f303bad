#include "viz/slides/pdf.h"

#include <ostream>

namespace viz {

void write_pdf(std::ostream& out, const Deck& deck, const Progress& progress) {
    PdfWriter writer(out, deck.size(), {.title = deck.title, .language = deck.language});
    int step = 0, bookmark = 0;
    for (int i = 0; i < deck.pages && out; ++i) {
        const Page page = deck.page(i);
        writer.add_page(deck.ground(), page.whole);
        // The pages of one step stand below its first.
        const bool first = page.step != step;
        const int added = writer.add_bookmark(page.title, first ? 0 : bookmark);
        if (first) bookmark = added;
        step = page.step;
        tell(progress, i + 1, deck.pages);
    }
    writer.finish();
}

}  // namespace viz
