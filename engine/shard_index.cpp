#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "engine/config_reader.h"
#include "engine/safetensors.h"

namespace quorum {
namespace {

// A plain file name: nothing in it may lead out of the checkpoint's directory.
bool is_plain_file_name(const std::string& name) {
  if (name.empty() || name.size() > 255 || name == "." || name == "..") return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c >= 0x20 && c != 0x7f && c != '/' && c != '\\';
  });
}

}  // namespace

Result<std::vector<ShardEntry>> parse_shard_index(std::string_view text, const std::string& file) {
  try {
    const nlohmann::json index = parse_json_object(text, file);
    const auto map = index.find("weight_map");
    const auto fail = [&](const std::string& what, const std::string& because) {
      return Error(ErrorKind::kData, file + ": " + what, because,
                   "fetch the file again from where the checkpoint is published");
    };
    if (map == index.end() || !map->is_object() || map->empty())
      return fail("field `weight_map` is missing or empty",
                  "expected an object that gives the shard of every tensor");
    std::vector<ShardEntry> entries;
    for (const auto& [tensor, shard] : map->items()) {
      if (!shard.is_string() || !is_plain_file_name(shard.get_ref<const std::string&>()))
        return fail(
            "tensor `" + sanitize_utf8(tensor) + "` has the shard " +
                shard.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, 120),
            "expected the name of a file in the same directory");
      entries.push_back({tensor, shard.get<std::string>()});
    }
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.tensor < b.tensor; });
    return entries;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace quorum
