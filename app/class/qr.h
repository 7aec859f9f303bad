// A text as a QR code: squares for whoever draws it.
#pragma once

#include <string>
#include <vector>

namespace app {

struct QrCode {
    int size = 0;            // squares a side, without the white edge of four that it needs
    std::vector<bool> dark;  // row by row
    bool operator==(const QrCode&) const = default;
};
// Empty (size 0) where the text is too long for one.
QrCode qr_code(const std::string& text);

}  // namespace app
