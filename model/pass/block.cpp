#include "model/pass/block.h"

#include <algorithm>

namespace model {

void clear(Rows rows) {
    for (int i = 0; i < rows.rows; ++i) std::fill_n(rows.row(i), rows.cols, 0.0f);
}

void norm_rows(Pass& pass, const Norm& norm, Rows out) {
    const ConstRows x = pass.rows(pass.resid, pass.layout.d);
    each_row(pass, [&](int i) { normalize(pass.config, norm, x.row(i), out.row(i)); });
}

void add_to_resid(Pass& pass, ConstRows added) {
    const Rows resid = pass.rows(pass.resid, added.cols);
    each_row(pass, [&](int i) { add(added.row(i), added.cols, resid.row(i)); });
}

}  // namespace model
