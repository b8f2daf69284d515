#include "support/stories260k.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "support/test_data.h"

namespace quorum::testing {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using Floats = std::vector<float>;

std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

// Takes values from the front of a file.
class Cursor {
 public:
  explicit Cursor(std::string bytes) : bytes_(std::move(bytes)) {}
  template <class T>
  T take() {
    T value;
    std::memcpy(&value, raw(sizeof(T)), sizeof(T));
    return value;
  }
  Floats floats(std::size_t count) {
    Floats values(count);
    std::memcpy(values.data(), raw(count * sizeof(float)), count * sizeof(float));
    return values;
  }
  std::string text(std::size_t count) { return std::string(raw(count), count); }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  const char* raw(std::size_t count) {
    if (count > bytes_.size() - at_) throw std::runtime_error("a llama2.c file is truncated");
    at_ += count;
    return bytes_.data() + at_ - count;
  }
  std::string bytes_;
  std::size_t at_ = 0;
};

struct Header {
  std::int32_t dim, hidden_dim, layers, heads, kv_heads, vocab, positions;
};

// Row 2i+j of every head goes to row j·head_dim/2 + i.
Floats to_half_rotation(const Floats& rows, std::size_t heads, std::size_t head_dim,
                        std::size_t columns) {
  Floats out(rows.size());
  for (std::size_t head = 0; head < heads; ++head)
    for (std::size_t i = 0; i < head_dim; ++i) {
      const std::size_t from = head * head_dim + i,
                        to = head * head_dim + (i % 2) * (head_dim / 2) + i / 2;
      std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(from * columns), columns,
                  out.begin() + static_cast<std::ptrdiff_t>(to * columns));
    }
  return out;
}

class SafetensorsWriter {
 public:
  void add(const std::string& name, std::vector<std::size_t> shape, const Floats& values) {
    const std::size_t begin = data_.size();
    data_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
    header_[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {begin, data_.size()}}};
  }
  std::string bytes() const {
    std::string head = header_.dump();
    head.append((8 - head.size() % 8) % 8, ' ');
    const std::uint64_t size = head.size();
    return std::string(reinterpret_cast<const char*>(&size), sizeof size) + head + data_;
  }

 private:
  json header_ = json::object();
  std::string data_;
};

std::string convert_weights(Cursor& file, const Header& h) {
  const auto size = [](std::int32_t value) { return static_cast<std::size_t>(value); };
  const std::size_t dim = size(h.dim), hidden = size(h.hidden_dim), layers = size(h.layers),
                    heads = size(h.heads), kv_heads = size(h.kv_heads),
                    vocab = size(std::abs(h.vocab)), head_dim = dim / heads,
                    kv_dim = kv_heads * head_dim;
  SafetensorsWriter out;
  out.add("model.embed_tokens.weight", {vocab, dim}, file.floats(vocab * dim));
  const auto each_layer = [&](const std::string& name, std::size_t rows, std::size_t columns,
                              std::size_t rotated_heads = 0) {
    for (std::size_t layer = 0; layer < layers; ++layer) {
      Floats values = file.floats(rows * columns);
      if (rotated_heads > 0) values = to_half_rotation(values, rotated_heads, head_dim, columns);
      std::vector<std::size_t> shape = {rows, columns};
      if (rows == 1) shape = {columns};
      out.add("model.layers." + std::to_string(layer) + "." + name + ".weight", shape, values);
    }
  };
  each_layer("input_layernorm", 1, dim);
  each_layer("self_attn.q_proj", dim, dim, heads);
  each_layer("self_attn.k_proj", kv_dim, dim, kv_heads);
  each_layer("self_attn.v_proj", kv_dim, dim);
  each_layer("self_attn.o_proj", dim, dim);
  each_layer("post_attention_layernorm", 1, dim);
  each_layer("mlp.gate_proj", hidden, dim);
  each_layer("mlp.down_proj", dim, hidden);
  each_layer("mlp.up_proj", hidden, dim);
  out.add("model.norm.weight", {dim}, file.floats(dim));
  file.floats(size(h.positions) * head_dim);  // cos and sin, which nobody reads
  if (h.vocab < 0) out.add("lm_head.weight", {vocab, dim}, file.floats(vocab * dim));
  if (!file.at_end())
    throw std::runtime_error("a llama2.c checkpoint is longer than its header says");
  return out.bytes();
}

struct Piece {
  std::string text;
  float score;
};

std::vector<Piece> read_pieces(const std::filesystem::path& path, std::size_t vocab) {
  Cursor file(read_bytes(path));
  file.take<std::int32_t>();  // the longest token
  std::vector<Piece> pieces(vocab);
  for (std::size_t id = 0; id < vocab; ++id) {
    pieces[id].score = file.take<float>();
    const std::string raw = file.text(static_cast<std::size_t>(file.take<std::int32_t>()));
    for (const char c : raw) pieces[id].text += c == ' ' ? "▁" : std::string(1, c);
  }
  pieces[1].text = "<s>";
  pieces[2].text = "</s>";
  return pieces;
}

std::vector<std::string> merges_of(const std::vector<Piece>& pieces) {
  std::unordered_map<std::string, std::size_t> ids;
  for (std::size_t id = 0; id < pieces.size(); ++id) ids[pieces[id].text] = id;
  const auto characters = [](const std::string& text) {
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  };
  struct Merge {
    std::string left, right;
    float score;
    std::ptrdiff_t left_length, right_length;
  };
  std::vector<Merge> merges;
  for (const Piece& piece : pieces) {
    std::vector<std::tuple<std::size_t, std::size_t, Merge>> local;
    for (std::size_t cut = 1; cut < piece.text.size(); ++cut) {
      const std::string left = piece.text.substr(0, cut), right = piece.text.substr(cut);
      if (ids.contains(left) && ids.contains(right))
        local.emplace_back(ids[left], ids[right],
                           Merge{left, right, piece.score, characters(left), characters(right)});
    }
    std::sort(local.begin(), local.end(), [](const auto& a, const auto& b) {
      return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
    });
    for (auto& entry : local) merges.push_back(std::move(std::get<2>(entry)));
  }
  std::stable_sort(merges.begin(), merges.end(), [](const Merge& a, const Merge& b) {
    return std::tie(a.score, a.left_length, a.right_length) >
           std::tie(b.score, b.left_length, b.right_length);
  });
  std::vector<std::string> lines;
  for (const Merge& merge : merges) lines.push_back(merge.left + " " + merge.right);
  return lines;
}

std::string tokenizer_json(const std::vector<Piece>& pieces) {
  ordered_json vocab = ordered_json::object();
  for (std::size_t id = 0; id < pieces.size(); ++id) vocab[pieces[id].text] = id;
  ordered_json added = ordered_json::array();
  for (std::size_t id = 0; id < 3; ++id)
    added.push_back({{"id", id},
                     {"content", pieces[id].text},
                     {"single_word", false},
                     {"lstrip", false},
                     {"rstrip", false},
                     {"normalized", false},
                     {"special", true}});
  const ordered_json replace_space = {
      {"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "▁"}};
  const ordered_json restore_space = {
      {"type", "Replace"}, {"pattern", {{"String", "▁"}}}, {"content", " "}};
  const ordered_json strip = {{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}};
  const ordered_json bos = {{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}},
                     text = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
  const ordered_json bos_token = {{"id", "<s>"}, {"ids", {1}}, {"tokens", {"<s>"}}};
  ordered_json file;
  file["version"] = "1.0";
  file["added_tokens"] = added;
  file["normalizer"] = {
      {"type", "Sequence"},
      {"normalizers",
       ordered_json::array({{{"type", "Prepend"}, {"prepend", "▁"}}, replace_space})}};
  file["pre_tokenizer"] = nullptr;
  file["post_processor"] = {{"type", "TemplateProcessing"},
                            {"single", ordered_json::array({bos, text})},
                            {"pair", ordered_json::array()},
                            {"special_tokens", {{"<s>", bos_token}}}};
  file["decoder"] = {
      {"type", "Sequence"},
      {"decoders", ordered_json::array(
                       {restore_space, {{"type", "ByteFallback"}}, {{"type", "Fuse"}}, strip})}};
  file["model"] = {{"type", "BPE"},    {"dropout", nullptr},         {"unk_token", "<unk>"},
                   {"fuse_unk", true}, {"byte_fallback", true},      {"ignore_merges", false},
                   {"vocab", vocab},   {"merges", merges_of(pieces)}};
  return file.dump();
}

}  // namespace

void convert_llama2c(const std::filesystem::path& checkpoint,
                     const std::filesystem::path& tokenizer, const std::filesystem::path& target) {
  Cursor file(read_bytes(checkpoint));
  const Header h = file.take<Header>();
  const bool sane = h.dim > 0 && h.heads > 0 && h.dim % (2 * h.heads) == 0 && h.kv_heads > 0 &&
                    h.heads % h.kv_heads == 0 && h.layers > 0 && h.hidden_dim > 0 &&
                    std::abs(h.vocab) > 3 && h.positions > 0;
  if (!sane) throw std::runtime_error(checkpoint.string() + " has no llama2.c header");
  write_bytes(target / "model.safetensors", convert_weights(file, h));
  const json config = {{"architectures", {"LlamaForCausalLM"}},
                       {"model_type", "llama"},
                       {"hidden_act", "silu"},
                       {"hidden_size", h.dim},
                       {"intermediate_size", h.hidden_dim},
                       {"num_hidden_layers", h.layers},
                       {"num_attention_heads", h.heads},
                       {"num_key_value_heads", h.kv_heads},
                       {"head_dim", h.dim / h.heads},
                       {"vocab_size", std::abs(h.vocab)},
                       {"max_position_embeddings", h.positions},
                       {"rms_norm_eps", 1e-5},
                       {"rope_theta", 10000.0},
                       {"attention_bias", false},
                       {"mlp_bias", false},
                       {"tie_word_embeddings", h.vocab > 0},
                       {"torch_dtype", "float32"},
                       {"bos_token_id", 1},
                       {"eos_token_id", 2}};
  write_bytes(target / "config.json", config.dump(1));
  write_bytes(target / "generation_config.json",
              json({{"bos_token_id", 1}, {"eos_token_id", 2}}).dump(1));
  write_bytes(target / "tokenizer.json",
              tokenizer_json(read_pieces(tokenizer, static_cast<std::size_t>(std::abs(h.vocab)))));
  write_bytes(target / "tokenizer_config.json", json({{"add_bos_token", true},
                                                      {"add_eos_token", false},
                                                      {"bos_token", "<s>"},
                                                      {"eos_token", "</s>"},
                                                      {"unk_token", "<unk>"},
                                                      {"tokenizer_class", "LlamaTokenizerFast"}})
                                                    .dump(1));
}

bool write_stories260k(const std::filesystem::path& target) {
  const auto folder = shared_data("weights/stories260K");
  if (!folder) return false;
  convert_llama2c(*folder / "stories260K.bin", *folder / "tok512.bin", target);
  return true;
}

}  // namespace quorum::testing
