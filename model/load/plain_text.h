// Text from outside for a terminal: nothing in it moves the cursor, colours, hides or turns around.
#pragma once

#include <string>
#include <string_view>

namespace model {

// What cannot be seen is escaped (\x1B, \n, \u202E), and so are bytes that are no UTF-8. Of a text
// longer than a screen is wide, many times over, the middle is left out.
std::string plain_text(std::string_view text);

}  // namespace model
