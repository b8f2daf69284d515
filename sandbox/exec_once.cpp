#include "sandbox/exec_once.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/error.h"
#include "sandbox/system.h"

namespace quorum::sandbox {
namespace {

constexpr std::size_t kLargestNotice = 4096;  // newer kernels may say more than these headers know

}  // namespace

UniqueFd ask_before_exec() {
  sock_filter instructions[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program{sizeof instructions / sizeof instructions[0], instructions};
  const long fd =
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  if (fd < 0 && errno == EBUSY)
    throw Error(ErrorKind::kEnvironment, "a second exec cannot be forbidden",
                "this process is under a seccomp filter with a listener already");
  return UniqueFd(static_cast<int>(checked(fd, "cannot install a seccomp filter with a listener")));
}

bool allow_exec(int listener) {
  alignas(seccomp_notif) char notice[kLargestNotice] = {}, answer[kLargestNotice] = {};
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, notice) != 0) return false;
  seccomp_notif_resp go_on{};
  std::memcpy(&go_on.id, notice + offsetof(seccomp_notif, id), sizeof go_on.id);
  go_on.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  std::memcpy(answer, &go_on, sizeof go_on);
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, answer) == 0;
}

}  // namespace quorum::sandbox
