#include "engine/jinja/value.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/jinja/callable.h"

namespace quorum::jinja {
namespace {

std::int64_t count_code_points(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

void check_depth(int depth) {
  if (depth > kMaxValueDepth)
    throw Failure("values are nested more than " + std::to_string(kMaxValueDepth) + " deep");
}

}  // namespace

Value Value::boolean(bool value) {
  Value result(Kind::kBool);
  result.data_.integer = value ? 1 : 0;
  return result;
}

Value Value::integer(std::int64_t value) {
  Value result(Kind::kInt);
  result.data_.integer = value;
  return result;
}

Value Value::real(double value) {
  Value result(Kind::kFloat);
  result.data_.real = value;
  return result;
}

Value Value::text(std::string text, bool markup) {
  if (text.size() > kMaxTextBytes) throw Failure("a string grows beyond 16 MiB");
  auto object = std::make_shared<TextObject>();
  object->code_points = count_code_points(text);
  object->text = std::move(text);
  object->markup = markup;
  Value result(Kind::kText);
  result.object_ = std::move(object);
  return result;
}

Value Value::sequence(Kind kind, const char* type_name, std::vector<Value> items) {
  auto object = std::make_shared<SequenceObject>();
  for (const Value& item : items) object->depth = std::max(object->depth, item.depth());
  check_depth(++object->depth);
  object->items = std::move(items);
  object->type_name = type_name;
  Value result(kind);
  result.object_ = std::move(object);
  return result;
}

Value Value::list(std::vector<Value> items) {
  return sequence(Kind::kList, nullptr, std::move(items));
}
Value Value::tuple(std::vector<Value> items) {
  return sequence(Kind::kTuple, nullptr, std::move(items));
}
Value Value::view(const char* type_name, std::vector<Value> items) {
  return sequence(Kind::kView, type_name, std::move(items));
}
Value Value::generator(std::vector<Value> items) {
  return sequence(Kind::kGenerator, nullptr, std::move(items));
}

Value Value::dict(std::shared_ptr<DictObject> dict) {
  dict->depth = 0;
  for (const auto& [key, value] : dict->entries)
    dict->depth = std::max({dict->depth, key.depth(), value.depth()});
  check_depth(++dict->depth);
  Value result(Kind::kDict);
  result.object_ = std::move(dict);
  return result;
}

Value Value::range(std::int64_t start, std::int64_t stop, std::int64_t step) {
  auto object = std::make_shared<RangeObject>();
  object->start = start;
  object->stop = stop;
  object->step = step;
  Value result(Kind::kRange);
  result.object_ = std::move(object);
  return result;
}

Value Value::callable(std::shared_ptr<CallableObject> callable) {
  callable->depth = callable->self.depth() + 1;
  check_depth(callable->depth);
  Value result(Kind::kCallable);
  result.object_ = std::move(callable);
  return result;
}

Value Value::name_space(NamespaceObject* object) {
  Value result(Kind::kNamespace);
  result.data_.name_space = object;
  return result;
}

Value Value::loop(LoopObject* object) {
  Value result(Kind::kLoop);
  result.data_.loop = object;
  return result;
}

Value Value::undefined_because(std::string_view reason) {
  auto object = std::make_shared<UndefinedObject>();
  object->reason = reason;
  Value result;
  result.object_ = std::move(object);
  return result;
}

Value Value::undefined_name(std::string_view name) {
  return undefined_because("'" + std::string(name) + "' is undefined");
}

Value Value::undefined_member(const Value& owner, const Value& name) {
  const std::string what = owner.is_none() ? "None" : "'" + type_name(owner) + " object'";
  if (!name.is_text()) return undefined_because(what + " has no such element");
  return undefined_because(what + " has no attribute '" + name.as_text().substr(0, 200) + "'");
}

const std::string& Value::as_text() const { return static_cast<const TextObject&>(*object_).text; }
bool Value::is_markup() const {
  return kind_ == Kind::kText && static_cast<const TextObject&>(*object_).markup;
}
std::int64_t Value::code_points() const {
  return static_cast<const TextObject&>(*object_).code_points;
}
const std::vector<Value>& Value::items() const {
  return static_cast<const SequenceObject&>(*object_).items;
}
const DictObject& Value::as_dict() const { return static_cast<const DictObject&>(*object_); }
const RangeObject& Value::as_range() const { return static_cast<const RangeObject&>(*object_); }
CallableObject& Value::as_callable() const { return static_cast<CallableObject&>(*object_); }
SequenceObject& Value::as_generator() const { return static_cast<SequenceObject&>(*object_); }
const char* Value::view_name() const {
  return static_cast<const SequenceObject&>(*object_).type_name;
}

std::string Value::undefined_message() const {
  return object_ ? static_cast<const UndefinedObject&>(*object_).reason : "value is undefined";
}

const void* Value::identity() const {
  if (kind_ == Kind::kNamespace) return data_.name_space;
  if (kind_ == Kind::kLoop) return data_.loop;
  return object_.get();
}

std::int64_t RangeObject::size() const {
  // Differences of two int64 may need 65 bits.
  const auto span = static_cast<__int128>(step > 0 ? stop : start) - (step > 0 ? start : stop);
  if (span <= 0) return 0;
  const __int128 width = step > 0 ? static_cast<__int128>(step) : -static_cast<__int128>(step);
  const __int128 count = (span + width - 1) / width;
  return count > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(count);
}

const Value* NamespaceObject::find(std::string_view name) const {
  for (const auto& [key, value] : members)
    if (key == name) return &value;
  return nullptr;
}

void NamespaceObject::set(std::string_view name, Value value) {
  for (auto& [key, old] : members) {
    if (key == name) {
      old = std::move(value);
      return;
    }
  }
  if (members.size() >= 1000) throw Failure("a namespace has more than 1000 attributes");
  members.emplace_back(name, std::move(value));
}

std::optional<std::string> hash_key(const Value& value) {
  switch (value.kind()) {
    case Kind::kText: return "s" + value.as_text();
    case Kind::kNone: return "n";
    case Kind::kUndefined: return "u";
    case Kind::kBool:
    case Kind::kInt: return "i" + std::to_string(value.as_int());
    case Kind::kFloat: {
      const double number = value.as_double();
      if (number == std::floor(number) && std::fabs(number) < 9.2e18)
        return "i" + std::to_string(static_cast<std::int64_t>(number));
      std::uint64_t bits = 0;
      std::memcpy(&bits, &number, sizeof bits);
      return "f" + std::to_string(bits);
    }
    case Kind::kTuple: {
      std::string key = "t";
      for (const Value& item : value.items()) {
        const auto part = hash_key(item);
        if (!part) return std::nullopt;
        if (key.size() + part->size() > 65536) throw Failure("a tuple is too large for a key");
        key += std::to_string(part->size()) + ":" + *part;
      }
      return key;
    }
    case Kind::kRange: {
      const RangeObject& range = value.as_range();
      const std::int64_t size = range.size();
      std::string key = "r" + std::to_string(size);
      if (size > 0) key += "," + std::to_string(range.start);
      if (size > 1) key += "," + std::to_string(range.step);
      return key;
    }
    case Kind::kList:
    case Kind::kDict: return std::nullopt;
    case Kind::kView:
      if (std::strcmp(value.view_name(), "dict_values") != 0) return std::nullopt;
      [[fallthrough]];
    default: {
      const void* address = value.identity();
      std::string key(1 + sizeof address, 'p');
      std::memcpy(key.data() + 1, &address, sizeof address);
      return key;
    }
  }
}

namespace {
constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
constexpr std::size_t kScanned = 12;  // up to here a scan is quicker than hashing
}  // namespace

std::size_t DictObject::position(const std::string& key) const {
  const auto found = index_.find(key);
  return found == index_.end() ? kNowhere : found->second;
}

const Value* DictObject::find(std::string_view key) const {
  if (entries.size() <= kScanned) {
    for (const auto& [name, value] : entries)
      if (name.is_text() && name.as_text() == key) return &value;
    return nullptr;
  }
  const std::size_t at = position("s" + std::string(key));
  return at == kNowhere ? nullptr : &entries[at].second;
}

const Value* DictObject::find(const Value& key) const {
  if (key.is_text()) return find(key.as_text());
  const auto hashed = hash_key(key);
  if (!hashed) throw Failure("unhashable type: '" + type_name(key) + "'");
  const std::size_t at = position(*hashed);
  return at == kNowhere ? nullptr : &entries[at].second;
}

void DictObject::set(Value key, Value value) {
  auto hashed = hash_key(key);
  if (!hashed) throw Failure("unhashable type: '" + type_name(key) + "'");
  const auto [found, is_new] = index_.try_emplace(std::move(*hashed), entries.size());
  if (is_new)
    entries.emplace_back(std::move(key), std::move(value));
  else
    entries[found->second].second = std::move(value);
}

std::string type_name(const Value& value) {
  switch (value.kind()) {
    case Kind::kUndefined: return "Undefined";
    case Kind::kNone: return "NoneType";
    case Kind::kBool: return "bool";
    case Kind::kInt: return "int";
    case Kind::kFloat: return "float";
    case Kind::kText: return value.is_markup() ? "Markup" : "str";
    case Kind::kList: return "list";
    case Kind::kTuple: return "tuple";
    case Kind::kDict: return "dict";
    case Kind::kView: return value.view_name();
    case Kind::kRange: return "range";
    case Kind::kGenerator: return "generator";
    case Kind::kNamespace: return "Namespace";
    case Kind::kLoop: return "LoopContext";
    case Kind::kCallable: return "function";
  }
  return "object";
}

}  // namespace quorum::jinja
