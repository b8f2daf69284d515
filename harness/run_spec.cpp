#include "harness/run_spec.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace quorum {
namespace {

using Json = nlohmann::ordered_json;

// How a key is read; throws Wrong.
struct Wrong {
  std::string expected;
};

std::string text_of(const Json& value) {
  if (!value.is_string()) throw Wrong{"a text"};
  return value.get<std::string>();
}

template <class Integer>
Integer integer_of(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number <= static_cast<std::uint64_t>(std::numeric_limits<Integer>::max()))
      return static_cast<Integer>(number);
  } else if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (!std::is_unsigned_v<Integer> &&
        number >= static_cast<std::int64_t>(std::numeric_limits<Integer>::min()))
      return static_cast<Integer>(number);
  }
  throw Wrong{std::is_unsigned_v<Integer> ? "an integer that is not negative" : "an integer"};
}

double number_of(const Json& value) {
  if (!value.is_number()) throw Wrong{"a number"};
  return value.get<double>();
}

bool truth_of(const Json& value) {
  if (!value.is_boolean()) throw Wrong{"true or false"};
  return value.get<bool>();
}

std::vector<std::string> list_of(const Json& value, bool commas) {
  if (value.is_string())
    return commas ? split(value.get<std::string>(), ',') : std::vector{value.get<std::string>()};
  if (!value.is_array()) throw Wrong{"a text or a list of texts"};
  std::vector<std::string> list;
  for (const Json& entry : value) list.push_back(text_of(entry));
  return list;
}

std::int64_t bytes_of(const Json& value) {
  if (value.is_number()) return integer_of<std::int64_t>(value);
  const auto bytes = parse_byte_size(text_of(value));
  if (!bytes) throw Wrong{"a size such as \"2G\" or \"512M\""};
  return *bytes;
}

struct Key {
  std::string name;
  std::function<void(RunSpec&, const Json&)> read;
  std::function<Json(const RunSpec&)> write;
};

const std::vector<Key>& keys() {
  static const std::vector<Key> all = {
      {"model", [](RunSpec& s, const Json& v) { s.model = text_of(v); },
       [](const RunSpec& s) { return Json(s.model); }},
      {"published-as", [](RunSpec& s, const Json& v) { s.published_as = text_of(v); },
       [](const RunSpec& s) { return Json(s.published_as); }},
      {"bench", [](RunSpec& s, const Json& v) { s.benchmarks = list_of(v, true); },
       [](const RunSpec& s) { return Json(s.benchmarks); }},
      {"prompt", [](RunSpec& s, const Json& v) { s.prompt = text_of(v); },
       [](const RunSpec& s) { return Json(s.prompt); }},
      {"policy", [](RunSpec& s, const Json& v) { s.policy = text_of(v); },
       [](const RunSpec& s) { return Json(s.policy); }},
      {"tests-mode", [](RunSpec& s, const Json& v) { s.programs.modes = text_of(v); },
       [](const RunSpec& s) { return Json(s.programs.modes); }},
      {"code-block", [](RunSpec& s, const Json& v) { s.programs.code_block = text_of(v); },
       [](const RunSpec& s) { return Json(s.programs.code_block); }},
      {"sandbox-level", [](RunSpec& s, const Json& v) { s.programs.sandbox_level = text_of(v); },
       [](const RunSpec& s) { return Json(s.programs.sandbox_level); }},
      {"think", [](RunSpec& s, const Json& v) { s.think = text_of(v); },
       [](const RunSpec& s) { return Json(s.think); }},
      {"samples", [](RunSpec& s, const Json& v) { s.samples = integer_of<int>(v); },
       [](const RunSpec& s) { return Json(s.samples); }},
      {"seed", [](RunSpec& s, const Json& v) { s.sampling.seed = integer_of<std::uint64_t>(v); },
       [](const RunSpec& s) { return Json(s.sampling.seed); }},
      {"temperature", [](RunSpec& s, const Json& v) { s.sampling.temperature = number_of(v); },
       [](const RunSpec& s) { return Json(s.sampling.temperature); }},
      {"top-p", [](RunSpec& s, const Json& v) { s.sampling.top_p = number_of(v); },
       [](const RunSpec& s) { return Json(s.sampling.top_p); }},
      {"max-tokens", [](RunSpec& s, const Json& v) { s.sampling.max_tokens = integer_of<int>(v); },
       [](const RunSpec& s) { return Json(s.sampling.max_tokens); }},
      {"limit",
       [](RunSpec& s, const Json& v) {
         s.limit = v.is_null() ? std::nullopt : std::optional(integer_of<int>(v));
       },
       [](const RunSpec& s) { return s.limit ? Json(*s.limit) : Json(nullptr); }},
      {"ids", [](RunSpec& s, const Json& v) { s.ids = list_of(v, true); },
       [](const RunSpec& s) { return Json(s.ids); }},
      {"device", [](RunSpec& s, const Json& v) { s.device = text_of(v); },
       [](const RunSpec& s) { return Json(s.device); }},
      {"max-batch",
       [](RunSpec& s, const Json& v) {
         s.max_batch = v.is_null() ? std::nullopt : std::optional(integer_of<int>(v));
       },
       [](const RunSpec& s) { return s.max_batch ? Json(*s.max_batch) : Json(nullptr); }},
      {"threads", [](RunSpec& s, const Json& v) { s.threads = integer_of<int>(v); },
       [](const RunSpec& s) { return Json(s.threads); }},
      {"kv-memory",
       [](RunSpec& s, const Json& v) {
         s.kv_memory = v.is_null() ? std::nullopt : std::optional(bytes_of(v));
       },
       [](const RunSpec& s) { return s.kv_memory ? Json(*s.kv_memory) : Json(nullptr); }},
      {"swap-memory",
       [](RunSpec& s, const Json& v) {
         s.swap_memory = v.is_null() ? std::nullopt : std::optional(bytes_of(v));
       },
       [](const RunSpec& s) { return s.swap_memory ? Json(*s.swap_memory) : Json(nullptr); }},
      {"no-overlap", [](RunSpec& s, const Json& v) { s.no_overlap = truth_of(v); },
       [](const RunSpec& s) { return Json(s.no_overlap); }},
      {"shuffle",
       [](RunSpec& s, const Json& v) {
         s.shuffle = v.is_null() ? std::nullopt : std::optional(integer_of<std::uint64_t>(v));
       },
       [](const RunSpec& s) { return s.shuffle ? Json(*s.shuffle) : Json(nullptr); }},
      {"allow-mixed", [](RunSpec& s, const Json& v) { s.allow_mixed = truth_of(v); },
       [](const RunSpec& s) { return Json(s.allow_mixed); }},
      {"date", [](RunSpec& s, const Json& v) { s.date = text_of(v); },
       [](const RunSpec& s) { return Json(s.date); }},
      {"data",
       [](RunSpec& s, const Json& v) {
         const std::vector<std::string> folders = list_of(v, false);
         s.data.assign(folders.begin(), folders.end());
       },
       [](const RunSpec& s) {
         Json folders = Json::array();
         for (const auto& folder : s.data) folders.push_back(folder.string());
         return folders;
       }},
      {"db", [](RunSpec& s, const Json& v) { s.db = text_of(v); },
       [](const RunSpec& s) { return Json(s.db.string()); }},
  };
  return all;
}

Error bad(const std::string& what, const std::string& because, const std::string& hint = {}) {
  return Error(ErrorKind::kUsage, what, because, hint);
}

}  // namespace

const std::vector<std::string>& run_spec_keys() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Key& key : keys()) list.push_back(key.name);
    return list;
  }();
  return names;
}

Result<RunSpec> parse_run_spec_json(std::string_view text, const std::string& file,
                                    const RunSpec& base) {
  Json json;
  try {
    json = Json::parse(text, nullptr, true, true);
  } catch (const Json::exception& problem) {
    return bad(file + " is not JSON", problem.what(),
               "comments are allowed, commas after the last entry are not");
  }
  if (!json.is_object())
    return bad(file + " is not a run spec", "it must be one JSON object",
               "write { \"model\": …, \"bench\": … }");
  RunSpec spec = base;
  for (const auto& [given, value] : json.items()) {
    const std::string name = replace_all(given, "_", "-");
    const Key* key = nullptr;
    for (const Key& known : keys())
      if (known.name == name) key = &known;
    if (key == nullptr) {
      const std::string nearest = nearest_name(name, run_spec_keys());
      return bad(file + " has an unknown key \"" + given + "\"", {},
                 nearest.empty() ? "the keys are " + join(run_spec_keys(), ", ")
                                 : "did you mean \"" + nearest + "\"?");
    }
    try {
      key->read(spec, value);
    } catch (const Wrong& wrong) {
      return bad(file + ": " + given + " has the wrong type",
                 "it is " + value.dump(-1, ' ', false, Json::error_handler_t::replace),
                 "expected " + wrong.expected);
    }
  }
  if (auto wrong = check_run_spec(spec))
    return bad(file + ": " + wrong->message(), wrong->because(), wrong->hint());
  return spec;
}

std::string to_json(const RunSpec& spec) {
  Json json = Json::object();
  for (const Key& key : keys()) json[key.name] = key.write(spec);
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::optional<Error> check_run_spec(const RunSpec& spec) {
  const auto range = [](const std::string& name, const std::string& value,
                        const std::string& expected) {
    return bad(name + " is out of range", "it is " + value, "expected " + expected);
  };
  const SamplingSettings& sampling = spec.sampling;
  if (spec.samples < 1 || spec.samples > 1'000'000)
    return range("samples", std::to_string(spec.samples),
                 "1 to 1,000,000; 64 is DeepSeek's protocol");
  if (!(sampling.temperature >= 0) || !(sampling.temperature <= 100))
    return range("temperature", std::to_string(sampling.temperature), "0 (greedy) to 100");
  if (!(sampling.top_p > 0) || !(sampling.top_p <= 1))
    return range("top-p", std::to_string(sampling.top_p), "more than 0, at most 1 (all tokens)");
  if (sampling.max_tokens < 1)
    return range("max-tokens", std::to_string(sampling.max_tokens), "at least 1");
  if (spec.limit && *spec.limit < 1)
    return range("limit", std::to_string(*spec.limit), "at least 1");
  if (spec.max_batch && (*spec.max_batch < 1 || *spec.max_batch > 65536))
    return range("max-batch", std::to_string(*spec.max_batch), "1 to 65536");
  if (spec.threads < 0 || spec.threads > 4096)
    return range("threads", std::to_string(spec.threads), "0 (one a core) to 4096");
  if (spec.kv_memory && *spec.kv_memory < 1)
    return range("kv-memory", std::to_string(*spec.kv_memory), "a size such as 2G");
  if (spec.swap_memory && *spec.swap_memory < 0)
    return range("swap-memory", std::to_string(*spec.swap_memory),
                 "0 (none), or a size such as 16G");
  static const std::vector<std::string> modes = {"auto", "force", "off", "template"};
  bool known = false;
  for (const std::string& mode : modes) known = known || mode == spec.think;
  if (!known)
    return bad("there is no think mode \"" + spec.think + "\"", {},
               "expected one of " + join(modes, ", "));
  if (!parse_date(spec.date))
    return bad("the date \"" + spec.date + "\" is none", {}, "expected YYYY-MM-DD");
  return std::nullopt;
}

std::optional<std::int64_t> parse_byte_size(std::string_view text) {
  text = trim(text);
  double number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc() || !(number >= 0)) return std::nullopt;
  const std::string unit =
      to_lower_ascii(trim(text.substr(static_cast<std::size_t>(end - text.data()))));
  static constexpr std::string_view kUnits = "kmgt";
  double scale = 1;
  if (!unit.empty() && unit != "b") {
    const std::size_t power = kUnits.find(unit[0]);
    const std::string rest = unit.substr(1);
    if (power == std::string_view::npos || !(rest.empty() || rest == "b" || rest == "ib"))
      return std::nullopt;
    scale = std::ldexp(1.0, 10 * (static_cast<int>(power) + 1));
  }
  const double bytes = number * scale;
  if (!(bytes < 0x1p62)) return std::nullopt;
  return static_cast<std::int64_t>(bytes);
}

std::optional<std::int64_t> parse_date(std::string_view date) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
  const auto read = [&](std::size_t at, std::size_t size, auto& value) {
    const auto [end, status] = std::from_chars(date.data() + at, date.data() + at + size, value);
    return status == std::errc() && end == date.data() + at + size;
  };
  if (!read(0, 4, year) || !read(5, 2, month) || !read(8, 2, day)) return std::nullopt;
  const std::chrono::year_month_day day_of_year{std::chrono::year(year), std::chrono::month(month),
                                                std::chrono::day(day)};
  if (!day_of_year.ok()) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::sys_days(day_of_year).time_since_epoch())
      .count();
}

}  // namespace quorum
