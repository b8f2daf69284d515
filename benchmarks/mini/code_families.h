// The families behind code_task_generator.h: what each asks for, the program that does it, and its
// tests.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/philox.h"

namespace quorum::mini {

using Number = std::int64_t;

// What a program reads.
enum class CodeInput { kTwoNumbers, kOneNumber, kNumberList, kText };

// A parameter that a family's task, thought and program name as {0}; families without one ignore
// it.
struct CodeParameter {
  Number number = 0;   // 2 to 60
  char letter = 'a';   // a lower-case letter
  char letter2 = 'b';  // another one
};

struct CodeValues {
  std::vector<Number> numbers;  // two, one, or a list of three to eight
  std::string line;             // kText: lower-case words
};

struct CodeFamily {
  const char* name;
  CodeInput input;
  enum Parameter { kNone, kNumber, kLetter, kTwoLetters } parameter;
  const char* asks;     // completes "Write a Python program that reads …, and "
  const char* thought;  // completes "I read …, then "
  const char* prints;   // the lines of the program after its input is read; a, b: numbers, xs: the
                        // list, s: the text
  // What the program prints, without the last newline.
  std::string (*output)(const CodeValues& values, const CodeParameter& parameter);
};

std::span<const CodeFamily> code_families();

// Numbers or a line that suit every family of this kind of input.
CodeValues draw_values(PhiloxStream& random, CodeInput input);

}  // namespace quorum::mini
