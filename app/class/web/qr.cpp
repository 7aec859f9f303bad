// A page has no address for phones.
#include "app/class/qr.h"

namespace app {

QrCode qr_code(const std::string&) {
    return {};
}

}  // namespace app
