#include <cmath>
#include <filesystem>
#include <limits>
#include <span>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "base/fixed_math.h"
#include "base/philox.h"
#include "base/sha256.h"
#include "base/text.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;

TEST_CASE("sha256 gives the digests of FIPS 180-4") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string million(1000000, 'a');
  CHECK(sha256_hex(million) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  Sha256 pieces;
  for (std::size_t at = 0, step = 1; at < million.size(); at += step, step = step * 7 % 131 + 1)
    pieces.update(std::string_view(million).substr(at, step));
  CHECK(pieces.hex() == sha256_hex(million));
}

TEST_CASE("length-prefixed fields tell apart texts that concatenate alike") {
  CHECK(Sha256().field("ab").field("c").hex() != Sha256().field("a").field("bc").hex());
}

// Known-answer vectors published with Random123 (kat_vectors, philox4x32 10 rounds).
TEST_CASE("philox reproduces the published known answers") {
  const auto zero = philox4x32_10(0, 0, 0, 0, 0);
  CHECK(zero.x[0] == 0x6627e8d5u);
  CHECK(zero.x[1] == 0xe169c58du);
  CHECK(zero.x[2] == 0xbc57ac4cu);
  CHECK(zero.x[3] == 0x9b00dbd8u);
  const auto ones = philox4x32_10(~0ull, ~0u, ~0u, ~0u, ~0u);
  CHECK(ones.x[0] == 0x408f276du);
  CHECK(ones.x[3] == 0x6d5451fdu);
}

TEST_CASE("the open unit interval excludes both ends") {
  CHECK(open_unit(0) > 0.0);
  CHECK(open_unit(0xFFFFFFFFu) < 1.0);
}

TEST_CASE("fixed exp and log stay within three ulps of the math library") {
  const auto ulps = [](double ours, double theirs) {
    return std::abs(ours - theirs) /
           (std::nextafter(std::abs(theirs), INFINITY) - std::abs(theirs));
  };
  double worst_exp = 0, worst_log = 0;
  PhiloxStream random(7);
  for (int i = 0; i < 200000; ++i) {
    const double x = (open_unit(random.next()) - 0.5) * 1400;
    if (std::abs(x) < 700) worst_exp = std::max(worst_exp, ulps(fixed_exp(x), std::exp(x)));
    const double y = std::exp((open_unit(random.next()) - 0.5) * 200);
    worst_log = std::max(worst_log, ulps(fixed_log(y), std::log(y)));
  }
  CHECK(worst_exp < 3.0);
  CHECK(worst_log < 3.0);
  CHECK(fixed_exp(0.0) == 1.0);
  CHECK(fixed_log(1.0) == 0.0);
  CHECK(fixed_exp(-1000.0) == 0.0);
}

TEST_CASE("code points decode strictly and malformed parts become one replacement each") {
  std::size_t at = 0;
  CHECK(next_code_point("\xE2\x82\xAC", at) == 0x20AC);
  CHECK(at == 3);
  CHECK_FALSE(is_valid_utf8("\xC0\x80"));
  CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));
  CHECK_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));
  CHECK(sanitize_utf8("a\xF0\x9F\x98z") == "a\xEF\xBF\xBDz");
  CHECK(incomplete_utf8_tail("a\xF0\x9F\x98") == 3);
  CHECK(incomplete_utf8_tail("a\xE2\x82\xAC") == 0);
}

TEST_CASE("the nearest name is offered only when it is near") {
  const std::vector<std::string> names{"aime24", "math500", "mini"};
  CHECK(nearest_name("math50", names) == "math500");
  CHECK(nearest_name("gpqa", names).empty());
}

TEST_CASE("a mapped file can be read without its pages, and notices that it was cut") {
  testing::ScratchFolder scratch;
  const auto path = scratch.path() / "file";
  write_file_atomic(path, "0123456789");
  MappedFile first(path);
  const MappedFile file = std::move(first);
  std::string part(4, ' ');
  file.read(3, std::as_writable_bytes(std::span(part)));
  CHECK(part == "3456");
  CHECK_THROWS_AS(file.read(7, std::as_writable_bytes(std::span(part))), Error);
  std::filesystem::resize_file(path, 5);
  CHECK_THROWS_AS(file.read(3, std::as_writable_bytes(std::span(part))), Error);
}

TEST_CASE("an atomic write replaces the file whole") {
  testing::ScratchFolder scratch;
  const auto path = scratch.path() / "file";
  write_file_atomic(path, "one");
  write_file_atomic(path, "two");
  CHECK(read_file(path) == "two");
  CHECK(MappedFile(path).text() == "two");
  CHECK_THROWS_AS(read_file(scratch.path() / "absent"), Error);
}
