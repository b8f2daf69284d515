#include "harness/network_fs.h"

#include <sys/vfs.h>

#include <fstream>
#include <sstream>

namespace quorum {
namespace {

constexpr unsigned long kFuse = 0x65735546;

struct Magic {
  unsigned long number;
  const char* name;
};
// linux/magic.h and the file systems' own headers.
constexpr Magic kNetwork[] = {
    {0x6969, "NFS"},         {0x0BD00BD0, "Lustre"}, {0x517B, "SMB"},       {0xFF534D42, "CIFS"},
    {0xFE534D42, "SMB2"},    {0x47504653, "GPFS"},   {0x00C36400, "Ceph"},  {0x73757245, "Coda"},
    {0x5346414F, "AFS"},     {0x6B414653, "AFS"},    {0x01021997, "9P"},    {0x19830326, "BeeGFS"},
    {0xAAD7AAEA, "PanFS"},   {0x01161970, "GFS2"},   {0x7461636F, "OCFS2"}, {0xBEEFDEAD, "SNFS"},
    {0x20030528, "OrangeFS"}};
constexpr const char* kNetworkFuse[] = {"sshfs",  "glusterfs", "ceph",    "s3fs",  "gcsfuse",
                                        "goofys", "rclone",    "juicefs", "davfs", "moosefs"};

// The type of the mount whose point is the longest prefix of `path`.
std::string mount_type_of(const std::filesystem::path& path) {
  std::ifstream mounts("/proc/self/mounts");
  std::string line, best_type;
  std::size_t best = 0;
  const std::string absolute = path.string();
  while (std::getline(mounts, line)) {
    std::istringstream words(line);
    std::string device, point, type;
    if (!(words >> device >> point >> type)) continue;
    const bool prefix =
        absolute.compare(0, point.size(), point) == 0 &&
        (point.size() == absolute.size() || point.back() == '/' || absolute[point.size()] == '/');
    if (prefix && point.size() >= best) {
      best = point.size();
      best_type = type;
    }
  }
  return best_type;
}

}  // namespace

std::string network_file_system_name(unsigned long magic, const std::string& mount_type) {
  for (const Magic& entry : kNetwork)
    if (entry.number == magic) return entry.name;
  if (magic == kFuse)
    for (const char* name : kNetworkFuse)
      if (mount_type.find(name) != std::string::npos) return name;
  return {};
}

std::string network_file_system(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::path absolute = std::filesystem::weakly_canonical(path, ignored);
  if (absolute.empty()) absolute = path;
  struct statfs info {};
  if (::statfs(absolute.c_str(), &info) != 0) {
    absolute = absolute.has_parent_path() ? absolute.parent_path() : ".";
    if (::statfs(absolute.c_str(), &info) != 0) return {};
  }
  // f_type is signed on some machines: the numbers above are 32 bits.
  const unsigned long magic = static_cast<unsigned long>(info.f_type) & 0xFFFFFFFFul;
  return network_file_system_name(magic, magic == kFuse ? mount_type_of(absolute) : std::string());
}

}  // namespace quorum
