// Methods of dict, list, tuple and range that change nothing.
#include "engine/jinja/builtins.h"
#include "engine/jinja/methods.h"
#include "engine/jinja/operators.h"

namespace quorum::jinja {
namespace {

Value keys(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("keys", arguments, {});
  return runtime.view("dict_keys", iterate(runtime, self));
}

Value values(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("values", arguments, {});
  std::vector<Value> result;
  for (const auto& [key, value] : self.as_dict().entries) result.push_back(value);
  return runtime.view("dict_values", std::move(result));
}

Value items(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("items", arguments, {});
  std::vector<Value> result;
  for (const auto& [key, value] : self.as_dict().entries)
    result.push_back(runtime.tuple({key, value}));
  return runtime.view("dict_items", std::move(result));
}

Value get(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("get", arguments, {"", ""}, 1);
  runtime.charge_key(bound[0]);
  if (const Value* found = self.as_dict().find(bound[0])) return *found;
  return bound.has(1) ? bound[1] : Value::none();
}

Value copy(Runtime&, const Value& self, const Arguments& arguments) {
  const Bound bound("copy", arguments, {});
  return self;
}

Value count(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("count", arguments, {""}, 1);
  std::int64_t result = 0;
  for (const Value& item : iterate(runtime, self))
    if (equal(runtime, item, bound[0])) ++result;
  return Value::integer(result);
}

Value index(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("index", arguments, {"", "", ""}, 1);
  const std::vector<Value> all = iterate(runtime, self);
  const auto size = static_cast<std::int64_t>(all.size());
  const auto clamp = [&](std::int64_t at) {
    return std::min(at < 0 ? std::max<std::int64_t>(at + size, 0) : at, size);
  };
  for (std::int64_t i = clamp(bound.integer(1, 0)); i < clamp(bound.integer(2, size)); ++i)
    if (equal(runtime, all[static_cast<std::size_t>(i)], bound[0])) return Value::integer(i);
  throw Failure("the value is not in the " + type_name(self));
}

constexpr NamedBuiltin kDict[] = {
    {"keys", keys}, {"values", values}, {"items", items}, {"get", get}, {"copy", copy}};
constexpr NamedBuiltin kList[] = {{"count", count}, {"index", index}, {"copy", copy}};

template <std::size_t N>
Builtin find(const NamedBuiltin (&table)[N], std::string_view name) {
  for (const NamedBuiltin& entry : table)
    if (entry.name == name) return entry.function;
  return nullptr;
}

}  // namespace

Builtin find_container_method(Kind kind, std::string_view name) {
  if (kind == Kind::kDict) return find(kDict, name);
  if (kind == Kind::kTuple || kind == Kind::kRange)
    return name == "copy" ? nullptr : find(kList, name);
  return kind == Kind::kList ? find(kList, name) : nullptr;
}

}  // namespace quorum::jinja
