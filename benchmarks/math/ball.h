// Complex balls: numbers of unknown exact value with a bound of their error (Arb).
#pragma once

#if __has_include(<flint/acb.h>)  // FLINT 3 has taken Arb in
#include <flint/acb.h>
#else
#include <acb.h>
#endif

#include <utility>

namespace quorum {

// Owns an acb_t, which contains the value that it stands for.
class Ball {
 public:
  Ball() { acb_init(value_); }
  Ball(const Ball& other) : Ball() { acb_set(value_, other.value_); }
  Ball(Ball&& other) noexcept : Ball() { acb_swap(value_, other.value_); }
  Ball& operator=(Ball other) noexcept {
    acb_swap(value_, other.value_);
    return *this;
  }
  ~Ball() { acb_clear(value_); }

  acb_ptr get() { return value_; }
  acb_srcptr get() const { return value_; }

 private:
  acb_t value_;
};

}  // namespace quorum
