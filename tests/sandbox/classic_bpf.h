// A reader of seccomp filters: what a filter says about a system call, computed as the kernel does.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

namespace quorum::testing {

// The filter's answer, SECCOMP_RET_… with its data. Throws on an instruction that seccomp filters
// do not have.
inline std::uint32_t run_filter(const std::string& filter, const seccomp_data& call) {
  const auto count = filter.size() / sizeof(sock_filter);
  std::uint32_t accumulator = 0;
  for (std::size_t at = 0; at < count; ++at) {
    sock_filter i;
    std::memcpy(&i, filter.data() + at * sizeof i, sizeof i);
    switch (i.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        if (i.k + sizeof accumulator > sizeof call)
          throw std::runtime_error("a load outside of the call");
        std::memcpy(&accumulator, reinterpret_cast<const char*>(&call) + i.k, sizeof accumulator);
        break;
      case BPF_ALU | BPF_AND | BPF_K: accumulator &= i.k; break;
      case BPF_JMP | BPF_JA: at += i.k; break;
      case BPF_JMP | BPF_JEQ | BPF_K: at += accumulator == i.k ? i.jt : i.jf; break;
      case BPF_JMP | BPF_JGT | BPF_K: at += accumulator > i.k ? i.jt : i.jf; break;
      case BPF_JMP | BPF_JGE | BPF_K: at += accumulator >= i.k ? i.jt : i.jf; break;
      case BPF_JMP | BPF_JSET | BPF_K: at += (accumulator & i.k) != 0 ? i.jt : i.jf; break;
      case BPF_RET | BPF_K: return i.k;
      default:
        throw std::runtime_error("an instruction that is not known: " + std::to_string(i.code));
    }
  }
  throw std::runtime_error("a filter without an end");
}

}  // namespace quorum::testing
