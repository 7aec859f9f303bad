#include "model/pass/block.h"

#include <algorithm>

namespace model {

void clear(Rows rows) {
    for (int i = 0; i < rows.rows; ++i) std::fill_n(rows.row(i), rows.cols, 0.0f);
}

void norm_rows(Pass& pass, const Norm& norm, Rows out) {
    const ConstRows x = pass.rows(pass.resid, pass.layout.d);
#pragma omp parallel for schedule(static) if (pass.n > few_rows)
    for (int i = 0; i < pass.n; ++i) normalize(pass.config, norm, x.row(i), out.row(i));
}

void add_to_resid(Pass& pass, ConstRows added) {
#pragma omp parallel for schedule(static) if (pass.n > few_rows)
    for (int i = 0; i < pass.n; ++i) {
        float* x = pass.resid.data() + static_cast<size_t>(i) * added.cols;
        for (int j = 0; j < added.cols; ++j) x[j] += added.row(i)[j];
    }
}

}  // namespace model
