// The threads that share the work of one product, one norm, one head after another.
#pragma once

#include <cstddef>

namespace model {

// Calls `body(begin, end)` for pieces that cover 0 ... n, each at most `piece` long, on all threads
// (set_threads). Which thread takes which piece is by chance, so nothing may depend on it. Whoever
// calls while another is at work, or from within a body, does all of it alone. What a body throws
// first, the caller gets once all have stopped.
template <typename Body>
void share_out(size_t n, size_t piece, const Body& body);

// As many threads as may work at once, the caller included; 0: one for each core. Returns the
// number in force. Not while anything is shared out.
int set_threads(int n);
int threads();

namespace detail {

using Piece = void (*)(const void* body, size_t begin, size_t end);
void share_out(size_t n, size_t piece, Piece call, const void* body);

}  // namespace detail

template <typename Body>
void share_out(size_t n, size_t piece, const Body& body) {
    detail::share_out(
        n, piece,
        [](const void* what, size_t begin, size_t end) {
            (*static_cast<const Body*>(what))(begin, end);
        },
        &body);
}

}  // namespace model
