// A stack of exact numbers by Calcium, behind an interface of C: the headers of Calcium 0.4 are no
// C++. Calcium may abort, run long and use much memory: only for the process of exact_decider.h.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

typedef struct calcium_machine calcium_machine;

calcium_machine* calcium_new(void);
void calcium_free(calcium_machine* machine);

// Every function below takes its operands from the top of the stack and puts its result there; it
// returns 1, or 0 when the stack is too short or full, or there is no such function.

// "-3/1f", in hexadecimal digits.
int calcium_push_fraction(calcium_machine* machine, const char* fraction);
// "e", "i", "pi".
int calcium_push_constant(calcium_machine* machine, const char* name);
// '+', '*', '/', '^': the lower one is the left side.
int calcium_binary(calcium_machine* machine, char operation);
int calcium_negate(calcium_machine* machine);
// The names of expression.h, of one argument.
int calcium_function(calcium_machine* machine, const char* name);

// Of the number below the top: 1 yes, 0 no, -1 unknown. Nothing is taken.
int calcium_base_is_negative_real(calcium_machine* machine);
int calcium_negate_base(calcium_machine* machine);
// Whether the two on top are equal; both are taken.
int calcium_equal(calcium_machine* machine);

#ifdef __cplusplus
}
#endif
