// Rules of expressions that differ only where something inside of them changes its sign.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE(
    "Expressions with absolute values, roots and floors are compared between all changes of sign",
    "[rules]") {
  testing::check_answer_table(R"table(
F \frac{k}{2k+1} ~ \left|\frac{k}{2k+1}\right|
F \frac{k}{1000k+1} ~ \left|\frac{k}{1000k+1}\right|
F \frac{k}{k+1} ~ \left|\frac{k}{k+1}\right|
F \frac{x-1}{3x-2} ~ \left|\frac{x-1}{3x-2}\right|
F \frac{a-b}{a+2b} ~ \left|\frac{a-b}{a+2b}\right|
F \frac{k}{2k+1} ~ \sqrt{\frac{k^2}{(2k+1)^2}}
F \frac{k}{2k+1} ~ \frac{\sqrt{k^2}}{\sqrt{(2k+1)^2}}
F x^2+x ~ |x^2+x|
F x^2+\frac{x}{3} ~ \left|x^2+\frac{x}{3}\right|
F x^2-2.001x+1.001 ~ |x^2-2.001x+1.001|
F x^2-3x+2.2 ~ |x^2-3x+2.2|
T x^2-3x+2.26 ~ |x^2-3x+2.26|
T x^2+1 ~ |x^2+1|
T x^2+x+1 ~ |x^2+x+1|
T |x-1| ~ |1-x|
T \sqrt{x^2} ~ |x|
T \sqrt{(x-1)^2} ~ |x-1|
T \left|\frac{k}{2k+1}\right| ~ \frac{|k|}{|2k+1|}
T \left|\frac{k}{2k+1}\right| ~ \sqrt{\frac{k^2}{(2k+1)^2}}
F |x|+|x-1| ~ 2x-1
F |x|+|x-1| ~ |2x-1|
F |x|+|3x-1| ~ |4x-1|
F \left|x-\frac{1}{7}\right| ~ x-\frac{1}{7}
F |x-300|+|x-301| ~ |2x-601|
F |\sin x| ~ \sin x
F |x - \cos x| ~ x - \cos x
F \sqrt{1-\cos^2 x} ~ \sin x
T \sqrt{1-\cos^2 x} ~ |\sin x|
F \ln|x| ~ \ln x
F \frac{|x^3-x|}{x} ~ |x^2-1|
T \frac{|x^3-x|}{|x|} ~ |x^2-1|
F \lfloor x + \frac12 \rfloor ~ \lceil x - \frac12 \rceil
F \left\lfloor \frac{k}{10k+1} \right\rfloor ~ 0
T \lfloor x \rfloor + 1 ~ \lfloor x + 1 \rfloor
T \frac{t}{\sqrt{t}} ~ \sqrt{t}
T \sqrt{x^4} ~ x^2
T \sqrt[4]{x^2} ~ \sqrt{|x|}
F \sqrt[4]{x^2} ~ \sqrt{x}
T |a-b| ~ |b-a|
T \sqrt{a^2-2ab+b^2} ~ |a-b|
F \sqrt{a^2-2ab+b^2} ~ a-b
F \frac{|a|}{a} ~ 1
T x|x| ~ \frac{x^3}{|x|}
F y = |x^2 + \frac{x}{5}| ~ y = x^2 + \frac{x}{5}
T y = |x - 2| ~ y = |2-x|
T \frac{x + |x|}{2} ~ \frac{|x|+x}{2}
F \max(x, 0) ~ x
F |x|^3 ~ x^3
T |x|^2 ~ x^2
F (x^2+0.01x)^{1/2} ~ |x|
T \left|\frac{x}{y}\right| ~ \frac{|x|}{|y|}
T \sqrt{\frac{1}{x^2}} ~ \frac{1}{|x|}
T \log_2 |x| ~ \frac{\ln |x|}{\ln 2}
T \ln(x^2+x+1) ~ \ln(1+x(x+1))
)table");
}

}  // namespace quorum
