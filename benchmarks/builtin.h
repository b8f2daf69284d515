// The built-in benchmarks as one table: what registry.cpp needs to know of each.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/task_set.h"

namespace quorum {

struct BuiltinBenchmark {
  std::string name;
  BenchmarkCard card;
  int queries = 0;
  bool embedded = false;  // needs no file
  // For those that need one: where it lies below a data folder, its canonical place first.
  std::vector<std::string> files;
  // Then any .json or .jsonl file there, or in this folder below it, whose lower-case name holds
  // all of `name_parts` and whose content is recognised.
  std::string folder;
  std::vector<std::string> name_parts;
  std::string obtain;
  std::function<TaskSet(std::string_view file)> parse;
  std::function<bool(std::string_view file)> recognise;
};

const std::vector<BuiltinBenchmark>& builtin_benchmarks();

}  // namespace quorum
