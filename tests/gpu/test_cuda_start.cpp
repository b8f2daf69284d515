// Starts of the CUDA backend: checkpoints of every format, what tuning kept, and what is refused or
// fails.
#include <cuda_runtime_api.h>

#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "gpu/backend_cases.h"
#include "gpu/gpu.h"
#include "support/catch.h"
#include "support/engine_runs.h"
#include "support/synthetic_checkpoint.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

// Weights of a checkpoint that was saved in other formats: norms, or everything, as F32.
class WidenedWeights final : public WeightSource {
 public:
  WidenedWeights(const WeightSource& inner, bool matrices_too) : inner_(inner) {
    for (const std::string& name : inner.names()) {
      const TensorView view = inner.find(name);
      if (view.shape.size() > 1 && !matrices_too) continue;
      std::vector<std::uint16_t> halves(static_cast<std::size_t>(view.elements()));
      std::memcpy(halves.data(), view.data, 2 * halves.size());
      std::vector<std::uint32_t>& wide = wide_[name];
      for (const std::uint16_t half : halves) wide.push_back(std::uint32_t{half} << 16);
    }
  }
  std::vector<std::string> names() const override { return inner_.names(); }
  std::string file_of(const std::string& name) const override { return inner_.file_of(name); }
  TensorView find(const std::string& name) const override {
    TensorView view = inner_.find(name);
    const auto wide = wide_.find(name);
    if (wide == wide_.end()) return view;
    view.dtype = DType::kF32;
    view.data = reinterpret_cast<const std::byte*>(wide->second.data());
    view.file = nullptr;
    return view;
  }

 private:
  const WeightSource& inner_;
  std::map<std::string, std::vector<std::uint32_t>> wide_;
};

}  // namespace

TEST_CASE("A checkpoint gives the same samples whatever formats its tensors are saved in",
          "[gpu]") {
  if (!has_gpu()) return;
  for (const DecoderSpec& spec : various_specs()) {
    INFO("hidden " << spec.hidden << ", heads " << spec.heads << ", vocab " << spec.vocab);
    const auto source = make_random_weights(spec, 21);
    const auto requests = make_requests(spec, {30, 90}, 2, 40);
    const Run expected = run_all(*make_cuda_backend(spec, *source, options_with(8)), requests);
    for (const bool matrices_too : {false, true}) {
      const WidenedWeights wide(*source, matrices_too);
      require_equal(run_all(*make_cuda_backend(spec, wide, options_with(8)), requests), expected);
    }
  }
}

TEST_CASE("A checkpoint that is read from its file gives the samples of its values", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto source = make_random_weights(spec, 6);
  std::vector<RawTensor> tensors;
  for (const std::string& name : source->names()) {
    const TensorView view = source->find(name);
    const auto* const bytes = reinterpret_cast<const char*>(view.data);
    tensors.push_back({name, "BF16", view.shape, std::string(bytes, view.bytes())});
  }
  const ScratchFolder scratch;
  const std::filesystem::path path = scratch.path() / "model.safetensors";
  write_file_atomic(path, safetensors_file(tensors));
  const auto saved = open_safetensors(scratch.path().string());
  const auto requests = make_requests(spec, {30, 90}, 2, 40);
  const auto run = [&](const WeightSource& weights) {
    return run_all(*make_cuda_backend(spec, weights, options_with(8)), requests);
  };
  require_equal(run(*saved), run(*source));
  // Cut short while it is open: an error that names it, no signal.
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  try {
    run(*saved);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kData);
    CHECK(error.message().find(path.string()) != std::string::npos);
  }
}

TEST_CASE("What tuning kept on disk changes no bit, not even where it is damaged", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto source = make_random_weights(spec, 4);
  const auto requests = make_requests(spec, {30, 90}, 3, 60);
  const Run expected = run_all(*make_cuda_backend(spec, *source, options_with(8)), requests);
  const ScratchFolder scratch;
  CudaBackendOptions options = options_with(8);
  options.cache = scratch.path();
  const auto runs = [&] { return run_all(*make_cuda_backend(spec, *source, options), requests); };
  require_equal(runs(), expected);  // writes the file
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch.path()))
    if (entry.is_regular_file()) files.push_back(entry.path());
  REQUIRE(files.size() == 1);
  require_equal(runs(), expected);  // reads it
  std::string text = read_file(files[0]);
  for (std::size_t i = 40; i < text.size(); i += 97) text[i] = 'z';
  write_file_atomic(files[0], text);
  require_equal(runs(), expected);
  std::filesystem::remove(files[0]);
  std::filesystem::create_directory(files[0]);  // cannot be read, nor written
  require_equal(runs(), expected);
}

TEST_CASE("Weights made on the device give the samples of weights that were copied", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto requests = make_requests(spec, {30, 90}, 3, 60);
  const auto source = make_random_weights(spec, 1);
  const auto copied = make_cuda_backend(spec, *source, options_with(8));
  const auto made = make_cuda_backend_random(spec, 1, options_with(8));
  require_equal(run_all(*made, requests), run_all(*copied, requests));
  CHECK(made->fingerprint() == copied->fingerprint());
}

TEST_CASE("A NaN among the logits ends the run with the position and no token", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto whole = make_random_weights(spec, 1);
  const ReplacedWeights broken(*whole, "model.norm.weight", 0x7FC0);
  const auto backend = make_cuda_backend(spec, broken, options_with(8));
  try {
    run_all(*backend, make_requests(spec, {30}, 2, 60));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kData);
    CHECK(error.message().find("position 29") != std::string::npos);
  }
}

TEST_CASE("What a GPU cannot do is refused with a way out", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto source = make_random_weights(spec, 1);
  const auto kind_of = [&](const DecoderSpec& s, const CudaBackendOptions& options) {
    try {
      make_cuda_backend(s, *source, options);
    } catch (const Error& error) {
      CHECK_FALSE(error.hint().empty());
      return error.kind();
    }
    return ErrorKind::kInternal;
  };
  CudaBackendOptions missing = options_with(8);
  missing.device = 99;
  CHECK(kind_of(spec, missing) == ErrorKind::kEnvironment);
  CHECK(kind_of(spec, options_with(8, 1000)) == ErrorKind::kEnvironment);
  CHECK(kind_of(spec, options_with(8, std::int64_t{1} << 50)) == ErrorKind::kEnvironment);
  CHECK(kind_of(spec, options_with(100000)) == ErrorKind::kUsage);
  DecoderSpec odd = spec;
  odd.head_dim = 32;
  odd.heads = 8;
  const auto odd_source = make_random_weights(odd, 1);
  CHECK_THROWS_AS(make_cuda_backend(odd, *odd_source, options_with(8)), Error);
}

TEST_CASE("A GPU whose memory others hold is refused, and serves once it is free", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto requests = make_requests(spec, {30}, 2, 60);
  const auto open = [&] { return make_cuda_backend_random(spec, 1, options_with(8)); };
  const Run expected = run_all(*open(), requests);
  std::size_t free = 0, total = 0;
  cuda::check(cudaMemGetInfo(&free, &total));
  void* others = nullptr;
  cuda::check(cudaMalloc(&others, free - (std::size_t{256} << 20)));
  try {
    open();
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kEnvironment);
    CHECK(error.hint().find("end what else uses the GPU") != std::string::npos);
  }
  cuda::check(cudaFree(others));
  require_equal(run_all(*open(), requests), expected);
}
