#include <sched.h>

#include <thread>

#include "base/cores.h"
#include "support/catch.h"

TEST_CASE("processors that a process may not use do not count") {
  const int before = quorum::usable_cores();
  CHECK(before >= 1);
  int confined = 0;
  // A thread of its own, because the mask is a thread's.
  std::thread([&] {
    cpu_set_t mask;
    sched_getaffinity(0, sizeof mask, &mask);
    int first = 0;
    while (!CPU_ISSET(first, &mask)) ++first;
    CPU_ZERO(&mask);
    CPU_SET(first, &mask);
    if (sched_setaffinity(0, sizeof mask, &mask) == 0) confined = quorum::usable_cores();
  }).join();
  CHECK(confined == 1);
  CHECK(quorum::usable_cores() == before);
}
