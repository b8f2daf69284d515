// What one rendering owns: its budget of steps, its mutable objects, and the scopes that macros
// still see.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/jinja/value.h"

namespace quorum::jinja {

struct Limits {
  std::int64_t steps = 10'000'000;
  std::size_t output_bytes = kMaxTextBytes;
  int macro_depth = 64;
  int evaluation_depth = 1000;  // nested statements and expressions over all active macros
};

using Symbol = std::uint32_t;

struct Scope {
  std::unordered_map<Symbol, Value> variables;
  std::shared_ptr<Scope> parent;
};

class Runtime {
 public:
  Runtime(const Limits& limits, std::int64_t unix_time) : limits_(limits), unix_time_(unix_time) {}
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // Throws Failure when the steps are used up. A step is one node evaluated, one element made, or
  // 16 bytes of text.
  void charge(std::size_t steps) {
    used_ += static_cast<std::int64_t>(steps);
    if (used_ > limits_.steps) out_of_steps();
  }
  // For a search of `needle` in `text`, which may compare it at every place; and for a key that is
  // hashed.
  void charge_search(std::string_view text, std::string_view needle) {
    charge(1 + text.size() / 64 * (1 + std::min(needle.size(), text.size()) / 16));
  }
  void charge_key(const Value& key) {
    if (key.is_text()) charge(key.as_text().size() / 16);
  }
  const Limits& limits() const { return limits_; }
  std::int64_t unix_time() const { return unix_time_; }

  // The makers of Value, charged.
  Value text(std::string text, bool markup = false);
  Value list(std::vector<Value> items);
  Value tuple(std::vector<Value> items);
  Value generator(std::vector<Value> items);
  Value view(const char* type_name, std::vector<Value> items);
  Value texts(std::vector<std::string> parts, bool markup);

  NamespaceObject* new_namespace();
  LoopObject* new_loop();
  // Keeps the scope and its parents alive until the end of the rendering.
  void keep(const std::shared_ptr<Scope>& scope);

 private:
  [[noreturn]] void out_of_steps() const;

  Limits limits_;
  std::int64_t unix_time_;
  std::int64_t used_ = 0;
  std::deque<NamespaceObject> namespaces_;
  std::deque<LoopObject> loops_;
  std::unordered_map<const Scope*, std::shared_ptr<Scope>> kept_;
};

}  // namespace quorum::jinja
