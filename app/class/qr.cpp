#include "app/class/qr.h"

#include <qrencode.h>

#include <memory>

namespace app {

QrCode qr_code(const std::string& text) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), QRcode_free);
    QrCode code;
    if (!made) return code;
    code.size = made->width;
    const int all = code.size * code.size;
    for (int i = 0; i < all; ++i) code.dark.push_back((made->data[i] & 1) != 0);
    return code;
}

}  // namespace app
