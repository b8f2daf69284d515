#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <string_view>

#include "base/error.h"
#include "benchmarks/math/exact_decider.h"
#include "cli/environment.h"
#include "cli/options.h"
#include "sandbox/sandbox.h"

namespace {

void print_error(const quorum::Error& error) {
  const bool color = quorum::cli::wants_color(STDERR_FILENO, false);
  fmt::print(stderr, "{}error:{} {}\n", color ? "\033[1;31m" : "", color ? "\033[0m" : "",
             error.message());
  if (!error.because().empty()) fmt::print(stderr, "because: {}\n", error.because());
  if (!error.hint().empty()) fmt::print(stderr, "try: {}\n", error.hint());
}

}  // namespace

int main(int argc, char** argv) {
  // Without the standard descriptors the first file opened would become one of them.
  for (int fd = open("/dev/null", O_RDWR); fd >= 0; fd = open("/dev/null", O_RDWR)) {
    if (fd <= STDERR_FILENO) continue;
    close(fd);
    break;
  }
  using quorum::Error;
  using quorum::ErrorKind;
  if (argc == 2 && argv[1] == std::string_view(quorum::kExactDeciderVerb))
    return quorum::run_exact_decider();
  if (argc == 2 && argv[1] == std::string_view(quorum::sandbox::kLauncherVerb))
    return quorum::sandbox::run_launcher();
  quorum::set_exact_decider_program("/proc/self/exe");
  try {
    const int code = quorum::cli::parse_and_run(argc, argv);
    // A full disk or a closed pipe behind stdout must not look like success.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
      throw Error(ErrorKind::kEnvironment, "cannot write to stdout");
    return code;
  } catch (const Error& error) {
    print_error(error);
    return exit_code(error.kind());
  } catch (const std::filesystem::filesystem_error& error) {
    print_error(Error(ErrorKind::kData, "cannot use " + error.path1().string(),
                      error.code().message(), "another path, or its permissions"));
    return exit_code(ErrorKind::kData);
  } catch (const std::bad_alloc&) {
    print_error(Error(ErrorKind::kEnvironment, "out of memory", "",
                      "a smaller --kv-memory or --max-batch"));
    return exit_code(ErrorKind::kEnvironment);
  } catch (const std::exception& error) {
    print_error(Error(ErrorKind::kInternal, "unexpected failure", error.what(),
                      "this is a bug in Quorum: please report it with the command that you ran"));
    return exit_code(ErrorKind::kInternal);
  }
}
