#include "engine/tokenizer.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "engine/tokenizer/added_tokens.h"
#include "engine/tokenizer/bpe.h"
#include "engine/tokenizer/decoder.h"
#include "engine/tokenizer/normalizer.h"
#include "engine/tokenizer/pretokenizer.h"
#include "engine/tokenizer/read_spec.h"

namespace quorum {

namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{256} << 20;
// Positions in a text that has grown are ints in the regular expression library.
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 26;

std::string read_if_there(const std::filesystem::path& path) {
  return std::filesystem::exists(path) ? read_file(path, kMaxFileBytes) : std::string();
}

}  // namespace

struct Tokenizer::Impl {
  tok::Normalizer normalizer;
  tok::PreTokenizer pre_tokenizer;
  tok::Decoder decoder;
  tok::Bpe model;
  tok::AddedTokens added;
  std::string bos_text, eos_text, chat_template;
  std::optional<TokenId> bos_id, eos_id;
  bool adds_bos = false;
  int vocab_size = 0;

  Impl(tok::TokenizerSpec spec, tok::TokenizerConfig config, const std::string& file,
       const std::string& config_file)
      : normalizer(spec.normalizer, file),
        pre_tokenizer(spec.pre_tokenizer, file),
        decoder(spec.decoder, file),
        model(std::move(spec.model), file),
        bos_text(std::move(config.bos_text)),
        eos_text(std::move(config.eos_text)),
        chat_template(std::move(config.chat_template)) {
    for (const tok::AddedToken& token : spec.added_tokens) added.add(token, model);
    add_from_config(config, config_file);
    added.finish(normalizer, model, file);

    vocab_size = model.id_limit();
    for (const auto& [id, token] : added.by_id()) vocab_size = std::max(vocab_size, id + 1);
    if (bos_text.empty()) bos_text = spec.template_bos;
    bos_id = id_of(bos_text);
    eos_id = id_of(eos_text);
    adds_bos = bos_id &&
               config.add_bos.value_or(!spec.template_bos.empty() && spec.template_bos == bos_text);
  }

  // Tokens that only tokenizer_config.json has, and its properties for those that are there
  // already, as transformers merges them; the named ones (bos and the like) become special tokens
  // when they are in the vocabulary.
  void add_from_config(const tok::TokenizerConfig& config, const std::string& config_file) {
    for (const auto& [id, token] : config.added_tokens) {
      added.add(token, model);
      if (!token.content.empty() && added.id_of(token.content) != id)
        throw Error(ErrorKind::kData, config_file + ": added_tokens_decoder",
                    "token `" + token.content + "` has id " + std::to_string(id) + " there, and " +
                        std::to_string(added.id_of(token.content).value_or(-1)) +
                        " by tokenizer.json",
                    "take both files from the same checkpoint");
    }
    for (const tok::AddedToken& token : config.named_tokens)
      if (!added.id_of(token.content) && model.id_of(token.content)) added.add(token, model);
  }

  std::optional<TokenId> id_of(std::string_view token) const {
    if (token.empty()) return std::nullopt;
    const std::optional<TokenId> id = added.id_of(token);
    return id ? id : model.id_of(token);
  }

  std::optional<std::string_view> text_of(TokenId id) const {
    const std::optional<std::string_view> text = added.text_of(id);
    return text ? text : model.text_of(id);
  }

  void encode_piece(std::string_view piece, bool at_start, tok::MatchScratch& scratch,
                    std::vector<TokenId>& out) const {
    const tok::Words words = pre_tokenizer.split(piece, at_start, scratch);
    for (std::size_t i = 0; i < words.spans.size(); ++i) model.encode(words[i], out);
  }
};

Tokenizer::Tokenizer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Tokenizer Tokenizer::load(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / "tokenizer.json",
                              config = directory / "tokenizer_config.json",
                              map = directory / "special_tokens_map.json";
  if (!std::filesystem::exists(file))
    throw Error(
        ErrorKind::kData, file.string(), "the file is missing",
        "save it with transformers: AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)");
  return Tokenizer(std::make_unique<Impl>(
      tok::read_tokenizer_json(read_file(file, kMaxFileBytes), file.string()),
      tok::read_tokenizer_config(read_if_there(config), config.string(), read_if_there(map),
                                 map.string()),
      file.string(), config.string()));
}

Result<Tokenizer> Tokenizer::parse(std::string_view tokenizer_json,
                                   std::string_view tokenizer_config_json,
                                   const std::string& file) {
  const std::string config_file = "tokenizer_config.json of " + file;
  try {
    return Tokenizer(std::make_unique<Impl>(
        tok::read_tokenizer_json(tokenizer_json, file),
        tok::read_tokenizer_config(tokenizer_config_json, config_file, "", ""), file, config_file));
  } catch (const Error& error) {
    return error;
  }
}

std::vector<TokenId> Tokenizer::encode(std::string_view text) const {
  if (text.size() > kMaxTextBytes)
    throw Error(ErrorKind::kUsage, "a text of " + std::to_string(text.size()) + " bytes",
                "at most " + std::to_string(kMaxTextBytes) + " are encoded at once");
  std::string clean;
  if (!is_valid_utf8(text)) text = clean = sanitize_utf8(text);

  std::vector<TokenId> out;
  tok::MatchScratch scratch(text.size());
  std::string normalized;
  for (const tok::AddedTokens::Piece& raw : impl_->added.split(text, false)) {
    if (raw.id >= 0) {
      out.push_back(raw.id);
      continue;
    }
    std::string_view part = text.substr(raw.begin, raw.end - raw.begin);
    if (!impl_->normalizer.empty()) part = normalized = impl_->normalizer.apply(part, scratch);
    for (const tok::AddedTokens::Piece& piece : impl_->added.split(part, true)) {
      if (piece.id >= 0)
        out.push_back(piece.id);
      else
        impl_->encode_piece(part.substr(piece.begin, piece.end - piece.begin),
                            raw.begin == 0 && piece.begin == 0, scratch, out);
    }
  }
  return out;
}

std::string Tokenizer::decode(const std::vector<TokenId>& ids, bool skip_special) const {
  std::vector<std::string> tokens;
  tokens.reserve(ids.size());
  for (const TokenId id : ids) {
    const std::optional<std::string_view> token = impl_->text_of(id);
    if (token && !(skip_special && impl_->added.is_special_text(*token)))
      tokens.emplace_back(*token);
  }
  return impl_->decoder.decode(std::move(tokens));
}

std::string Tokenizer::token_bytes(TokenId id, bool first) const {
  const std::optional<std::string_view> token = impl_->text_of(id);
  return token ? impl_->decoder.token_bytes(*token, first) : std::string();
}

std::optional<TokenId> Tokenizer::id_of(std::string_view token) const {
  return impl_->id_of(token);
}

bool Tokenizer::is_special(TokenId id) const {
  const auto found = impl_->added.by_id().find(id);
  return found != impl_->added.by_id().end() && impl_->added.is_special_text(found->second.content);
}

int Tokenizer::vocab_size() const { return impl_->vocab_size; }
bool Tokenizer::adds_bos() const { return impl_->adds_bos; }
std::optional<TokenId> Tokenizer::bos_id() const { return impl_->bos_id; }
std::optional<TokenId> Tokenizer::eos_id() const { return impl_->eos_id; }
const std::string& Tokenizer::bos_text() const { return impl_->bos_text; }
const std::string& Tokenizer::eos_text() const { return impl_->eos_text; }
const std::string& Tokenizer::config_chat_template() const { return impl_->chat_template; }

std::string StreamDecoder::push(TokenId id) {
  const std::string bytes = tokenizer_.token_bytes(id, first_);
  // A token may be empty only because its space was dropped: the next one keeps its own.
  if (!bytes.empty() || !tokenizer_.token_bytes(id).empty()) first_ = false;
  pending_ += bytes;
  const std::size_t whole = pending_.size() - incomplete_utf8_tail(pending_);
  std::string text = sanitize_utf8(std::string_view(pending_).substr(0, whole));
  pending_.erase(0, whole);
  return text;
}

std::string StreamDecoder::finish() {
  std::string text = sanitize_utf8(pending_);
  pending_.clear();
  first_ = true;
  return text;
}

}  // namespace quorum
