#include "sandbox/runner/targets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "support/test_data.h"

namespace quorum::attacks {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUntouched = "untouched\n";
constexpr uid_t kSetUserId = 65532;  // of the set-user-id program: any but the superuser
char victim_memory[8] = "victim";

std::string random_hex() {
  std::random_device device;
  std::ostringstream text;
  text << std::hex;
  for (int i = 0; i < 16; ++i) text << (device() & 15);
  return text.str();
}

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

int inet_socket(int type, int& port) {
  const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* name = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::bind(fd, name, size) != 0 || ::getsockname(fd, name, &size) != 0)
    fail("socket of a target");
  port = ntohs(address.sin_port);
  return fd;
}

// `path` begins with a NUL for an abstract name.
int unix_socket(int type, const std::string& path) {
  const int fd = ::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0)
    fail("socket of a target");
  return fd;
}

// True when somebody connected or sent since the last call.
bool touched(int fd, bool stream) {
  bool any = false;
  char byte = 0;
  if (!stream) {
    while (::recv(fd, &byte, 1, 0) >= 0) any = true;
    return any;
  }
  for (int peer = 0; (peer = ::accept(fd, nullptr, nullptr)) >= 0; any = true) ::close(peer);
  return any;
}

void write_for_all(const fs::path& path, const std::string& text, mode_t mode) {
  std::ofstream(path) << text;
  if (::chmod(path.c_str(), mode) != 0) fail("file of a target");
}

}  // namespace

Targets::Targets()
    : token_("expected-output-" + random_hex()), mark_("quorum-attack-" + random_hex()) {
  std::string pattern = (fs::temp_directory_path() / "quorum-targets-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) fail("folder of targets");
  folder_ = pattern;
  if (::chmod(folder_.c_str(), 0777) != 0) fail("folder of targets");
  tcp_ = inet_socket(SOCK_STREAM, tcp_port_);
  udp_ = inet_socket(SOCK_DGRAM, udp_port_);
  abstract_ = unix_socket(SOCK_STREAM, std::string(1, '\0') + mark_);
  datagram_ = unix_socket(SOCK_DGRAM, std::string(1, '\0') + mark_ + "-datagram");
  path_ = unix_socket(SOCK_STREAM, (folder_ / "socket").string());
  path_datagram_ = unix_socket(SOCK_DGRAM, (folder_ / "datagram-socket").string());
  for (const char* name : {"socket", "datagram-socket"})
    if (::chmod((folder_ / name).c_str(), 0777) != 0) fail("socket of a target");
  for (const int fd : {tcp_, abstract_, path_})
    if (::listen(fd, 64) != 0) fail("listener of a target");
  // As a literal of C++, so that an attack can include it.
  write_for_all(folder_ / "secret", '"' + token_ + "\"\n", 0644);
  ::setenv("QUORUM_ATTACK_SECRET", token_.c_str(), 1);
  if (::geteuid() == 0) {
    const fs::path program = folder_ / "set-user-id";
    fs::copy_file("/usr/bin/env", program);
    if (::chown(program.c_str(), kSetUserId, kSetUserId) != 0 ||
        ::chmod(program.c_str(), 04755) != 0)
      fail("set-user-id program");
  }
  restore();
}

Targets::~Targets() {
  ::kill(victim_, SIGKILL);
  ::waitpid(victim_, nullptr, 0);
  for (const int fd : {tcp_, udp_, abstract_, datagram_, path_, path_datagram_}) ::close(fd);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Targets::start_victim() {
  const pid_t parent = ::getpid();
  victim_ = ::fork();
  if (victim_ < 0) fail("victim");
  if (victim_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(0);
    while (true) ::pause();
  }
}

void Targets::restore() {
  for (const fs::path& path : left()) {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  const fs::path target = folder_ / "target";
  fs::remove(target);
  write_for_all(target, kUntouched, 0666);
  ::chmod(folder_.c_str(), 0777);
  for (const int fd : {tcp_, abstract_, path_}) touched(fd, true);
  for (const int fd : {udp_, datagram_, path_datagram_}) touched(fd, false);
  if (victim_ > 0 && ::waitpid(victim_, nullptr, WNOHANG) != 0) victim_ = -1;
  if (victim_ < 0) start_victim();
}

std::vector<fs::path> Targets::left() const {
  std::vector<fs::path> found;
  for (const fs::path& folder :
       {folder_, fs::path("/tmp"), fs::path("/var/tmp"), fs::path("/dev/shm"),
        fs::path("/dev/mqueue"), fs::path("/run/lock"), fs::path("/var/crash"), fs::path("/usr"),
        fs::path("/usr/bin"), fs::path("/usr/lib"), fs::path("/etc"), fs::path("/"),
        fs::path("/run/user") / std::to_string(::getuid()), fs::current_path()}) {
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator(folder, unreadable))
      if (entry.path().filename().string().find(mark_) != std::string::npos)
        found.push_back(entry.path());
  }
  return found;
}

std::vector<std::string> Targets::damage() {
  std::vector<std::string> all;
  if (touched(tcp_, true)) all.push_back("the TCP listener saw a connection");
  if (touched(udp_, false)) all.push_back("the UDP socket saw a datagram");
  if (touched(abstract_, true)) all.push_back("the abstract listener saw a connection");
  if (touched(datagram_, false)) all.push_back("the abstract socket saw a datagram");
  if (touched(path_datagram_, false)) all.push_back("the UNIX socket saw a datagram");
  if (touched(path_, true)) all.push_back("the UNIX listener saw a connection");
  if (::waitpid(victim_, nullptr, WNOHANG) != 0) {
    all.push_back("the process of the test is dead");
    victim_ = -1;
  }
  const fs::path target = folder_ / "target";
  struct stat status {};
  std::ifstream file(target);
  std::string text;
  std::getline(file, text);
  if (::stat(target.c_str(), &status) != 0 || text + "\n" != kUntouched)
    all.push_back("the file of the test is changed");
  else if ((status.st_mode & 07777) != 0666 || status.st_uid != ::geteuid() ||
           ::getxattr(target.c_str(), "user.attack", nullptr, 0) >= 0)
    all.push_back("the status of the test's file is changed");
  for (const fs::path& path : left()) all.push_back("left: " + path.string());
  return all;
}

std::map<std::string, std::string> Targets::values(const Amounts& amounts, bool control) const {
  utsname machine{};
  ::uname(&machine);
  std::ostringstream wall;
  wall << amounts.wall_seconds;
  return {{"COUNT", std::to_string(amounts.count)},
          {"MEMORY", std::to_string(amounts.memory_mib)},
          {"SCRATCH", std::to_string(amounts.scratch_mib)},
          {"WALL", wall.str()},
          {"SIDE", control ? "control" : "sandbox"},
          {"MARK", mark_},
          {"FOLDER", folder_.string()},
          {"SECRET", (folder_ / "secret").string()},
          {"TARGET", (folder_ / "target").string()},
          {"SETUID", (folder_ / "set-user-id").string()},
          {"HARNESS", testing::source_path("").lexically_normal().string()},
          {"HARNESS_PID", std::to_string(::getpid())},
          {"PROCESS_MARK", "attack_runner"},
          {"VICTIM", std::to_string(victim_)},
          {"VICTIM_ADDRESS", std::to_string(reinterpret_cast<std::uintptr_t>(victim_memory))},
          {"TCP_PORT", std::to_string(tcp_port_)},
          {"UDP_PORT", std::to_string(udp_port_)},
          {"ABSTRACT", mark_},
          {"ABSTRACT_DATAGRAM", mark_ + "-datagram"},
          {"HOST", machine.nodename},
          {"UID", std::to_string(::getuid())},
          {"GID", std::to_string(::getgid())}};
}

}  // namespace quorum::attacks
