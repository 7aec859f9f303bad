// The command get, which a page does not have.
#include "app/cli/cli.h"
#include "model/base/error.h"

namespace app {

int run_get(const Options&) {
    throw model::Error("get: a page fetches no models");
}

}  // namespace app
