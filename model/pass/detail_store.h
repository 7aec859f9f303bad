// Keeps the details of a run's records within a budget of memory: the oldest are dropped first, and
// are computed again when somebody looks at them.
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "model/pass/model.h"
#include "model/pass/record.h"

namespace model {

class DetailStore : public std::enable_shared_from_this<DetailStore> {
  public:
    // `budget`: bytes that the details of all records may take together; what somebody holds, and
    // what one restoring computes, may exceed it for a while.
    DetailStore(std::shared_ptr<const Model> model, size_t budget);

    // Takes charge of a record whose position follows that of `before` (null at the first). Once
    // for each record, in order, before others see it.
    void admit(const RecordPtr& record, const RecordPtr& before);

    // The details of a record, computed again if they were dropped, together with those of up to
    // block - 1 positions before it. Any thread.
    std::shared_ptr<const float> restore(const TokenRecord& record);
    static constexpr int block = 64;  // positions: a pass over them costs little more than over one

    size_t bytes() const;  // of all details that are there

  private:
    void drop_oldest();

    const std::shared_ptr<const Model> model_;
    const size_t budget_;
    const size_t record_bytes_;
    mutable std::mutex mutex_;
    std::deque<std::weak_ptr<const TokenRecord>> held_;  // with details, oldest first
};

}  // namespace model
