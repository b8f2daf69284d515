// The safetensors container: what it gives, and one clear error for every way it can be wrong.
#include <cstring>
#include <functional>

#include "base/file.h"
#include "engine/safetensors.h"
#include "support/catch.h"
#include "support/synthetic_checkpoint.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kData);
    return error.what();
  }
  return "";
}

std::string header_error(const std::string& file) {
  const auto bytes = std::as_bytes(std::span(file.data(), file.size()));
  const auto result = parse_safetensors_header(bytes, bytes.size(), "a.safetensors");
  if (result.ok()) return "";
  CHECK(contains(result.error().message(), "a.safetensors"));
  return result.error().what();
}

std::string header_error(const std::string& header, const std::string& data) {
  return header_error(safetensors_file(header, data));
}

RawTensor tensor(const std::string& name, const std::string& dtype, std::vector<std::int64_t> shape,
                 const std::vector<float>& values) {
  return {name, dtype, std::move(shape), encode_values(values, dtype)};
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

}  // namespace

TEST_CASE("one file gives its tensors with dtype and shape and bytes") {
  ScratchFolder folder;
  const std::vector<float> values{1.0f, -2.5f, 0.5f, 3.0f, 0.0f, 100.0f};
  write_text(
      folder.path() / "model.safetensors",
      safetensors_file({tensor("b", "F32", {2, 3}, values), tensor("a", "BF16", {6}, values),
                        tensor("half", "F16", {3, 2}, values), tensor("empty", "F32", {0}, {}),
                        tensor("scalar", "F32", {}, {7.0f})}));
  const auto source = open_safetensors(folder.path().string());
  CHECK(source->names() == std::vector<std::string>{"a", "b", "empty", "half", "scalar"});
  const TensorView b = source->find("b");
  CHECK(b.dtype == DType::kF32);
  CHECK(b.shape == std::vector<std::int64_t>{2, 3});
  CHECK(std::memcmp(b.data, values.data(), 24) == 0);
  CHECK(source->find("a").dtype == DType::kBF16);
  CHECK(source->find("half").dtype == DType::kF16);
  CHECK(std::memcmp(source->find("half").data, "\x00\x3c\x00\xc1\x00\x38", 6) == 0);
  CHECK(source->find("scalar").elements() == 1);
  CHECK(source->find("empty").elements() == 0);
  CHECK_FALSE(source->find("c"));
  CHECK(source->file_of("c") == "");
  CHECK(source->file_of("a") == (folder.path() / "model.safetensors").string());
}

TEST_CASE("data that does not begin at a multiple of the element size is read") {
  ScratchFolder folder;
  const float value = 1.5f;
  std::string data(reinterpret_cast<const char*>(&value), 4);
  std::string header = "{" + entry("t", "F32", "[1]", "[0,4]") + "}";
  while ((8 + header.size()) % 4 != 1) header += ' ';
  write_text(folder.path() / "model.safetensors", safetensors_file(header, data));
  const auto source = open_safetensors(folder.path().string());
  CHECK(std::memcmp(source->find("t").data, &value, 4) == 0);
}

TEST_CASE("a malformed header is one error that names the tensor") {
  const std::string eight(8, 'x');
  CHECK(header_error("{" + entry("t", "F32", "[2]", "[0,8]") + "}   ", eight) == "");
  CHECK(header_error("{}", "") == "");
  struct Row {
    std::string header, says;
  };
  const std::vector<Row> rows{
      {entry("t", "F8_E4M3", "[8]", "[0,8]"), "F8_E4M3"},
      {entry("t", "I32", "[2]", "[0,8]"), "supported are F32, F16 and BF16"},
      {entry("t", "F32", "[3]", "[0,8]"), "expected 12"},
      {entry("t", "BF16", "[3]", "[0,8]"), "expected 6"},
      {entry("t", "F32", "[2]", "[8,0]"), "do not lie inside"},
      {entry("t", "F32", "[3]", "[0,12]"), "do not lie inside"},
      {entry("t", "F32", "[1]", "[18446744073709551612,18446744073709551615]"),
       "do not lie inside"},
      {entry("t", "F32", "[4294967296,4294967296]", "[0,8]"), "64 bits"},
      {entry("t", "F32", "[9223372036854775807,2]", "[0,8]"), "64 bits"},
      {entry("t", "F32", "[18446744073709551615]", "[0,8]"), "63 bits"},
      {entry("t", "F32", "[-2]", "[0,8]"), "negative"},
      {entry("t", "F32", "[2.0]", "[0,8]"), "not an integer"},
      {entry("t", "F32", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2]", "[0,8]"), "dimensions"},
      {entry("t", "F32", "[[2]]", "[0,8]"), "list"},
      {entry("t", "F32", "2", "[0,8]"), "number"},
      {entry("t", "F32", "[2]", "[0]"), "fewer than two"},
      {entry("t", "F32", "[2]", "[0,8,8]"), "more than two"},
      {entry("t", "F32", "[2]", "\"0,8\""), "text"},
      {"\"t\":{\"dtype\":\"F32\",\"shape\":[2]}", "no dtype, shape or data_offsets"},
      {"\"t\":{\"shape\":[2],\"data_offsets\":[0,8],\"dtype\":\"F32\",\"dtype\":\"F32\"}", "twice"},
      {"\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"strides\":[1]}", "strides"},
      {"\"t\":null", "null"},
      {"\"t\":[]", "list"},
      {"\"t\":true", "boolean"},
      {entry("t", "F32", "[1]", "[0,4]") + "," + entry("u", "F32", "[1]", "[0,4]"), "overlap"},
      {entry("t", "F32", "[2]", "[0,8]") + "," + entry("u", "F32", "[1]", "[4,8]"), "overlap"},
      {entry("t", "F32", "[1]", "[4,8]"), "4 bytes before it"},
      {entry("t", "F32", "[1]", "[0,4]") + "," + entry("t", "F32", "[1]", "[4,8]"), "twice"},
  };
  for (const Row& row : rows) {
    const std::string message = header_error("{" + row.header + "}", eight);
    INFO(row.header << " → " << message);
    CHECK(contains(message, row.says));
    CHECK((contains(message, "tensor `t`") || contains(message, "tensor `u`")));
  }
  CHECK(contains(header_error("{" + entry("t", "F32", "[1]", "[0,4]") + "}", eight),
                 "4 bytes at the end belong to no tensor"));
}

TEST_CASE("a header that is no header is refused") {
  CHECK(contains(header_error(std::string()), "0 bytes"));
  CHECK(contains(header_error(std::string(7, '\0')), "7 bytes"));
  CHECK_FALSE(header_error(std::string(8, '\0')).empty());
  CHECK(contains(header_error(std::string(8, '\xff')), "18446744073709551615"));
  for (const std::string& header :
       {std::string("[]"), std::string("{"), std::string("{}x"), std::string(" {}"),
        std::string("{\"__metadata__\":3}"), std::string("{\"__metadata__\":{\"a\":{}}}"),
        std::string("{\"__metadata__\":{\"a\":1}}"), "{\"t\":" + std::string(200000, '['),
        "{\"t\":" + std::string(200000, '{'), std::string("{\"\xff\":{}}"),
        std::string("{\"t\":{}}")}) {
    INFO(header.substr(0, 40));
    CHECK_FALSE(header_error(header, "").empty());
  }
  CHECK(header_error("{\"__metadata__\":{\"format\":\"pt\",\"made by\":\"hand\"}}", "") == "");
}

TEST_CASE("a truncated file is refused at every length") {
  const std::string whole = safetensors_file(
      {tensor("first", "F32", {2, 2}, {1, 2, 3, 4}), tensor("second", "BF16", {3}, {5, 6, 7})});
  CHECK(header_error(whole) == "");
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK_FALSE(header_error(whole.substr(0, length)).empty());
  CHECK(contains(header_error(whole.substr(0, whole.size() - 1)), "second"));
  CHECK_FALSE(header_error(whole + "x").empty());
}

TEST_CASE("shards are read as their index lists them") {
  ScratchFolder folder;
  const auto put = [&](const std::string& file, const std::vector<RawTensor>& tensors) {
    write_text(folder.path() / file, safetensors_file(tensors));
  };
  const auto index = [&](const std::string& map) {
    write_text(folder.path() / "model.safetensors.index.json",
               "{\"metadata\": {\"total_size\": 8}, \"weight_map\": {" + map + "}}");
  };
  const auto error = [&] { return error_of([&] { open_safetensors(folder.path().string()); }); };
  CHECK(contains(error(), "no weights"));
  put("one.safetensors", {tensor("a", "F32", {1}, {1})});
  put("two.safetensors", {tensor("b", "F32", {1}, {2})});
  index(R"("a": "one.safetensors", "b": "two.safetensors")");
  const auto source = open_safetensors(folder.path().string());
  CHECK(source->names() == std::vector<std::string>{"a", "b"});
  CHECK(contains(source->file_of("b"), "two.safetensors"));

  SECTION("a shard that is missing") {
    std::filesystem::remove(folder.path() / "two.safetensors");
    CHECK(contains(error(), "two.safetensors"));
    CHECK(contains(error(), "missing"));
    CHECK(contains(error(), "`b`"));
  }
  SECTION("a tensor that its shard does not hold") {
    index(R"("a": "one.safetensors", "b": "two.safetensors", "c": "two.safetensors")");
    CHECK(contains(error(), "two.safetensors: tensor `c` is not in this shard"));
  }
  SECTION("a tensor that is in another shard") {
    index(R"("a": "two.safetensors", "b": "one.safetensors")");
    CHECK(contains(error(), "tensor `a` is not in this shard"));
  }
  SECTION("a tensor in two shards") {
    put("two.safetensors", {tensor("a", "F32", {1}, {3}), tensor("b", "F32", {1}, {2})});
    CHECK(contains(error(), "tensor `a`"));
    CHECK(contains(error(), "one.safetensors too"));
  }
  SECTION("a tensor that the index does not list") {
    put("two.safetensors", {tensor("b", "F32", {1}, {2}), tensor("z", "F32", {1}, {2})});
    CHECK(contains(error(), "`z`"));
    CHECK(contains(error(), "does not list it"));
  }
  SECTION("names that leave the directory") {
    for (const char* name : {"../one.safetensors", "/etc/passwd", "a/b.safetensors", "..", "",
                             "a\\u0000.safetensors", "x\\\\y"}) {
      index("\"a\": \"" + std::string(name) + "\"");
      INFO(name);
      CHECK(contains(error(), "expected the name of a file in the same directory"));
    }
  }
  SECTION("an index that is none") {
    index("");
    CHECK(contains(error(), "weight_map"));
    index(R"("a": 3)");
    CHECK(contains(error(), "tensor `a`"));
    index(R"("a": "one.safetensors", "a": "two.safetensors")");
    CHECK(contains(error(), "twice"));
    write_text(folder.path() / "model.safetensors.index.json", "{");
    CHECK(contains(error(), "index.json"));
  }
}

TEST_CASE("weights in another format are named") {
  ScratchFolder folder;
  write_text(folder.path() / "pytorch_model.bin", "x");
  const std::string message = error_of([&] { open_safetensors(folder.path().string()); });
  CHECK(contains(message, "pytorch_model.bin"));
}
