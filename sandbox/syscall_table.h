// The table of system calls behind the seccomp filters (syscall_filter.h). Names that an
// architecture does not have are skipped there.
#pragma once

#include <string_view>

namespace quorum::sandbox {

// What programs, their interpreter and numerical libraries use, and what touches nothing but the
// process itself, its descriptors and its box.
inline constexpr std::string_view kAllowedCalls = R"(
read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek sendfile copy_file_range
open openat creat close close_range dup dup2 dup3 pipe pipe2
stat fstat lstat newfstatat fstatat64 statx statfs fstatfs access faccessat faccessat2
getdents getdents64 getcwd chdir fchdir readlink readlinkat umask
mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mknod mknodat
ftruncate fallocate fsync fdatasync sync_file_range fadvise64 readahead
poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime signalfd signalfd4
mmap munmap mremap mprotect madvise brk msync mincore membarrier get_mempolicy
pkey_alloc pkey_free pkey_mprotect
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause
alarm getitimer setitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete
nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups
getpgrp getpgid getsid setsid setpgid capget
uname sysinfo getrusage getcpu getrandom getpriority getrlimit setrlimit
sched_yield sched_getaffinity sched_getparam sched_getscheduler sched_getattr sched_get_priority_max
sched_get_priority_min sched_rr_get_interval
futex futex_waitv set_robust_list get_robust_list set_tid_address rseq arch_prctl restart_syscall
execve execveat exit exit_group wait4 waitid
sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown getsockname getpeername getsockopt
)";

// Allowed where their arguments say so (syscall_filter.cpp).
inline constexpr std::string_view kAllowedByArguments =
    "clone clone3 openat2 ioctl fcntl socketpair kill tgkill prctl prlimit64";

// What the interpreter needs to make a run; its children lose it again.
inline constexpr std::string_view kZygoteCalls =
    "seccomp pidfd_open kill tgkill prlimit64 prctl fork vfork";

inline constexpr std::string_view kCompilerCalls =
    "fork vfork kill tgkill prlimit64 chmod fchmod fchmodat utimensat prctl";

// Refused with EPERM as everything else that is not named above. The list is here so that these
// names count as known: a number above all known ones gets ENOSYS.
inline constexpr std::string_view kRefusedCalls = R"(
unshare setns mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick
mount_setattr ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd pidfd_send_signal tkill
rt_sigqueueinfo rt_tgsigqueueinfo socket bind connect listen accept accept4 keyctl add_key request_key
io_uring_setup io_uring_enter io_uring_register bpf perf_event_open userfaultfd memfd_create memfd_secret
shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl
mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
inotify_init inotify_init1 inotify_add_watch fanotify_init fanotify_mark name_to_handle_at open_by_handle_at
setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset personality
iopl ioperm modify_ldt quotactl quotactl_fd swapon swapoff reboot kexec_load kexec_file_load
init_module finit_module delete_module syslog acct settimeofday clock_settime clock_adjtime adjtimex
sethostname setdomainname sched_setscheduler sched_setattr sched_setparam sched_setaffinity setpriority
ioprio_set flock vmsplice splice tee chmod fchmod fchmodat chown fchown lchown fchownat truncate
utime utimes futimesat utimensat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
mlock mlock2 mlockall munlock munlockall mbind set_mempolicy migrate_pages move_pages
process_madvise process_mrelease landlock_create_ruleset landlock_add_rule landlock_restrict_self
sync syncfs vhangup lookup_dcookie remap_file_pages set_mempolicy_home_node
)";

}  // namespace quorum::sandbox
