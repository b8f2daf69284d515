#include "generators/cuda_device.h"

#include "base/error.h"
#include "engine/cuda_backend.h"
#include "support/catch.h"

using namespace quorum;

namespace {

// The error of a call that must throw.
template <class Call>
Error error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return Error(ErrorKind::kInternal, "");
}

}  // namespace

TEST_CASE("A device is the CPU or a GPU by its index") {
  CHECK(!cuda_index("cpu"));
  CHECK(cuda_index("cuda") == 0);
  CHECK(cuda_index("cuda:0") == 0);
  CHECK(cuda_index("cuda:17") == 17);
  for (const char* wrong : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", "cuda:99999",
                            "cuda 0", "CUDA", "cuda::1", "cuda: 1"}) {
    INFO(wrong);
    CHECK(error_of([&] { cuda_index(wrong); }).kind() == ErrorKind::kUsage);
  }
}

TEST_CASE("The identity of a sample names the engine and not the GPU") {
  CHECK(engine_name("cpu") == "cpu");
  CHECK(engine_name("cuda") == "cuda");
  CHECK(engine_name("cuda:1") == "cuda");
}

TEST_CASE("A GPU that is not there is an unusable environment with a way out") {
  const Error error = error_of([] { require_cuda_device(9999); });
  CHECK(error.kind() == ErrorKind::kEnvironment);
  CHECK(error.message().find("cuda:9999") != std::string::npos);
  CHECK(!error.because().empty());
  CHECK(error.hint().find("--device") != std::string::npos);
}

TEST_CASE("There are devices or a reason why there are none") {
  CHECK(cuda_devices().empty() == !cuda_problem().empty());
  if (!built_with_cuda()) {
    CHECK(cuda_devices().empty());
    CHECK(cuda_problem() == "this build has no CUDA backend");
    CHECK(cuda_blas_library().empty());
  }
}
