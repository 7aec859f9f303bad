// Bars of a ranking as a chart of PowerPoint's own, with the workbook that it is edited in.
#pragma once

#include <string>

#include "viz/slides/deck.h"

namespace viz::pptx {

// `asks`: no bar tells the choice. `workbook`: the id of the relation that leads to it.
std::string chart(const PageTable& table, bool asks, const std::string& workbook);
// The bytes of an .xlsx file: tokens and their probabilities, a row each.
std::string workbook(const PageTable& table);

}  // namespace viz::pptx
