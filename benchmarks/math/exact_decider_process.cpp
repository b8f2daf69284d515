// The process of exact_decider.h.
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "benchmarks/math/exact_decider.h"
#include "benchmarks/math/exact_request.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define QUORUM_SHADOW_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define QUORUM_SHADOW_MEMORY 1
#endif
#endif

namespace quorum {
namespace {

bool read_all(char* to, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t n = read(STDIN_FILENO, to, bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    to += n;
    bytes -= static_cast<std::size_t>(n);
  }
  return true;
}

void limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  setrlimit(static_cast<__rlimit_resource_t>(resource), &both);
}

}  // namespace

int run_exact_decider() {
  // The parent's other files are none of its business.
  close_range(3, ~0u, 0);
  limit(RLIMIT_CORE, 0);
#ifndef QUORUM_SHADOW_MEMORY  // a sanitizer's shadow alone takes terabytes of addresses
  limit(RLIMIT_AS, ExactDeciderLimits::kMemoryBytes);
#endif
  for (;;) {
    unsigned char length[4];
    if (!read_all(reinterpret_cast<char*>(length), sizeof length)) return 0;
    std::uint32_t bytes = 0;
    for (int i = 3; i >= 0; --i) bytes = bytes << 8 | length[i];
    if (bytes > kMaxExactRequestBytes) return 1;
    std::string request(bytes, '\0');
    if (!read_all(request.data(), bytes)) return 0;
    // Should the parent be gone, nobody else ends a computation that runs away.
    alarm(2);
    const char answer = answer_exact_request(request);
    alarm(0);
    if (send(STDIN_FILENO, &answer, 1, MSG_NOSIGNAL) != 1) return 0;
  }
}

}  // namespace quorum
