// The targets that several drawings declare; others are named where they are drawn.
#pragma once

#include "viz/paint/target.h"

// Layers, heads and positions from 0.
namespace viz::target {

inline Target token(int position) {
    return {"token", {position}};
}
inline Target proposed() {
    return "proposed";
}
// The text so far.
inline Target text() {
    return "text";
}
inline Target layer(int layer) {
    return {"layer", {layer}};
}
inline Target head(int layer, int head) {
    return {"head", {layer, head}};
}
// Of n x n cells, queries by keys.
inline Target map(int layer, int head) {
    return {"map", {layer, head}};
}
inline Target phase(std::string_view name) {
    return {"phase", name};
}

}  // namespace viz::target
