#include "harness/manifest.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "harness/build_info.h"
#include "harness/network_fs.h"
#include "harness/packing.h"
#include "harness/results.h"
#include "support/catch.h"
#include "support/fake_generator.h"

using namespace quorum;
using namespace quorum::testing;

TEST_CASE("A manifest tells what a number came from") {
  FakeGenerator generator;
  Benchmark benchmark = fake_benchmark("mini", 3);
  benchmark.partial = true;
  SamplingSettings sampling;
  sampling.seed = 18446744073709551615ull;
  const auto manifest = nlohmann::json::parse(make_manifest(
      std::vector<Benchmark>{benchmark}, generator.identity(), sampling, "auto", 64, 1737331200));
  CHECK(manifest["time"] == "2025-01-20T00:00:00Z");
  CHECK(manifest["benchmarks"][0]["dataset_hash"] == "data-mini");
  CHECK(manifest["benchmarks"][0]["grader"] == "fake-1");
  CHECK(manifest["benchmarks"][0]["policy"] == "");
  CHECK(manifest["benchmarks"][0]["queries"] == 3);
  CHECK(manifest["benchmarks"][0]["partial"] == true);
  CHECK(manifest["model"]["checkpoint"] == "checkpoint-a");
  CHECK(manifest["model"]["template_hash"] == "template");
  CHECK(manifest["model"]["numerics"] == generator.numerics);
  CHECK(manifest["sampling"]["seed"] == 18446744073709551615ull);
  CHECK(manifest["sampling"]["temperature"] == 0.6);
  CHECK(manifest["sampling"]["samples"] == 64);
  CHECK(manifest["machine"]["cores"].get<int>() >= 1);
  CHECK(manifest["machine"]["memory"].get<std::int64_t>() > 1 << 20);
  CHECK(manifest["build"]["version"] == build_info().version);
  CHECK(!build_info().version.empty());
  CHECK(!build_info().compiler.empty());
  CHECK(version_text().find(build_info().version) == 0);
}

TEST_CASE("Network file systems are known by their numbers") {
  CHECK(network_file_system_name(0x6969, "") == "NFS");
  CHECK(network_file_system_name(0x0BD00BD0, "") == "Lustre");
  CHECK(network_file_system_name(0xFF534D42, "") == "CIFS");
  CHECK(network_file_system_name(0x47504653, "") == "GPFS");
  CHECK(network_file_system_name(0x00C36400, "") == "Ceph");
  CHECK(network_file_system_name(0x65735546, "fuse.sshfs") == "sshfs");
  CHECK(network_file_system_name(0x65735546, "fuse.mergerfs").empty());
  CHECK(network_file_system_name(0xEF53, "").empty());
  CHECK(network_file_system_name(0x01021994, "").empty());
  CHECK(network_file_system("/proc/self/no/such/file").empty());
}

TEST_CASE("Packed texts and ids unpack to themselves and damaged ones are refused") {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string(1 << 20, 'x'), std::string("\0\xff\n", 3)})
    CHECK(unpack_text(pack_text(text)) == text);
  CHECK(pack_text(std::string(1 << 20, 'x')).size() < 1000);
  std::vector<std::int32_t> ids;
  for (int bit = 0; bit < 31; ++bit)
    for (const std::int64_t around : {-1, 0, 1}) {
      const std::int64_t id = (std::int64_t{1} << bit) + around;
      if (id >= 0) ids.push_back(static_cast<std::int32_t>(id));
    }
  ids.push_back(2147483647);
  CHECK(unpack_ids(pack_ids(ids)) == ids);
  CHECK(unpack_ids(pack_ids({})).empty());
  CHECK_THROWS_AS(pack_ids(std::vector<std::int32_t>{-1}), Error);

  std::string packed = pack_text("some text that is long enough to be worth a frame");
  CHECK_THROWS_AS(unpack_text("nonsense"), Error);
  CHECK_THROWS_AS(unpack_text(packed.substr(0, packed.size() - 3)), Error);
  CHECK_THROWS_AS(unpack_ids(pack_text("\x80")), Error);
  CHECK_THROWS_AS(unpack_ids(pack_text("\xff\xff\xff\xff\xff\xff\x01")), Error);
  CHECK_THROWS_AS(unpack_ids(pack_text("\xff\xff\xff\xff\x0f")), Error);
}

TEST_CASE("Complete samples are those that every query has") {
  const auto set_of = [](std::vector<std::vector<int>> samples, int wanted) {
    ResultSet set;
    set.samples_wanted = wanted;
    for (const auto& list : samples) {
      QueryResult query;
      for (const int index : list) {
        SampleResult sample;
        sample.sample = index;
        query.samples.push_back(sample);
      }
      set.queries.push_back(query);
    }
    return set;
  };
  const auto first = [](int n) {
    std::vector<int> list;
    for (int i = 0; i < n; ++i) list.push_back(i);
    return list;
  };
  CHECK(set_of({}, 4).complete_samples() == 0);
  CHECK(!set_of({}, 4).complete());
  CHECK(set_of({first(4), first(4)}, 4).complete_samples() == 4);
  CHECK(set_of({first(4), first(4)}, 4).complete());
  CHECK(set_of({first(7), first(64)}, 64).complete_samples() == 0);
  CHECK(set_of({first(23), first(17)}, 64).complete_samples() == 16);
  CHECK(set_of({first(64), first(64)}, 4).complete_samples() == 64);
  CHECK(set_of({first(6), first(6)}, 4).complete_samples() == 4);
  CHECK(set_of({first(20), first(20)}, 20).complete_samples() == 20);
  CHECK(set_of({first(64), {}}, 64).complete_samples() == 0);
  std::vector<int> gap = first(20);
  gap.erase(gap.begin() + 9);
  CHECK(set_of({gap, first(20)}, 20).complete_samples() == 8);
}

TEST_CASE("Answer classes come from the grader and stay away from samples without an answer") {
  ResultSet set;
  set.queries = {{"x-0", {}}, {"x-1", {}}};
  const auto add = [&](std::size_t query, std::optional<std::string> answer) {
    SampleResult sample;
    sample.sample = static_cast<int>(set.queries[query].samples.size());
    sample.answer = std::move(answer);
    set.queries[query].samples.push_back(sample);
  };
  add(0, "1");
  add(0, std::nullopt);
  add(0, "2");
  add(0, "1");
  add(1, std::nullopt);
  const Benchmark benchmark = fake_benchmark("x", 2);
  assign_answer_classes(set, benchmark.queries, FakeGrader());
  CHECK(set.queries[0].samples[0].answer_class == 0);
  CHECK(set.queries[0].samples[1].answer_class == -1);
  CHECK(set.queries[0].samples[2].answer_class == 1);
  CHECK(set.queries[0].samples[3].answer_class == 0);
  CHECK(set.queries[1].samples[0].answer_class == -1);
}
