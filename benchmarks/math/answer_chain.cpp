// Chains of equals: 2^3 = 8, x = 4 + 4 = 8, x = y = 1.
#include <utility>

#include "base/text.h"
#include "benchmarks/math/answer_compare.h"
#include "benchmarks/math/answer_parser.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/relation.h"
#include "benchmarks/math/units.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;

bool is_plain_number(const AnswerValue& value) {
  return is_scalar(value) && value.name.empty() && is_formal_unit(value.number.unit) &&
         (value.type == Type::kNumber || is_constant(*value.expression));
}

}  // namespace

// What is worked out step by step is its last member, when all are the same; with a name in front,
// the value of this name. Without one only of numbers: (x+1)^2 = x^2+2x+1 is a statement.
AnswerParser::Read AnswerParser::worked_out(std::string_view text, int depth) {
  const auto chain = split_relations(text);
  if (!chain) return std::nullopt;
  for (const Relation relation : chain->relations)
    if (relation != Relation::kEqual) return std::nullopt;
  std::size_t names = 0;
  while (names < chain->sides.size() && is_symbol(chain->sides[names])) ++names;
  if (names > 1 && names + 1 == chain->sides.size()) return same_value_of_all(chain->sides, depth);
  if (names > 1 || chain->sides.size() - names < 2) return std::nullopt;
  if (text_key(chain->sides.front()) == text_key(chain->sides.back())) return std::nullopt;
  std::optional<AnswerValue> last;
  for (std::size_t i = names; i < chain->sides.size(); ++i) {
    AnswerValue side = parse(chain->sides[i], depth + 1);
    if (!is_scalar(side) || !side.name.empty() || (names == 0 && !is_plain_number(side)))
      return std::nullopt;
    if (last && !compare_elements(*last, side).equal) return std::nullopt;
    last = std::move(side);
  }
  if (names == 1) last->name = text_key(chain->sides[0]);
  return last;
}

// x = y = 1 is x = 1, y = 1.
AnswerParser::Read AnswerParser::same_value_of_all(const std::vector<std::string_view>& sides,
                                                   int depth) {
  const AnswerValue value = parse(sides.back(), depth + 1);
  if (!is_plain_number(value)) return std::nullopt;
  AnswerValue all;
  all.type = Type::kList;
  for (std::size_t i = 0; i + 1 < sides.size(); ++i) {
    all.items.push_back(value);
    all.items.back().name = text_key(sides[i]);
    all.text += all.items.back().name + "=";
  }
  all.text += value.text;
  return all;
}

}  // namespace quorum
