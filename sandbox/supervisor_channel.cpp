// The conversation with a program over its descriptor 3.
#include <sys/socket.h>

#include <cerrno>

#include "sandbox/supervisor.h"
#include "sandbox/system.h"

namespace quorum::sandbox {
namespace {

constexpr std::size_t kPieceBytes = 65536;
// Answers that a program has not read yet: with more, it is not heard until it reads.
constexpr std::size_t kMostUnread = std::size_t{1} << 20;

}  // namespace

void Supervisor::open_channel(Worker& worker, UniqueFd& theirs) {
  int ends[2];
  checked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "cannot make a channel");
  worker.channel = loop_.watch(UniqueFd(ends[0]));
  theirs = UniqueFd(ends[1]);
}

void Supervisor::read_channel(const WorkerPtr& worker) {
  worker->channel->when_readable([this, worker] {
    char bytes[kPieceBytes];
    const ssize_t n = recv(worker->channel->descriptor(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
      return;  // the program has closed its end
    if (n > 0 && !hear(worker, {bytes, static_cast<std::size_t>(n)})) return;
    worker->unheard = worker->to_channel.size() > kMostUnread;
    if (!worker->unheard) read_channel(worker);
  });
}

// False: the program is to end.
bool Supervisor::hear(const WorkerPtr& worker, std::string_view bytes) {
  const auto reply = worker->job->channel->on_bytes(bytes);
  if (!reply) {
    worker->stopped = true;
    if (worker->state == Worker::State::kRunning) end_process(worker);
    return false;
  }
  worker->to_channel += *reply;
  write_channel(worker);
  return true;
}

void Supervisor::write_channel(const WorkerPtr& worker) {
  if (worker->writing || worker->to_channel.empty()) return;
  worker->writing = true;
  worker->channel->when_writable([this, worker] {
    worker->writing = false;
    const ssize_t n = send(worker->channel->descriptor(), worker->to_channel.data(),
                           worker->to_channel.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) worker->to_channel.erase(0, static_cast<std::size_t>(n));
    if (worker->unheard && worker->to_channel.size() <= kMostUnread / 2) {
      worker->unheard = false;
      read_channel(worker);
    }
    if (n > 0 || errno == EAGAIN || errno == EINTR) write_channel(worker);
  });
}

// What the program said last may still lie in the channel.
void Supervisor::drain_channel(const WorkerPtr& worker) {
  char bytes[kPieceBytes];
  while (!worker->stopped) {
    const ssize_t n = recv(worker->channel->descriptor(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (n <= 0 || !worker->job->channel->on_bytes({bytes, static_cast<std::size_t>(n)})) return;
  }
}

}  // namespace quorum::sandbox
