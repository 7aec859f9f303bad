// Texts with fields in braces: "Step {step}". "{{" and "}}" are braces.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace viz {

// Appends the text to `out`; `field` is told the name in each pair of braces and says what stands
// in its place. False: a brace stands alone.
bool fill_fields(std::string_view text, std::string& out,
                 const std::function<std::string(std::string_view)>& field);

}  // namespace viz
