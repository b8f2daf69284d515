#include "sandbox/confine.h"

#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "sandbox/system.h"

namespace quorum::sandbox {
namespace {

void limit(int resource, rlim_t soft, rlim_t hard) {
  const rlimit both{soft, hard};
  checked(setrlimit(static_cast<__rlimit_resource_t>(resource), &both),
          "cannot set the resource limit " + std::to_string(resource));
}
void limit(int resource, rlim_t value) { limit(resource, value, value); }

// A limit that may be lower already.
void lower(int resource, rlim_t value) {
  rlimit now{};
  getrlimit(static_cast<__rlimit_resource_t>(resource), &now);
  limit(resource, std::min(value, now.rlim_max));
}

void drop_capabilities() {
  for (unsigned long capability = 0; capability < 64; ++capability)
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno == EINVAL)
      break;  // past the last
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  checked(syscall(SYS_capset, &header, none), "cannot drop the capabilities");
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

}  // namespace

bool map_own_user(uid_t outside_uid, gid_t outside_gid, uid_t uid, gid_t gid) {
  const auto line = [](unsigned inside, unsigned outside) {
    return std::to_string(inside) + " " + std::to_string(outside) + " 1\n";
  };
  return write_text("/proc/self/setgroups", "deny") &&
         write_text("/proc/self/uid_map", line(uid, outside_uid)) &&
         write_text("/proc/self/gid_map", line(gid, outside_gid));
}

void drop_privileges(const Identity& identity) {
  if (identity.change) {
    checked(setgroups(0, nullptr), "cannot drop the groups");
    // The capability to empty the bounding set goes with the user.
    for (unsigned long capability = 0; capability < 64; ++capability)
      if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno == EINVAL) break;
    checked(setresgid(identity.gid, identity.gid, identity.gid),
            "cannot take the group of programs");
    checked(setresuid(identity.uid, identity.uid, identity.uid),
            "cannot take the user of programs");
  }
  if (identity.user_namespace) {
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);  // a change of user makes /proc/self root's
    checked(unshare(CLONE_NEWUSER), "cannot make a user namespace");
    // How the user is called inside is cosmetic: without /proc it has no name.
    map_own_user(identity.uid, identity.gid, kInsideUser, kInsideUser);
  }
  drop_capabilities();
  checked(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "cannot set no_new_privs");
  checked(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "cannot ask to die with the parent");
}

void limit_worker() {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_MEMLOCK, 0);
  limit(RLIMIT_MSGQUEUE, 0);
  limit(RLIMIT_RTPRIO, 0);
  limit(RLIMIT_SIGPENDING, 256);
  // The hard limit stays: programs raise their stack themselves, and memory bounds it. glibc gives
  // threads the soft limit that it finds at its start.
  rlimit stack{};
  getrlimit(RLIMIT_STACK, &stack);
  const rlim_t usual = rlim_t{8} << 20;
  limit(RLIMIT_STACK, stack.rlim_max < usual ? stack.rlim_max : usual, stack.rlim_max);
}

void limit_processes(std::uint64_t most) {
  if (most != 0) lower(RLIMIT_NPROC, most);
}

void limit_run(const RunLimits& limits) {
  if (const char* failed = set_run_limits(limits))
    fail("cannot set the limit of " + std::string(failed));
}

}  // namespace quorum::sandbox
