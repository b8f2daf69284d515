// Texts that the sandbox reads: of /proc, of its canaries.
#include "sandbox/canaries.h"
#include "sandbox/process_view.h"
#include "support/catch.h"

using namespace quorum::sandbox;

namespace {

std::string status(const std::string& uid, const std::string& new_privileges,
                   const std::string& seccomp, const std::string& effective,
                   const std::string& permitted) {
  return "Name:\tx\nUid:\t" + uid + "\t" + uid + "\nCapInh:\t0000000000000000\nCapPrm:\t" +
         permitted + "\nCapEff:\t" + effective +
         "\nCapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\nNoNewPrivs:\t" + new_privileges +
         "\nSeccomp:\t" + seccomp + "\n";
}
const std::string kNone = "0000000000000000";

}  // namespace

TEST_CASE("a process is let go only with every wall up") {
  CHECK(missing_in_status(status("64501", "1", "2", kNone, kNone), true).empty());
  CHECK(missing_in_status(status("64501", "0", "2", kNone, kNone), true) == "no_new_privs");
  CHECK(missing_in_status(status("64501", "1", "0", kNone, kNone), true) == "the seccomp filter");
  CHECK(missing_in_status(status("64501", "1", "0", kNone, kNone), false).empty());
  CHECK(missing_in_status(status("64501", "1", "2", "0000000000200000", kNone), true) ==
        "capabilities (CapEff)");
  CHECK(missing_in_status(status("64501", "1", "2", kNone, "0000000000000001"), true) ==
        "capabilities (CapPrm)");
  CHECK(missing_in_status(status("0", "1", "2", kNone, kNone), true) == "a user other than root");
  CHECK_FALSE(missing_in_status("", true).empty());
}

TEST_CASE("the resource limits of a process are read from its table") {
  const auto table = [](const std::string& memory, const std::string& cpu, const std::string& file,
                        const std::string& core) {
    return "Limit                     Soft Limit           Hard Limit           Units     \nMax "
           "cpu time              " +
           cpu + "                    " + cpu +
           "                    seconds   \nMax file size             " + file +
           "                " + file + "                bytes     \nMax core file size        " +
           core + "                    " + core +
           "                    bytes     \nMax address space         " + memory + "            " +
           memory + "            bytes     \n";
  };
  const ExpectedWalls expected{true, 1 << 20, 6, 1001};
  CHECK(missing_in_limits(table("1048576", "7", "1001", "0"), expected).empty());
  CHECK(missing_in_limits(table("1048577", "7", "1001", "0"), expected) == "the limit of memory");
  CHECK(missing_in_limits(table("unlimited", "7", "1001", "0"), expected) == "the limit of memory");
  CHECK(missing_in_limits(table("1048576", "unlimited", "1001", "0"), expected) ==
        "the limit of CPU time");
  CHECK(missing_in_limits(table("1048576", "7", "1002", "0"), expected) ==
        "the limit of file sizes");
  CHECK(missing_in_limits(table("1048576", "7", "1001", "1"), expected) ==
        "the limit of core dumps");
  CHECK_FALSE(missing_in_limits("", expected).empty());
}

TEST_CASE("a canary that says nothing counts as a breach") {
  const auto findings =
      read_canaries("a: refused PermissionError\nb: REACHED 7\n", {"a", "b", "c"});
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].ok);
  CHECK_FALSE(findings[1].ok);
  CHECK_FALSE(findings[2].ok);
}
