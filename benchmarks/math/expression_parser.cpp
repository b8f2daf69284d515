// The parser of expressions.
#include "benchmarks/math/expression.h"

#include <array>
#include <utility>
#include <vector>

#include "benchmarks/math/ascii.h"
#include "benchmarks/math/expression_scanner.h"
#include "benchmarks/math/finite_sum.h"
#include "benchmarks/math/function_names.h"

namespace quorum {
namespace {

using Kind = Expression::Kind;

constexpr std::size_t kMaxBytes = 1000, kMaxNodes = 400;
constexpr int kMaxLevels = 40;
constexpr std::string_view kVectorProduct = "apply \\times";

constexpr std::array<std::string_view, 31> kGreek = {
    "alpha", "beta",  "gamma", "delta", "epsilon", "varepsilon", "zeta",  "eta",
    "theta", "iota",  "kappa", "mu",    "lambda",  "nu",         "xi",    "rho",
    "sigma", "tau",   "phi",   "chi",   "varphi",  "psi",        "omega", "Gamma",
    "Delta", "Theta", "Omega", "Phi",   "pi",      "ell",        "Lambda"};

template <std::size_t size>
bool among(const std::array<std::string_view, size>& names, std::string_view name) {
  for (const std::string_view one : names)
    if (one == name) return true;
  return false;
}

// A Pratt parser: what binds tighter is read deeper.
class Parser : private ExpressionScanner {
 public:
  explicit Parser(std::string_view text) : ExpressionScanner(text) {}

  Expression read() {
    const int top = sum(0);
    infix_of_group(top, 0);
    if (!at_end()) throw NotRead{};
    return std::move(out_);
  }

 private:
  int add(Kind kind, std::vector<int> parts, std::string name = {}) {
    if (out_.nodes.size() >= kMaxNodes) throw NotRead{};
    out_.nodes.push_back({kind, {}, std::move(name), std::move(parts)});
    return static_cast<int>(out_.nodes.size()) - 1;
  }
  int add(const Rational& number) {
    const int node = add(Kind::kNumber, {});
    out_.nodes.back().number = number;
    return node;
  }
  int whole(std::string_view digits) {
    const auto number = Rational::from_decimal(digits);
    if (!number) throw NotRead{};
    return add(*number);
  }

  int sum(int level) {
    if (level > kMaxLevels) throw NotRead{};
    std::vector<int> parts;
    for (;;) {
      bool negative = false;
      const bool first = parts.empty();
      if (take('-')) {
        negative = true;
      } else if (!take('+') && !first) {
        break;
      }
      // "3 - -2" is not written so; "(-2)" is.
      if (peek() == '+' || peek() == '-') throw NotRead{};
      const int part = product(level + 1);
      parts.push_back(negative ? add(Kind::kNegative, {part}) : part);
      if (peek() != '+' && peek() != '-') break;
    }
    return parts.size() == 1 ? parts[0] : add(Kind::kSum, std::move(parts));
  }

  // \vec{a} and the like: symbols with a sign over them.
  static bool decorates(std::string_view name) {
    for (const std::string_view one :
         {"vec", "overrightarrow", "overline", "hat", "bar", "widehat", "tilde", "mathcal"})
      if (name == one) return true;
    return false;
  }

  // {7 \choose 3} and {3 \over 4}, of which `top` has been read.
  int infix_of_group(int top, int level) {
    if (take_command("choose")) return add(Kind::kFunction, {top, sum(level)}, "binom");
    if (take_command("over")) return add(Kind::kQuotient, {top, sum(level)});
    return top;
  }

  // What a product without a sign may go on with.
  bool starts_factor() {
    const char c = peek();
    if (is_letter(c) || is_digit(c) || c == '.' || c == '(' || c == '{') return true;
    if (c == '|') return open_bars_ == 0;
    const std::string_view name = command();
    return name == "frac" || name == "sqrt" || name == "binom" || name == "lfloor" ||
           name == "sum" || name == "prod" || name == "lceil" || decorates(name) ||
           function_named(name) != nullptr || among(kGreek, name);
  }

  // \vec{a}, sums of these, and one times a number.
  bool is_vector(int index) const {
    const Expression::Node& node = out_.nodes[static_cast<std::size_t>(index)];
    int vectors = 0;
    switch (node.kind) {
      case Kind::kSymbol:
        return node.name.rfind("\\vec{", 0) == 0 || node.name.rfind("\\overrightarrow{", 0) == 0;
      case Kind::kNegative:
      case Kind::kSum:
      case Kind::kQuotient: return is_vector(node.parts[0]);
      case Kind::kProduct:
        for (const int part : node.parts) vectors += is_vector(part) ? 1 : 0;
        return vectors == 1;
      case Kind::kFunction: return node.name == kVectorProduct;
      case Kind::kNumber:
      case Kind::kPower: return false;
    }
    return false;
  }

  bool is_whole(int index) const {
    const Expression::Node& node = out_.nodes[static_cast<std::size_t>(index)];
    return node.kind == Kind::kNumber && node.number.integer();
  }
  // 2/3 of the mixed number 10\frac{2}{3}.
  bool is_proper_fraction(int index) const {
    const Expression::Node& node = out_.nodes[static_cast<std::size_t>(index)];
    if (node.kind != Kind::kQuotient || !is_whole(node.parts[0]) || !is_whole(node.parts[1]))
      return false;
    const auto value = small_fraction(out_, index);
    return value && value->top > 0 && value->top < value->bottom;
  }

  // 3{\frac{1}{4}}, which is no product either.
  bool at_braced_fraction() {
    if (peek() != '{') return false;
    const std::size_t inside = text_.find_first_not_of("{ ", at_);
    return inside != std::string_view::npos && text_.substr(inside, 5) == "\\frac";
  }
  // 3!5! and (n+2)2^{-n} are products although digits follow.
  bool behind_factor_that_ends() const {
    const std::size_t last = text_.find_last_not_of(' ', at_ - 1);
    return last != std::string_view::npos && (text_[last] == '!' || text_[last] == ')');
  }

  int product(int level) {
    int value = power(level);
    bool divided = false;
    for (;;) {
      const bool number_before = last_was_number_;
      const bool cross = take_command("times");
      if (cross || take_command("cdot") || take('*')) {
        divided = false;
        if (peek() == '-' || peek() == '+') throw NotRead{};
        const int next = power(level);
        // Of two vectors it does not commute, and is not their scalar product.
        value = cross && is_vector(value) && is_vector(next)
                    ? add(Kind::kFunction, {value, next}, std::string(kVectorProduct))
                    : add(Kind::kProduct, {value, next});
      } else if (take('/') || take_command("div")) {
        if (peek() == '-' || peek() == '+') throw NotRead{};
        const int next = power(level);
        value = add(Kind::kQuotient, {value, next});
        divided = true;
      } else if (starts_factor()) {
        // 1/2x is \frac{1}{2}x to some and \frac{1}{2x} to others; 2\frac{1}{2} may be 2.5.
        if (divided) throw NotRead{};
        const bool digits = is_digit(peek()) || peek() == '.';
        const bool mixed = number_before && (command() == "frac" || at_braced_fraction());
        if (digits && !behind_factor_that_ends()) throw NotRead{};
        const int next = power(level);
        if (mixed) {
          if (!is_whole(value) || !is_proper_fraction(next) || !starts_factor()) throw NotRead{};
          value = add(Kind::kSum, {value, next});
          continue;
        }
        value = add(Kind::kProduct, {value, next});
      } else {
        return value;
      }
    }
  }

  int power(int level) {
    const int base = primary(level);
    return raised(base, level);
  }
  // What may stand behind a base: ! and ^.
  int raised(int base, int level) {
    if (take('!')) {
      if (peek() == '!') throw NotRead{};  // of every second number, or twice
      last_was_number_ = false;
      base = add(Kind::kFunction, {base}, "fact");
    }
    if (const std::size_t bytes = degree_sign()) {
      at_ += bytes;
      last_was_number_ = false;
      if (in_angle_) base = in_radians(base);
      if (peek() == '^' || peek() == '!') throw NotRead{};
      return base;
    }
    if (take('^')) {
      const int exponent = plain_exponent(base) ? number() : read_exponent(level);
      base = add(Kind::kPower, {base, exponent});
      last_was_number_ = false;
      if (peek() == '^' || peek() == '!') throw NotRead{};
    }
    return base;
  }

  // The bytes of a degree sign here, 0: there is none.
  std::size_t degree_sign() {
    if (peek() != '^') return 0;
    for (const std::string_view sign : {"^\\circ", "^{\\circ}", "^{\\circ }"}) {
      if (text_.substr(at_, sign.size()) != sign) continue;
      if (sign.back() != '}' && at_ + sign.size() < text_.size() &&
          is_letter(text_[at_ + sign.size()]))
        continue;
      return sign.size();
    }
    return 0;
  }
  int in_radians(int degrees) {
    const int pi = add(Kind::kSymbol, {}, "\\pi"), half_turn = whole("180");
    const int one_degree = add(Kind::kQuotient, {pi, half_turn});
    return add(Kind::kProduct, {degrees, one_degree});
  }

  // 2^10 has one reading, for 2^{1}0 is no product.
  bool plain_exponent(int base) {
    const std::size_t begin = (skip_spaces(), at_);
    std::size_t end = begin;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    if (end == begin || !is_whole(base)) return false;
    const bool point = end < text_.size() && text_[end] == '.';
    return point ? end + 1 < text_.size() && is_digit(text_[end + 1]) : end > begin + 1;
  }

  int read_exponent(int level) {
    if (take('{')) {
      const int inside = sum(level + 1);
      expect('}');
      return inside;
    }
    if (peek() == '(') return primary(level + 1);
    const bool negative = take('-');
    const char c = peek();
    int value = 0;
    if (is_digit(c)) {
      ++at_;
      // x^12 is x^{1}2 in LaTeX and x^{12} to who writes it plainly.
      if (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) throw NotRead{};
      value = whole(std::string_view(&c, 1));
    } else if (is_letter(c)) {
      ++at_;
      value = add(Kind::kSymbol, {}, std::string(1, c));
    } else {
      const std::string_view name = command();
      if (!among(kGreek, name)) throw NotRead{};
      at_ += 1 + name.size();
      value = add(Kind::kSymbol, {}, "\\" + std::string(name));
    }
    return negative ? add(Kind::kNegative, {value}) : value;
  }

  int braced(int level) {
    expect('{');
    const int inside = sum(level + 1);
    expect('}');
    return inside;
  }

  int primary(int level) {
    if (level > kMaxLevels) throw NotRead{};
    last_was_number_ = false;
    const char c = peek();
    if (is_digit(c) || c == '.') return number();
    if (c == '(' || c == '{') {
      ++at_;
      const int bars = std::exchange(open_bars_, 0);
      int inside = sum(level + 1);
      if (c == '{') inside = infix_of_group(inside, level + 1);
      open_bars_ = bars;
      expect(c == '(' ? ')' : '}');
      last_was_number_ = false;
      return inside;
    }
    if (c == '|') {
      ++at_;
      if (peek() == '|') throw NotRead{};  // of a vector
      ++open_bars_;
      const int inside = sum(level + 1);
      expect('|');
      --open_bars_;
      last_was_number_ = false;
      return add(Kind::kFunction, {inside}, "abs");
    }
    if (is_letter(c)) return word(level);
    const std::string_view name = command();
    if (name == "lfloor" || name == "lceil") {
      const bool up = name == "lceil";
      at_ += 1 + name.size();
      const int inside = sum(level + 1);
      if (!take_command(up ? "rceil" : "rfloor")) throw NotRead{};
      last_was_number_ = false;
      return add(Kind::kFunction, {inside}, up ? "ceil" : "floor");
    }
    if (name == "frac" || name == "binom") {
      at_ += 1 + name.size();
      const int top = braced(level), bottom = braced(level);
      last_was_number_ = false;
      return name == "frac" ? add(Kind::kQuotient, {top, bottom})
                            : add(Kind::kFunction, {top, bottom}, "binom");
    }
    if (name == "sum" || name == "prod") return over_index(name == "sum", level);
    if (name == "sqrt") {
      at_ += 5;
      int index = -1;
      if (take('[')) {
        index = sum(level + 1);
        expect(']');
      }
      return root(braced(level), index);
    }
    if (const FunctionName* known = function_named(name)) {
      at_ += 1 + name.size();
      return function(known->name, level);
    }
    if (among(kGreek, name)) {
      at_ += 1 + name.size();
      return symbol("\\" + std::string(name));
    }
    if (decorates(name)) return decorated_symbol(std::string(name));
    throw NotRead{};
  }

  // \sum_{k=1}^{5} k^2 written out. With other bounds than numbers it stands for itself, whatever
  // its index is called.
  int over_index(bool sum_of_terms, int level) {
    at_ += sum_of_terms ? 4 : 5;
    expect('_');
    expect('{');
    if (!is_letter(peek())) throw NotRead{};
    const std::string index(1, text_[at_++]);
    expect('=');
    const int first = sum(level + 1);
    expect('}');
    expect('^');
    const int last = read_exponent(level);
    const std::size_t mark = out_.nodes.size();
    ++index_depth_;
    const int body = product(level + 1);
    const std::string standard = "\\index" + std::to_string(index_depth_--);
    // \sum k + 1: whether the 1 belongs to each term cannot be told.
    if (peek() == '+' || peek() == '-') throw NotRead{};
    for (std::size_t i = mark; i < out_.nodes.size(); ++i) {  // a_k
      const std::size_t below = out_.nodes[i].name.find('_');
      if (below != std::string::npos && out_.nodes[i].name.find(index, below) != std::string::npos)
        throw NotRead{};
    }
    last_was_number_ = false;
    const auto from = small_fraction(out_, first), to = small_fraction(out_, last);
    if (from && to && from->bottom == 1 && to->bottom == 1) {
      const Expression term = part_from(mark, body);
      if (const auto all = over_range(sum_of_terms, term, index, {from->top, to->top}))
        return append(*all);
    }
    for (std::size_t i = mark; i < out_.nodes.size(); ++i)
      if (out_.nodes[i].kind == Kind::kSymbol && out_.nodes[i].name == index)
        out_.nodes[i].name = standard;
    return add(Kind::kFunction, {first, last, body}, sum_of_terms ? "apply \\sum" : "apply \\prod");
  }
  // The nodes from `mark` on as an expression of their own, of which `top` is the whole.
  Expression part_from(std::size_t mark, int top) {
    Expression part;
    const auto shift = static_cast<int>(mark);
    for (std::size_t i = mark; i <= static_cast<std::size_t>(top); ++i) {
      part.nodes.push_back(out_.nodes[i]);
      for (int& one : part.nodes.back().parts) one -= shift;
    }
    return part;
  }
  int append(const Expression& part) {
    const auto shift = static_cast<int>(out_.nodes.size());
    for (const Expression::Node& node : part.nodes) {
      std::vector<int> moved = node.parts;
      for (int& one : moved) one += shift;
      const int copy = add(node.kind, std::move(moved), node.name);
      out_.nodes[static_cast<std::size_t>(copy)].number = node.number;
    }
    return static_cast<int>(out_.nodes.size()) - 1;
  }

  int number() {
    const std::size_t begin = at_;
    int points = 0;
    for (; at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.'); ++at_)
      points += text_[at_] == '.';
    if (points > 1) throw NotRead{};
    const int node = whole(text_.substr(begin, at_ - begin));
    last_was_number_ = true;
    return node;
  }

  int root(int radicand, int index) {
    last_was_number_ = false;
    if (index < 0) index = whole("2");
    const int one = whole("1"), exponent = add(Kind::kQuotient, {one, index});
    return add(Kind::kPower, {radicand, exponent});
  }

  // A function that is written as a word here.
  const FunctionName* plain_function() const {
    for (const FunctionName& known : kFunctionNames)
      if (known.plain && text_.substr(at_, known.spelling.size()) == known.spelling) return &known;
    return nullptr;
  }

  // Letters: a function or π written as a word, or a symbol.
  int word(int level) {
    const std::string_view rest = text_.substr(at_);
    const auto begins = [&](std::string_view name) { return rest.substr(0, name.size()) == name; };
    if (const FunctionName* known = plain_function()) {
      at_ += known->spelling.size();
      return function(known->name, level);
    }
    if (begins("sqrt(") || begins("sqrt{")) {
      at_ += 4;
      return root(primary(level + 1), -1);
    }
    if (begins("pi") && (rest.size() == 2 || !is_letter(rest[2]))) {
      at_ += 2;
      return symbol("\\pi");
    }
    // AB is a segment or a product of matrices, a longer run a word: their letters do not commute.
    std::size_t run = 0;
    bool capitals = true;
    for (; run < rest.size() && is_letter(rest[run]); ++run)
      capitals = capitals && rest[run] >= 'A' && rest[run] <= 'Z';
    const bool begins_run = at_ == 0 || !is_letter(text_[at_ - 1]);
    const bool like_a_name = run == 3 && rest[0] >= 'A' && rest[0] <= 'Z' && rest[1] >= 'a' &&
                             rest[2] >= 'a';  // Yes, Odd
    if (begins_run && ((capitals && run > 1) || run > 3 || like_a_name)) throw NotRead{};
    ++at_;
    return symbol(std::string(1, rest[0]));
  }

  int decorated_symbol(const std::string& sign) {
    at_ += 1 + sign.size();
    std::string inside;
    if (take('{')) {
      for (; at_ < text_.size() && text_[at_] != '}'; ++at_) {
        if (!is_letter(text_[at_]) && !is_digit(text_[at_]) && text_[at_] != '_') throw NotRead{};
        inside += text_[at_];
      }
      expect('}');
    } else if (is_letter(peek())) {
      inside = text_[at_++];
    }
    if (inside.empty()) throw NotRead{};
    return symbol("\\" + sign + "{" + inside + "}");
  }

  int symbol(std::string name) {
    if (take('_')) {
      name += '_';
      if (take('{')) {
        while (at_ < text_.size() && text_[at_] != '}') {
          const char c = text_[at_++];
          if (c == '{' || c == '\\') throw NotRead{};
          if (c != ' ') name += c;
        }
        expect('}');
      } else {
        const char c = peek();
        if (!is_digit(c) && !is_letter(c)) throw NotRead{};
        ++at_;
        name += c;
      }
    }
    while (at_ < text_.size() && text_[at_] == '\'') name += text_[at_++];
    last_was_number_ = false;
    // f(x) is a value of a function, p(1 - p) a product.
    if (std::string_view("fghFGH").find(name[0]) != std::string_view::npos) {
      if (peek() == '(') return value_of_unknown(name);
      if (peek() == '^' && text_.substr(at_).find('(') < 6) throw NotRead{};  // f^{-1}(x)
    }
    return add(Kind::kSymbol, {}, std::move(name));
  }

  int value_of_unknown(const std::string& name) {
    expect('(');
    if (++unknown_depth_ > 8) throw NotRead{};
    std::vector<int> arguments;
    do {
      arguments.push_back(sum(2 * unknown_depth_));
    } while (take(','));
    expect(')');
    --unknown_depth_;
    last_was_number_ = false;
    return add(Kind::kFunction, std::move(arguments), "apply " + name);
  }

  static bool takes_angle(std::string_view name) {
    for (const std::string_view one : {"sin", "cos", "tan", "cot", "sec", "csc"})
      if (name == one) return true;
    return false;
  }

  int function(std::string_view name, int level) {
    int base = -1, exponent = -1;
    if (name == "log" && take('_')) {
      base = peek() == '{' ? braced(level) : read_exponent(level);
    } else if (name == "lg") {
      name = "log";
      base = whole("10");
    }
    bool inverse = false;
    if (take('^')) {  // \sin^2 x, \sin^{-1} x
      exponent = read_exponent(level);
      const auto power = small_fraction(out_, exponent);
      inverse = power && power->top == -1 && power->bottom == 1;
      if (inverse && !takes_angle(name)) throw NotRead{};
    }
    const bool in_angle = std::exchange(in_angle_, takes_angle(name) && !inverse);
    const int argument = read_argument(level);
    in_angle_ = in_angle;
    if (inverse) return add(Kind::kFunction, {argument}, "arc" + std::string(name));
    int value = 0;
    if (name == "exp") {
      const int e = add(Kind::kSymbol, {}, "e");
      value = add(Kind::kPower, {e, argument});
    } else if (base >= 0) {
      const int top = add(Kind::kFunction, {argument}, "ln");
      const int bottom = add(Kind::kFunction, {base}, "ln");
      value = add(Kind::kQuotient, {top, bottom});
    } else {
      value = add(Kind::kFunction, {argument}, std::string(name));
    }
    if (exponent >= 0) {
      const Expression::Node& node = out_.nodes[static_cast<std::size_t>(exponent)];
      if (node.kind != Kind::kNumber) throw NotRead{};
      value = add(Kind::kPower, {value, exponent});
    }
    last_was_number_ = false;
    return value;
  }

  // In brackets, or numbers and symbols up to the next sign or function: \sin 2x.
  int read_argument(int level) {
    const bool floor_or_ceiling = command() == "lfloor" || command() == "lceil";
    if (peek() == '(' || peek() == '{' || (peek() == '|' && open_bars_ == 0) || floor_or_ceiling) {
      const int inside = primary(level + 1);
      if (peek() == '^' || peek() == '!') throw NotRead{};
      return inside;
    }
    int value = -1;
    for (;;) {
      const char c = peek();
      const std::string_view name = command();
      const bool plain = is_digit(c) || (is_letter(c) && value < 0) || among(kGreek, name) ||
                         name == "frac" || name == "sqrt" ||
                         (is_letter(c) && plain_function() == nullptr);
      if (!plain || (value >= 0 && is_digit(c))) break;
      if (value >= 0 && last_was_number_ && name == "frac") throw NotRead{};
      const int next = power(level + 1);
      value = value < 0 ? next : add(Kind::kProduct, {value, next});
    }
    if (value < 0 || peek() == '(') throw NotRead{};
    return value;
  }
  bool last_was_number_ = false;
  bool in_angle_ = false;  // in the argument of a trigonometric function
  int open_bars_ = 0;      // of absolute values, since the last bracket
  int unknown_depth_ = 0;
  int index_depth_ = 0;  // of sums and products over an index
  Expression out_;
};

}  // namespace

std::optional<Expression> parse_expression(std::string_view normal_form) {
  if (normal_form.empty() || normal_form.size() > kMaxBytes) return std::nullopt;
  try {
    return Parser(normal_form).read();
  } catch (const NotRead&) {
    return std::nullopt;
  }
}

}  // namespace quorum
