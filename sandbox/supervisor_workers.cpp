// The supervisor's launcher and workers: starting, watching, ending.
#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "sandbox/supervisor.h"
#include "sandbox/system.h"

namespace quorum::sandbox {

// Blocks for as long as the launcher looks at the machine: at the start, or while nothing can run
// anyway.
void Supervisor::start_launcher() {
  link_ = LauncherLink::start(options_.launcher);
  count(&Sandbox::Counts::launchers_started);
  const nlohmann::json wanted{
      {"python",
       options_.python.empty() ? "" : std::filesystem::absolute(options_.python).string()},
      {"without_seccomp", options_.without.seccomp},
      {"without_landlock", options_.without.landlock},
      {"without_namespaces", options_.without.namespaces}};
  if (!send_packet(link_->socket(), text_message(Kind::kSetUp, 0, wanted.dump())))
    fail("cannot reach the launcher");
  Packet packet;
  if (receive_packet(link_->socket(), packet, true) != Received::kPacket)
    throw Error(ErrorKind::kEnvironment, "the sandbox's launcher ended at once", "",
                "is " + options_.launcher + " this program?");
  const auto header = read_message<Header>(packet.bytes);
  const std::string text = packet.bytes.substr(std::min(packet.bytes.size(), sizeof(Header)));
  if (!header || header->kind != Kind::kReady)
    throw Error(ErrorKind::kEnvironment, "the sandbox cannot be set up", text);
  const auto answer = nlohmann::json::parse(text);
  // What other threads read is set once, before they can: a second launcher finds the same machine.
  if (!thread_.joinable()) {
    host_.python = answer.at("python");
    host_.python_version = answer.at("python_version");
    host_.numpy_version = answer.at("numpy_version");
    host_.foreign_path = answer.at("foreign_path");
    host_.compiler = answer.at("compiler");
    host_.no_compiler = answer.at("no_compiler");
    host_.user_namespaces = answer.at("user_namespaces");
    host_.policy = answer.at("policy");
    host_.cgroup_version = answer.value("cgroup", 0);
    host_.no_cgroup = answer.value("no_cgroup", "");
  }
  control_ = loop_.watch(UniqueFd(static_cast<int>(
      checked(fcntl(link_->socket(), F_DUPFD_CLOEXEC, 3), "cannot copy the launcher's socket"))));
  watch_control();
}

void Supervisor::watch_control() {
  control_->when_readable([this] {
    if (stopping_) return;
    for (Packet packet; control_;) {
      const Received received = receive_packet(control_->descriptor(), packet, false);
      if (received == Received::kClosed) return launcher_ended();
      if (received == Received::kNothingYet) break;
      on_notice(packet);
    }
    if (control_) watch_control();
  });
}

void Supervisor::on_notice(Packet& packet) {
  const auto header = read_message<Header>(packet.bytes);
  if (!header) return;
  const auto found = workers_.find(header->id);
  if (found == workers_.end()) return;
  const WorkerPtr worker = found->second;
  if (header->kind == Kind::kWorker && !packet.descriptors.empty()) {
    UniqueFd* const places[] = {&worker->process, &worker->group_events, &worker->group_hits};
    for (std::size_t i = 0; i < std::min(packet.descriptors.size(), std::size(places)); ++i)
      *places[i] = std::move(packet.descriptors[i]);
  }
  if (header->kind == Kind::kFailed) broken(worker, packet.bytes.substr(sizeof(Header)));
  if (header->kind == Kind::kWorkerGone) broken(worker, "the worker ended");
}

void Supervisor::launcher_ended() {
  control_.reset();
  const auto all = workers_;
  for (const auto& [id, worker] : all) broken(worker, "the launcher ended");
  link_.reset();  // after those who are in its groups and folders
  try {
    start_launcher();
  } catch (const Error& error) {
    fail_everything(error.what());
  }
  pump();
}

WorkerPtr Supervisor::start_worker(bool compiles) {
  auto [ours, theirs] = make_packet_sockets();
  WorkerRequest request;
  request.header.id = ++last_worker_;
  request.level = static_cast<std::uint32_t>(level_);
  request.compiles = compiles ? 1 : 0;
  if (!control_ || !send_packet(control_->descriptor(), bytes_of(request), {theirs.get()}))
    fail("cannot reach the launcher");
  count(&Sandbox::Counts::workers_started);
  auto worker = std::make_shared<Worker>();
  worker->id = request.header.id;
  worker->socket = loop_.watch(std::move(ours));
  worker->timer = loop_.make_timer();
  workers_[worker->id] = worker;
  watch(worker);
  return worker;
}

void Supervisor::watch(const WorkerPtr& worker) {
  worker->socket->when_readable([this, worker] {
    for (Packet packet; !worker->gone;) {
      const Received received = receive_packet(worker->socket->descriptor(), packet, false);
      if (received == Received::kClosed) return broken(worker, "the worker ended");
      if (received == Received::kNothingYet) break;
      on_packet(worker, packet);
    }
    if (!worker->gone) watch(worker);
  });
}

void Supervisor::drop(const WorkerPtr& worker) {
  worker->gone = true;
  if (worker->process_end) pidfd_send_signal(worker->process_end->descriptor(), SIGKILL);
  worker->process_end.reset();
  worker->timer->cancel();
  worker->socket.reset();
  // In a process namespace this ends everybody in it; elsewhere everybody dies with the parent.
  if (worker->process) pidfd_send_signal(worker->process.get(), SIGKILL);
  idle_.erase(std::remove(idle_.begin(), idle_.end(), worker), idle_.end());
  workers_.erase(worker->id);
}

}  // namespace quorum::sandbox
