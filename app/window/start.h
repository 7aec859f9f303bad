// What a window starts with, from its options.
#pragma once

#include <string>

#include "app/window/window.h"
#include "model/run/session.h"

namespace app {

// The model, after its prompt was tried: a bad one is told before a window opens. Throws
// model::Error.
std::shared_ptr<const model::Model> first_model(const WindowOptions& options);

// What stands in the prompt field: the text of ids, as far as they have one.
std::string text_of(const WindowOptions& options, const model::Model& model);

// Throws model::Error that names --ablate.
model::SessionOptions session_options(const WindowOptions& options, const model::Model& model);

}  // namespace app
