// Whether C++ programs can be run, before one is there.
#pragma once

#include <optional>

#include "base/error.h"
#include "sandbox/sandbox.h"

namespace quorum::sandbox {

// Of a sandbox with this report: Error(kEnvironment) with the reason and the way out; nullopt: they
// can be.
std::optional<Error> no_cpp(const Report& report);

}  // namespace quorum::sandbox
