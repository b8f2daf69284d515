#include "benchmarks/math/exact_request.h"

#include <memory>

#include "base/text.h"
#include "benchmarks/math/calcium_machine.h"

namespace quorum {
namespace {

using Kind = Expression::Kind;

class Writer {
 public:
  explicit Writer(const Expression& expression) : expression_(expression) {}

  bool write(std::string& out) {
    out_ = &out;
    return node(static_cast<int>(expression_.nodes.size()) - 1);
  }

 private:
  bool line(const std::string& text) {
    *out_ += text + '\n';
    return out_->size() <= kMaxExactRequestBytes;
  }
  // All parts joined by one operation.
  bool joined(const Expression::Node& of, const char* operation) {
    if (!node(of.parts[0])) return false;
    for (std::size_t i = 1; i < of.parts.size(); ++i)
      if (!node(of.parts[i]) || !line(operation)) return false;
    return true;
  }
  bool factorial(int index) { return node(index) && line("f fact"); }

  bool node(int index) {
    const Expression::Node& of = expression_.nodes[static_cast<std::size_t>(index)];
    switch (of.kind) {
      case Kind::kNumber: return line("# " + of.number.key());
      case Kind::kSymbol:
        if (of.name == "\\pi") return line("c pi");
        return (of.name == "e" || of.name == "i") && line("c " + of.name);
      case Kind::kSum: return joined(of, "+");
      case Kind::kProduct: return joined(of, "*");
      case Kind::kQuotient: return joined(of, "/");
      case Kind::kNegative: return node(of.parts[0]) && line("-");
      case Kind::kPower:
        if (const auto fraction = small_fraction(expression_, of.parts[1]);
            fraction && fraction->bottom % 2 == 1 && fraction->bottom > 1) {
          return node(of.parts[0]) && node(of.parts[1]) &&
                 line(fraction->top % 2 == 0 ? "root even" : "root odd");
        }
        return joined(of, "^");
      case Kind::kFunction:
        if (of.name == "binom") {
          // n! / k! / (n - k)!
          return factorial(of.parts[0]) && factorial(of.parts[1]) && line("/") &&
                 node(of.parts[0]) && node(of.parts[1]) && line("-") && line("+") &&
                 line("f fact") && line("/");
        }
        return of.parts.size() == 1 && node(of.parts[0]) && line("f " + of.name);
    }
    return false;
  }

  const Expression& expression_;
  std::string* out_ = nullptr;
};

// The root of odd index of a real number: base and exponent are on the stack.
bool real_root(calcium_machine* machine, bool even_power) {
  switch (calcium_base_is_negative_real(machine)) {
    case 0: return calcium_binary(machine, '^') != 0;
    case 1:
      return calcium_negate_base(machine) != 0 && calcium_binary(machine, '^') != 0 &&
             (even_power || calcium_negate(machine) != 0);
    default: return false;
  }
}

bool run(calcium_machine* machine, const std::string& line) {
  if (line.empty()) return false;
  const std::string argument = line.size() > 2 ? line.substr(2) : "";
  if (line == "root even" || line == "root odd") return real_root(machine, line == "root even");
  switch (line[0]) {
    case '#': return calcium_push_fraction(machine, argument.c_str()) != 0;
    case 'c': return calcium_push_constant(machine, argument.c_str()) != 0;
    case 'f': return calcium_function(machine, argument.c_str()) != 0;
    case '-': return calcium_negate(machine) != 0;
    case '+':
    case '*':
    case '/':
    case '^': return calcium_binary(machine, line[0]) != 0;
    default: return false;
  }
}

}  // namespace

std::optional<std::string> exact_request(const Expression& a, const Expression& b) {
  std::string left, right;
  if (!Writer(a).write(left) || !Writer(b).write(right)) return std::nullopt;
  // In one order, so that the answer does not depend on it.
  std::string request = left < right ? left + right : right + left;
  if (request.size() > kMaxExactRequestBytes) return std::nullopt;
  return request;
}

char answer_exact_request(const std::string& request) {
  const std::unique_ptr<calcium_machine, void (*)(calcium_machine*)> machine(calcium_new(),
                                                                             calcium_free);
  if (machine == nullptr) return kDontKnow;
  for (const std::string& line : split(request, '\n'))
    if (!line.empty() && !run(machine.get(), line)) return kDontKnow;
  switch (calcium_equal(machine.get())) {
    case 1: return kYes;
    case 0: return kNo;
    default: return kDontKnow;
  }
}

}  // namespace quorum
