// What several parts of a lesson's format are read by. All refuse with file, line and field.
#pragma once

#include <string>
#include <vector>

#include "model/base/json_value.h"
#include "viz/lessons/claim.h"

namespace viz {

using Value = model::JsonValue;
using Names = std::vector<std::string>;

std::string listed(const Names& names);
// A text that is there and has `most` bytes at most.
std::string text_of(const Value& value, size_t most = 4000);
Names texts_of(const Value& value);
// The number of a word in a list.
size_t chosen(const Value& value, const Names& words);
model::HeadName head_of(const Value& value);
PositionName position_of(const Value& value);
// From 1; 0 stands for the last.
int layer_of(const Value& value);
PartName part_of(const Value& value);
Claim claim_of(const Value& value);

}  // namespace viz
