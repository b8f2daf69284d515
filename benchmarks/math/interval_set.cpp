#include "benchmarks/math/interval_set.h"

#include <algorithm>
#include <vector>

#include "benchmarks/math/decide.h"
#include "benchmarks/math/units.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;
using Nature = AnswerValue::Nature;

// A bound is not known to be smaller than, equal to or larger than another.
struct Unordered {};

constexpr std::size_t kMostBounds = 64;

// -1, 0 or 1.
int order(const AnswerValue& a, const AnswerValue& b) {
  if (own_key(a) == own_key(b)) return 0;
  const bool negative_a = a.text == "-\\infty", negative_b = b.text == "-\\infty";
  if (is_infinity(a)) return negative_a ? -1 : 1;
  if (is_infinity(b)) return negative_b ? 1 : -1;
  const Expression left = expression_of(a), right = expression_of(b);
  if (const auto known = order_of(left, right)) return *known;
  if (is_constant(left) && is_constant(right) && decide(left, right, Domain::kSame).equal())
    return 0;
  throw Unordered{};
}

struct Piece {
  const AnswerValue *low, *high;
  bool low_closed, high_closed;
};

// The intervals and points of a set of numbers; false: it is none.
bool pieces_of(const AnswerValue& set, std::vector<Piece>& pieces) {
  const auto is_bound = [](const AnswerValue& value) {
    if (is_infinity(value)) return true;
    return is_scalar(value) && value.name.empty() && is_formal_unit(value.number.unit) &&
           (value.type == Type::kNumber || is_constant(*value.expression));
  };
  if (set.type == Type::kText) return set.text == "\\emptyset";
  if (set.type == Type::kTuple) {
    if (set.items.size() != 2 || set.form == ":" || set.form == "{}" || !is_bound(set.items[0]) ||
        !is_bound(set.items[1]))
      return false;
    pieces.push_back(
        {&set.items[0], &set.items[1], set.form.front() == '[', set.form.back() == ']'});
    return true;
  }
  if (set.type == Type::kSet) {
    for (const AnswerValue& item : set.items) {
      if (!is_bound(item) || is_infinity(item)) return false;
      pieces.push_back({&item, &item, true, true});
    }
    return true;
  }
  if (set.type != Type::kUnion) return false;
  for (const AnswerValue& item : set.items)
    if (!pieces_of(item, pieces)) return false;
  return true;
}

// The line in points and the gaps between them: of n bounds, 2n + 1 cells, where cell 2i + 1 is
// bound i.
class Line {
 public:
  explicit Line(const std::vector<Piece>& pieces) {
    for (const Piece& piece : pieces)
      for (const AnswerValue* bound : {piece.low, piece.high})
        if (!is_infinity(*bound)) insert(bound);
  }

  std::vector<bool> cells_of(const std::vector<Piece>& pieces) const {
    std::vector<bool> cells(2 * bounds_.size() + 1);
    for (const Piece& piece : pieces) {
      const std::size_t begin = is_infinity(*piece.low) ? 0 : cell(*piece.low) + !piece.low_closed,
                        end = is_infinity(*piece.high) ? cells.size()
                                                       : cell(*piece.high) + piece.high_closed;
      if (is_infinity(*piece.low) != (piece.low->text == "-\\infty")) continue;  // (∞, 1)
      if (piece.high->text == "-\\infty") continue;
      for (std::size_t i = begin; i < end; ++i) cells[i] = true;
    }
    return cells;
  }

  AnswerValue set_of(const std::vector<bool>& cells) const {
    AnswerValue points, all;
    points.type = Type::kSet;
    all.type = Type::kUnion;
    for (std::size_t begin = 0; begin < cells.size();) {
      if (!cells[begin]) {
        ++begin;
        continue;
      }
      std::size_t last = begin;
      while (last + 1 < cells.size() && cells[last + 1]) ++last;
      if (begin == last && begin % 2 == 1) {
        points.items.push_back(*bounds_[begin / 2]);
      } else {
        AnswerValue interval;
        interval.type = Type::kTuple;
        interval.nature = Nature::kSet;
        interval.form = {begin % 2 == 1 ? '[' : '(', last % 2 == 1 ? ']' : ')'};
        interval.items = {begin == 0 ? infinity(true) : *bounds_[(begin - 1) / 2],
                          last + 1 == cells.size() ? infinity(false) : *bounds_[last / 2]};
        all.items.push_back(std::move(interval));
      }
      begin = last + 1;
    }
    if (!points.items.empty()) all.items.push_back(std::move(points));
    if (all.items.size() == 1) return all.items[0];
    if (!all.items.empty()) return all;
    AnswerValue none;
    none.text = "\\emptyset";
    return none;
  }

 private:
  void insert(const AnswerValue* bound) {
    std::size_t at = 0;
    for (; at < bounds_.size(); ++at) {
      const int sign = order(*bound, *bounds_[at]);
      if (sign == 0) return;
      if (sign < 0) break;
    }
    if (bounds_.size() == kMostBounds) throw Unordered{};
    bounds_.insert(bounds_.begin() + static_cast<std::ptrdiff_t>(at), bound);
  }
  std::size_t cell(const AnswerValue& bound) const {
    for (std::size_t i = 0; i < bounds_.size(); ++i)
      if (order(bound, *bounds_[i]) == 0) return 2 * i + 1;
    throw Unordered{};
  }

  std::vector<const AnswerValue*> bounds_;  // from small to large
};

}  // namespace

AnswerValue infinity(bool negative) {
  AnswerValue value;
  value.text = negative ? "-\\infty" : "\\infty";
  return value;
}

bool is_infinity(const AnswerValue& value) {
  return value.type == Type::kText && (value.text == "\\infty" || value.text == "-\\infty");
}

AnswerValue all_real_numbers() {
  AnswerValue line;
  line.type = Type::kTuple;
  line.nature = Nature::kSet;
  line.form = "()";
  line.items = {infinity(true), infinity(false)};
  return line;
}

bool are_intervals(const std::vector<AnswerValue>& values) {
  bool sure = false;
  for (const AnswerValue& value : values) {
    std::vector<Piece> pieces;
    if (value.type != Type::kTuple || !value.name.empty() || !pieces_of(value, pieces))
      return false;
    sure = sure || value.form == "(]" || value.form == "[)" || is_infinity(value.items[0]) ||
           is_infinity(value.items[1]);
  }
  return sure;
}

std::optional<AnswerValue> combine_sets(const AnswerValue& a, const AnswerValue& b,
                                        SetOperation operation) {
  std::vector<Piece> left, right;
  if (!pieces_of(a, left) || !pieces_of(b, right)) return std::nullopt;
  std::vector<Piece> both = left;
  both.insert(both.end(), right.begin(), right.end());
  try {
    const Line line(both);
    std::vector<bool> cells = line.cells_of(left);
    const std::vector<bool> others = line.cells_of(right);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      cells[i] = operation == SetOperation::kUnion          ? cells[i] || others[i]
                 : operation == SetOperation::kIntersection ? cells[i] && others[i]
                                                            : cells[i] && !others[i];
    }
    return line.set_of(cells);
  } catch (const Unordered&) {
    return std::nullopt;
  }
}

}  // namespace quorum
