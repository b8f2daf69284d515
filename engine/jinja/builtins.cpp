// The filters by name, and the global functions.
#include "engine/jinja/builtins.h"

#include <ctime>

#include "engine/jinja/filters.h"
#include "engine/jinja/json.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/printing.h"

namespace quorum::jinja {
namespace {

constexpr NamedBuiltin kFilters[] = {
    {"abs", filter_abs},
    {"attr", filter_attr},
    {"batch", filter_batch},
    {"capitalize", filter_capitalize},
    {"center", filter_center},
    {"count", filter_length},
    {"d", filter_default},
    {"default", filter_default},
    {"dictsort", filter_dictsort},
    {"e", filter_escape},
    {"escape", filter_escape},
    {"first", filter_first},
    {"float", filter_float},
    {"forceescape", filter_forceescape},
    {"format", filter_format},
    {"indent", filter_indent},
    {"int", filter_int},
    {"items", filter_items},
    {"join", filter_join},
    {"last", filter_last},
    {"length", filter_length},
    {"list", filter_list},
    {"lower", filter_lower},
    {"map", filter_map},
    {"max", filter_max},
    {"min", filter_min},
    {"reject", filter_reject},
    {"rejectattr", filter_rejectattr},
    {"replace", filter_replace},
    {"reverse", filter_reverse},
    {"round", filter_round},
    {"safe", filter_safe},
    {"select", filter_select},
    {"selectattr", filter_selectattr},
    {"slice", filter_slice},
    {"sort", filter_sort},
    {"string", filter_string},
    {"sum", filter_sum},
    {"title", filter_title},
    {"tojson", filter_tojson},
    {"trim", filter_trim},
    {"truncate", filter_truncate},
    {"unique", filter_unique},
    {"upper", filter_upper},
    {"urlencode", filter_urlencode},
    {"wordcount", filter_wordcount},
};

Value raise_exception(Runtime&, const Value&, const Arguments& arguments) {
  const Bound bound("raise_exception", arguments, {"message"}, 1);
  throw Failure(to_text(bound[0]));
}

// One conversion such as "%d" or "%-d" by C's strftime in the C locale; what a naive datetime lacks
// is empty.
std::string date_part(const std::string& conversion, const std::tm& date) {
  switch (conversion.back()) {
    case 'f': return "000000";
    case 'z':
    case 'Z': return {};
    default: break;
  }
  char buffer[256];
  return std::string(buffer, std::strftime(buffer, sizeof buffer, conversion.c_str(), &date));
}

// The run's date in UTC. Only whole conversions reach C's strftime, which knows neither UTF-8 nor
// NUL.
Value strftime_now(Runtime& runtime, const Value&, const Arguments& arguments) {
  static constexpr std::string_view kLetters = "aAbBcCdDeFfgGhHIjklmMnprRsStTuUVwWxXyYzZ%";
  const Bound bound("strftime_now", arguments, {"format"}, 1);
  const std::time_t now = runtime.unix_time();
  std::tm date{};
  if (gmtime_r(&now, &date) == nullptr) throw Failure("the date of the run is out of range");
  const std::string& format = bound.text(0);
  if (format.size() > 4096) throw Failure("strftime_now(): the format is too long");
  runtime.charge(10 + format.size());
  std::string out;
  for (std::size_t at = 0; at < format.size();) {
    std::size_t letter = at + 1;
    while (letter < format.size() &&
           std::string_view("-_0^#").find(format[letter]) != std::string_view::npos)
      ++letter;
    if (format[at] != '%' || letter >= format.size() || letter > at + 3 ||
        kLetters.find(format[letter]) == std::string_view::npos) {
      out += format[at++];
      continue;
    }
    out += date_part(format.substr(at, letter + 1 - at), date);
    at = letter + 1;
  }
  return runtime.text(std::move(out));
}

Value range(Runtime&, const Value&, const Arguments& arguments) {
  const Bound bound("range", arguments, {"", "", ""}, 1);
  const std::int64_t start = bound.has(1) ? bound.integer(0, 0) : 0;
  const std::int64_t stop = bound.has(1) ? bound.integer(1, 0) : bound.integer(0, 0);
  const std::int64_t step = bound.integer(2, 1);
  if (step == 0) throw Failure("range() arg 3 must not be zero");
  Value result = Value::range(start, stop, step);
  if (result.as_range().size() > 100'000)
    throw Failure("Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
  return result;
}

// dict(mapping or pairs, name=value, …).
std::shared_ptr<DictObject> make_dict(Runtime& runtime, const Arguments& arguments) {
  auto dict = std::make_shared<DictObject>();
  if (arguments.positional.size() > 1) throw Failure("dict expected at most 1 argument");
  for (const Value& source : arguments.positional) {
    if (source.is_undefined()) continue;
    if (source.is(Kind::kDict)) {
      runtime.charge(4 * source.as_dict().entries.size());
      for (const auto& [key, value] : source.as_dict().entries) dict->set(key, value);
      continue;
    }
    for (const Value& pair : iterate(runtime, source)) {
      std::vector<Value> parts = iterate(runtime, pair);
      if (parts.size() != 2)
        throw Failure("dictionary update sequence element has length " +
                      std::to_string(parts.size()) + "; 2 is required");
      dict->set(std::move(parts[0]), std::move(parts[1]));
    }
  }
  for (const auto& [name, value] : arguments.named) dict->set(name, value);
  return dict;
}

Value dict(Runtime& runtime, const Value&, const Arguments& arguments) {
  return Value::dict(make_dict(runtime, arguments));
}

Value name_space(Runtime& runtime, const Value&, const Arguments& arguments) {
  NamespaceObject* object = runtime.new_namespace();
  const std::shared_ptr<DictObject> members = make_dict(runtime, arguments);
  for (const auto& [key, value] : members->entries) object->set(to_text(key), value);
  return Value::name_space(object);
}

Value unsupported(Runtime&, const Value&, const Arguments&) {
  throw Failure("cycler, joiner and lipsum are not supported");
}

constexpr NamedBuiltin kGlobals[] = {
    {"range", range},
    {"dict", dict},
    {"namespace", name_space},
    {"raise_exception", raise_exception},
    {"strftime_now", strftime_now},
    {"cycler", unsupported},
    {"joiner", unsupported},
    {"lipsum", unsupported},
};

}  // namespace

Builtin find_filter(std::string_view name) {
  for (const NamedBuiltin& filter : kFilters)
    if (filter.name == name) return filter.function;
  return nullptr;
}

std::string unknown_filter(std::string_view name) {
  for (const char* known : {"filesizeformat", "groupby", "pprint", "random", "striptags", "urlize",
                            "wordwrap", "xmlattr"})
    if (name == known) return "the filter '" + std::string(name) + "' is not supported";
  return "No filter named '" + std::string(name) + "'.";
}

Builtin find_global(std::string_view name) {
  for (const NamedBuiltin& global : kGlobals)
    if (global.name == name) return global.function;
  return nullptr;
}

Value apply_filter(Runtime& runtime, std::string_view name, const Value& input,
                   const Arguments& arguments) {
  const Builtin function = find_filter(name);
  if (function == nullptr) throw Failure(unknown_filter(name));
  return function(runtime, input, arguments);
}

}  // namespace quorum::jinja
