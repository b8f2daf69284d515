// The deviations of Math-Verify 0.8.0, as observed on its answers to given pairs and in its
// documentation; nothing of it is copied.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/math/compat.h"
#include "benchmarks/math/deviation_log.h"

namespace quorum::math_verify {

enum class Rule {
  kMarkAtEnd,
  kUnreadableSign,
  kLastNumber,
  kTextToEnd,
  kUnitWords,
  kNoBase,
  kPercentValue,
  kColonDivides,
  kNumbersAdd,
  kWordsAreLetters,
  kNoCase,
  kImaginaryUnit,
  kSixPlaces,
  kFifteenPlaces,
  kScientific,
  kSets,
  kPairsAndSets,
  kColumns,
  kMatrixKinds,
  kIntervalGold,
  kInfiniteEnd,
  kRightSide,
  kEquations,
  kInequalities,
  kOuterMarks,
  kPlainFunctions,
  kNotations,
};
using Log = DeviationLog<Rule>;

const std::vector<Deviation>& rules();

// What is left of an answer after cleaning, as LaTeX.
struct Reading {
  bool readable = true;
  bool name = false;  // it is one symbol or product with words in it: equal only to itself
  std::string text;
};
Reading read(std::string_view answer, Log& log);

// The last plain number of an unreadable prediction, as text; empty: none.
std::string last_number(std::string_view answer);

bool equal(std::string_view gold, std::string_view prediction, DeviationSet on);

}  // namespace quorum::math_verify
