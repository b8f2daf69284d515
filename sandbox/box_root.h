// The file system of a worker: a small read-only tmpfs with nothing in it but what programs need.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/landlock.h"

namespace quorum::sandbox {

// The only writable place; /tmp is a link to it. Landlock's rule is on the folder above, because
// the walk that looks for rules skips a mount's own root.
inline constexpr const char* kScratchParent = "/box";
inline constexpr const char* kScratch = "/box/tmp";
// The loop of the warm interpreter (zygote_loop.cpp), in boxes that have one.
inline constexpr const char* kZygoteLoop = "/box/zygote_loop.so";
// Where a box has what the machine has in /tmp, an interpreter for example. Links in the scratch
// lead here.
inline constexpr const char* kShownOfTmp = "/shown";

// What of the machine's files a box shows, at the same paths, read-only. Links on the way are made
// again.
struct BoxFiles {
  std::vector<std::string> executable;  // programs and libraries: folders or files
  std::vector<std::string> data;        // /etc/ld.so.cache …
};

// Makes this process's mount namespace such a box. For the first process of new mount and process
// namespaces that may mount. Returns whether /proc (with the box's own processes only) could be
// mounted; throws Error(kEnvironment) for everything else. zygote_loop: the bytes of kZygoteLoop;
// empty: none.
bool enter_box(const BoxFiles& files, std::string_view zygote_loop);

// A fresh scratch of at most so many bytes, empty but for the links to kShownOfTmp.
void mount_scratch(std::uint64_t bytes, unsigned uid, unsigned gid);
void unmount_scratch();

LandlockRules landlock_rules(const BoxFiles& files, bool in_box);

}  // namespace quorum::sandbox
