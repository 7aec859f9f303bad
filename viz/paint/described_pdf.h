// What cairo leaves out of a tagged PDF: the language of its words, what its figures show, and that
// its title is shown in place of its file's name.
#pragma once

#include <string>
#include <vector>

namespace viz {

// `figures`: what they say, in the order in which they are read. The same bytes give the same.
// Throws std::runtime_error where the PDF cannot be read.
std::string described_pdf(const std::string& pdf, const std::vector<std::string>& figures,
                          const std::string& language);

}  // namespace viz
