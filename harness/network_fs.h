// Whether a file lies on a network file system, where SQLite's shared memory does not work between
// machines.
#pragma once

#include <filesystem>
#include <string>

namespace quorum {

// The kind of network file system that holds `path` or, where that does not exist, its folder:
// "NFS", "Lustre", …; empty for a local one.
std::string network_file_system(const std::filesystem::path& path);
// The same for the magic number of statfs(2), and for the type in /proc/mounts that decides about
// FUSE.
std::string network_file_system_name(unsigned long magic, const std::string& mount_type);

}  // namespace quorum
