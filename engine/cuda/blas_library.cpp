// Where the products' library lies, for quorum doctor.
#include <dlfcn.h>
#include <link.h>

#include "engine/cuda_backend.h"

namespace quorum {

std::string cuda_blas_library() {
  for (const char* name : {"libcublasLt.so.13", "libcublasLt.so.12"}) {
    void* const handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    if (handle == nullptr) continue;
    link_map* map = nullptr;
    const bool found = dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0;
    std::string path = found ? map->l_name : name;
    dlclose(handle);
    return path;
  }
  return {};
}

}  // namespace quorum
