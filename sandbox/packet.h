// Packets with descriptors over SOCK_SEQPACKET sockets: a packet arrives whole or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.h"

namespace quorum::sandbox {

inline constexpr std::size_t kMaxPacketBytes = 65536;
inline constexpr int kMaxPacketDescriptors = 8;

struct Packet {
  std::string bytes;
  std::vector<UniqueFd> descriptors;
};

// Two connected ends, closed on exec. Throws Error(kEnvironment).
std::pair<UniqueFd, UniqueFd> make_packet_sockets();

// False with errno when it was not sent (EAGAIN: full, on a socket that does not block).
bool send_packet(int socket, std::string_view bytes, const std::vector<int>& descriptors = {});

enum class Received { kPacket, kNothingYet, kClosed };
// kClosed: the other end is gone, or sent something larger than a packet may be.
Received receive_packet(int socket, Packet& packet, bool block);

}  // namespace quorum::sandbox
