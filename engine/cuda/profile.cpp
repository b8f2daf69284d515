#include "engine/cuda/profile.h"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/cuda/launch.h"
#include "engine/cuda/memory.h"

namespace quorum::cuda {
namespace {

constexpr int kRepetitions = 5;

// Marks where parts begin; consecutive operators of one part share a stretch.
class Marks final : public PartObserver {
 public:
  explicit Marks(cudaStream_t stream) : stream_(stream) {}

  void enter(Part part) override {
    if (!parts_.empty() && parts_.back() == part) return;
    mark();
    parts_.push_back(part);
  }
  void end() { mark(); }

  // Seconds of each part; the stream has been waited for.
  std::array<double, 4> sums() const {
    std::array<double, 4> seconds{};
    for (std::size_t i = 0; i < parts_.size(); ++i)
      seconds[static_cast<std::size_t>(parts_[i])] += events_[i + 1].seconds_since(events_[i]);
    return seconds;
  }

 private:
  void mark() {
    events_.emplace_back(true);
    events_.back().record(stream_);
  }

  cudaStream_t stream_;
  std::vector<Event> events_;
  std::vector<Part> parts_;
};

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

StepProfile measure_step(int rows, int context, cudaStream_t stream,
                         const std::function<void()>& prepare,
                         const std::function<void(PartObserver*)>& queue,
                         const std::function<void()>& replay) {
  std::vector<double> totals;
  std::array<std::vector<double>, 4> parts;
  for (int i = 0; i <= kRepetitions; ++i) {  // the first one warms up
    prepare();
    const Event begin(true), end(true);
    begin.record(stream);
    replay();
    end.record(stream);
    end.wait();
    if (i > 0) totals.push_back(end.seconds_since(begin));

    prepare();
    Marks marks(stream);
    queue(&marks);
    marks.end();
    check(cudaStreamSynchronize(stream));
    const std::array<double, 4> sums = marks.sums();
    for (std::size_t part = 0; i > 0 && part < sums.size(); ++part)
      parts[part].push_back(sums[part]);
  }
  StepProfile profile;
  profile.rows = rows;
  profile.context = context;
  profile.products_s = median(parts[static_cast<std::size_t>(Part::kProducts)]);
  profile.attention_s = median(parts[static_cast<std::size_t>(Part::kAttention)]);
  profile.sampling_s = median(parts[static_cast<std::size_t>(Part::kSampling)]);
  profile.other_s = median(parts[static_cast<std::size_t>(Part::kOther)]);
  profile.total_s = median(totals);
  return profile;
}

}  // namespace quorum::cuda
