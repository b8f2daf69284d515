#include "benchmarks/math/answer_prose.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

bool is_space(char c) { return c == ' ' || c == kWordsBegin || c == kWordsEnd; }

// Takes phrases from the front of a normal form, of which marks of words count as spaces.
class PhraseReader {
 public:
  explicit PhraseReader(std::string_view text) : text_(text) { skip(); }

  // `phrase` is in small letters; its spaces are any number of them.
  bool take(std::string_view phrase) {
    std::size_t at = at_;
    for (const char c : phrase) {
      if (c == ' ') {
        if (at >= text_.size() || !is_space(text_[at])) return false;
        while (at < text_.size() && is_space(text_[at])) ++at;
        continue;
      }
      if (at >= text_.size()) return false;
      const char letter = text_[at] >= 'A' && text_[at] <= 'Z'
                              ? static_cast<char>(text_[at] - 'A' + 'a')
                              : text_[at];
      if (letter != c) return false;
      ++at;
    }
    if (is_letter(phrase.back()) && at < text_.size() && is_letter(text_[at])) return false;
    at_ = at;
    skip();
    return true;
  }

  template <std::size_t size>
  bool take_any(const std::array<std::string_view, size>& phrases) {
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](std::string_view phrase) { return take(phrase); });
  }

  // A letter that stands alone.
  char take_symbol() {
    if (at_ >= text_.size() || !is_letter(text_[at_])) return 0;
    if (at_ + 1 < text_.size() && !is_space(text_[at_ + 1])) return 0;
    const char symbol = text_[at_++];
    skip();
    return symbol;
  }

  // What is left, with its marks in pairs.
  std::string rest() const {
    std::string out(text_.substr(at_));
    const std::size_t end = out.find(kWordsEnd), begin = out.find(kWordsBegin);
    if (end != std::string::npos && end < begin) out.insert(0, 1, kWordsBegin);
    // \text{There are 5 apples} of which "5" is no word.
    if (out.size() > 1 && out[0] == kWordsBegin && is_digit(out[1])) {
      const std::size_t digits = out.find_first_not_of("0123456789.,", 1);
      out = out.substr(1, digits - 1) + kWordsBegin + out.substr(digits);
    }
    return std::string(trim(out));
  }

 private:
  void skip() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

constexpr auto kConclusions = std::to_array<std::string_view>(
    {"so,", "so", "thus,", "thus", "hence,", "hence", "therefore,", "therefore", "then,", "then"});
constexpr auto kAnnouncements = std::to_array<std::string_view>(
    {"the final answer is:", "the final answer is", "the answer is:", "the answer is",
     "the result is", "the value is", "the total is", "the sum is", "our answer is", "we get",
     "we have", "we obtain", "it is", "this is", "that is", "there are", "there is"});
constexpr auto kExactly =
    std::to_array<std::string_view>({"exactly", "a total of", "in total", "precisely"});
constexpr auto kApproximately =
    std::to_array<std::string_view>({"approximately", "approx.", "about", "around", "roughly"});

}  // namespace

std::optional<std::string> standard_phrase(std::string_view words) {
  words = trim(words);
  const auto drop_front = [&](std::string_view front) {
    if (!words.starts_with(front)) return false;
    words = trim(words.substr(front.size()));
    return true;
  };
  if (words == "does not exist" || words == "it does not exist" ||
      words == "the limit does not exist")
    return "dne";
  for (const std::string_view front :
       {"there exists ", "there exist ", "there are ", "there is ", "the equation has ", "it has "})
    if (drop_front(front)) break;
  for (const std::string_view end : {" exists", " exist"})
    if (words.ends_with(end)) words = trim(words.substr(0, words.size() - end.size()));
  for (const std::string_view many :
       {"infinitely many", "infinitely many solutions", "an infinite number of solutions",
        "infinite solutions", "infinite number of solutions"})
    if (words == many) return "infinitely many";
  for (const std::string_view none : {"empty set", "the empty set", "null set", "the null set"})
    if (words == none) return "\\emptyset";
  if (!drop_front("no ")) return std::nullopt;
  drop_front("real ");
  if (words == "solution" || words == "solutions") return "\\emptyset";
  return std::nullopt;
}

std::optional<std::string> value_of_sentence(std::string_view normal_form) {
  if (std::none_of(normal_form.begin(), normal_form.end(), is_letter)) return std::nullopt;
  PhraseReader reader(normal_form);
  bool found = reader.take_any(kConclusions);
  for (const std::string_view line : {"all real numbers except", "all reals except",
                                      "all real numbers other than", "all real numbers but"}) {
    if (!reader.take(line)) continue;
    const std::string excluded = reader.rest();
    if (excluded.empty()) return std::nullopt;
    return "\\mathbb{R}\\setminus\\{" + excluded + "\\}";
  }
  PhraseReader behind = reader;
  std::string name;
  if (const char symbol = behind.take_symbol();
      symbol != 0 && (behind.take("is equal to") || behind.take("equals") || behind.take("is"))) {
    name = std::string(1, symbol) + "=";
    reader = behind;
    found = true;
  } else {
    found = reader.take_any(kAnnouncements) || found;
  }
  found = reader.take_any(kExactly) || reader.take("either") || found;
  const bool rounded = reader.take_any(kApproximately) || reader.take("\\approx");
  if (!found && !rounded) return std::nullopt;
  std::string value = reader.rest();
  if (value.empty() || (rounded && value.find('.') == std::string::npos)) return std::nullopt;
  return name + value;
}

}  // namespace quorum
