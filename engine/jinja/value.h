// Values of the template language with Python's semantics: what a variable, a literal or an
// expression yields.
//
// Values are immutable and shared, except for namespaces, loops, cyclers and joiners, which the
// Runtime owns and which values only point at (so that no cycle of owners can arise). A container
// knows its nesting depth, which is bounded: recursion over a value and its destruction stay
// shallow.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace quorum::jinja {

// Ends a compilation or a rendering; the line is added by whoever knows it.
struct Failure : std::runtime_error {
  explicit Failure(const std::string& message, int at_line = 0)
      : std::runtime_error(message), line(at_line) {}
  int line;
};

inline constexpr int kMaxValueDepth = 100;
// More parts of a string than all steps pay for.
inline constexpr std::size_t kMaxParts = 1'250'000;
inline constexpr std::size_t kMaxTextBytes = std::size_t{16} << 20;

enum class Kind : std::uint8_t {
  kUndefined,
  kNone,
  kBool,
  kInt,
  kFloat,
  kText,
  kList,
  kTuple,
  kDict,
  kView,
  kRange,
  kGenerator,
  kNamespace,
  kLoop,
  kCallable,
};

struct Object {
  virtual ~Object() = default;
  int depth = 0;  // 1 + that of the deepest value inside
};

struct UndefinedObject;
struct TextObject;
struct SequenceObject;
struct DictObject;
struct RangeObject;
struct NamespaceObject;
struct LoopObject;
struct CallableObject;

class Value {
 public:
  Value() = default;  // undefined, without a name
  static Value none() { return Value(Kind::kNone); }
  static Value boolean(bool value);
  static Value integer(std::int64_t value);
  static Value real(double value);
  // Throws Failure beyond kMaxTextBytes. `markup`: a markupsafe.Markup, whose concatenation
  // escapes.
  static Value text(std::string text, bool markup = false);
  // These four throw Failure beyond kMaxValueDepth.
  static Value list(std::vector<Value> items);
  static Value tuple(std::vector<Value> items);
  static Value view(const char* type_name, std::vector<Value> items);
  static Value generator(std::vector<Value> items);
  static Value dict(std::shared_ptr<DictObject> dict);
  static Value range(std::int64_t start, std::int64_t stop, std::int64_t step);
  static Value callable(std::shared_ptr<CallableObject> callable);
  static Value name_space(NamespaceObject* object);
  static Value loop(LoopObject* object);
  // The undefined variable `name`; the missing member `name` of `owner`; any other cause in words.
  static Value undefined_name(std::string_view name);
  static Value undefined_member(const Value& owner, const Value& name);
  static Value undefined_because(std::string_view reason);

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool is_undefined() const { return kind_ == Kind::kUndefined; }
  bool is_none() const { return kind_ == Kind::kNone; }
  bool is_text() const { return kind_ == Kind::kText; }
  bool is_sequence() const { return kind_ == Kind::kList || kind_ == Kind::kTuple; }
  bool is_integral() const { return kind_ == Kind::kInt || kind_ == Kind::kBool; }
  bool is_number() const { return is_integral() || kind_ == Kind::kFloat; }

  // Preconditions: the kind. `as_int` takes bools, `as_double` every number.
  std::int64_t as_int() const { return data_.integer; }
  double as_double() const {
    return kind_ == Kind::kFloat ? data_.real : static_cast<double>(data_.integer);
  }
  const std::string& as_text() const;
  bool is_markup() const;
  std::int64_t code_points() const;         // of a text
  const std::vector<Value>& items() const;  // of a list, tuple, view or generator
  const DictObject& as_dict() const;
  const RangeObject& as_range() const;
  NamespaceObject& as_namespace() const { return *data_.name_space; }
  LoopObject& as_loop() const { return *data_.loop; }
  CallableObject& as_callable() const;
  SequenceObject& as_generator() const;
  const char* view_name() const;
  // Why an undefined value is undefined, in Jinja's words.
  std::string undefined_message() const;
  const void* identity() const;
  int depth() const { return object_ ? object_->depth : 0; }

 private:
  explicit Value(Kind kind) : kind_(kind) {}
  static Value sequence(Kind kind, const char* type_name, std::vector<Value> items);

  Kind kind_ = Kind::kUndefined;
  union {
    std::int64_t integer = 0;
    double real;
    NamespaceObject* name_space;
    LoopObject* loop;
  } data_;
  std::shared_ptr<Object> object_;
};

struct UndefinedObject : Object {
  std::string reason;
};

struct TextObject : Object {
  std::string text;
  bool markup = false;
  std::int64_t code_points = 0;
};

struct SequenceObject : Object {
  std::vector<Value> items;
  const char* type_name = nullptr;  // of a view
  std::size_t next = 0;             // of a generator, which can be read once
};

// Insertion-ordered, with Python's equality of keys (1 == 1.0 == true). Throws Failure for an
// unhashable key.
struct DictObject : Object {
  std::vector<std::pair<Value, Value>> entries;

  const Value* find(const Value& key) const;
  const Value* find(std::string_view key) const;
  void set(Value key, Value value);
  void set(std::string_view key, Value value) {
    set(Value::text(std::string(key)), std::move(value));
  }

 private:
  std::size_t position(const std::string& hash_key) const;
  std::unordered_map<std::string, std::size_t> index_;
};

struct RangeObject : Object {
  std::int64_t start = 0, stop = 0, step = 1;
  std::int64_t size() const;
  // Wraps around beyond 64 bits, which only absurd steps reach.
  std::int64_t at(std::int64_t index) const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(start) +
                                     static_cast<std::uint64_t>(index) *
                                         static_cast<std::uint64_t>(step));
  }
};

struct NamespaceObject {
  std::vector<std::pair<std::string, Value>> members;
  const Value* find(std::string_view name) const;
  void set(std::string_view name, Value value);
};

struct LoopObject {
  std::shared_ptr<const std::vector<Value>> items;
  std::int64_t index = 0;
  std::optional<std::vector<Value>> last_changed;
};

// Equal for keys that Python treats as equal; nullopt: unhashable.
std::optional<std::string> hash_key(const Value& value);

// Python's name of a value's type: "str", "NoneType", "dict", …
std::string type_name(const Value& value);

}  // namespace quorum::jinja
