// The rules of comparison, a line a pair: T for equal, F for not, gold ~ answer.
#include <sstream>
#include <string>

#include "benchmarks/math/answer.h"
#include "benchmarks/math/exact_decider.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

// In both directions, and never one class for what is not equal.
void check(const std::string& table) {
  set_exact_decider_program(testing::program_path().string());
  std::istringstream lines(table);
  int pairs = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    const std::size_t middle = line.find(" ~");
    REQUIRE(middle != std::string::npos);
    const bool expected = line[0] == 'T';
    const std::string gold = line.substr(2, middle - 2);
    const std::string answer = middle + 3 <= line.size() ? line.substr(middle + 3) : "";
    const auto forward = equivalent(gold, answer, GraderKind::kMath),
               backward = equivalent(answer, gold, GraderKind::kMath);
    INFO(line << " (" << forward.reason << ", " << backward.reason << ")");
    CHECK(forward.equal == expected);
    CHECK(backward.equal == expected);
    const std::vector<std::string> both = {gold, answer};
    const std::vector<int> classes = answer_classes(gold, both, GraderKind::kMath);
    CHECK((classes[0] != classes[1] || expected));
    ++pairs;
  }
  CHECK(pairs > 10);
}

}  // namespace

TEST_CASE("Numbers and plain expressions are equal in all their notations and only then") {
  check(R"table(
T \frac{3}{11} ~ \cfrac{3}{11}
T \frac{3}{11} ~ \tfrac{3}{11}
T \frac{1}{8} ~ \frac18
T \frac{1}{83} ~ \frac1{83}
F \frac{1}{83} ~ \frac18 3
T \sqrt{6} ~ \sqrt6
T \frac{5}{8} ~ 5/8
T \frac{5}{8} ~ \frac{10}{16}
T \frac{13}{40} ~ 0.325
T 0.72 ~ .72
T 2.5 ~ 2.500
T 9 ~ 9.0
T 073 ~ 73
T 3401 ~ 3,401
T 45300 ~ 45{,}300
T 45300 ~ 45\,300
T 45300 ~ 45 300
T 2\frac{3}{7} ~ \frac{17}{7}
T 2 3/7 ~ \frac{17}{7}
F 2\frac{3}{7} ~ \frac{6}{7}
T -2\frac{3}{7} ~ -\frac{17}{7}
T -\frac{41}{6} ~ \frac{-41}{6}
T -\frac{41}{6} ~ \frac{41}{-6}
T 0.00813 ~ 8.13 \times 10^{-3}
T 81300 ~ 8.13e4
F \frac{2}{3} ~ 0.67
F \frac{2}{3} ~ 0.666667
F \sqrt{3} ~ 1.732
F \pi ~ 3.14
F 700000000001 ~ 700000000000
F 8 ~ 800
F 8 ~ 0.08
T 24 ~ 24 cm
T B ~ \mathbf{B}
T x^4+2x-9 ~ -9+2x+x^4
T (c+3)(d+4) ~ cd+4c+3d+12
F z^2+4z+4 ~ w^2+4w+4
T \frac{\sqrt{5}}{5} ~ \frac{1}{\sqrt{5}}
T \sqrt{3}+\sqrt{5} ~ \sqrt{8+2\sqrt{15}}
F \sqrt{3}+\sqrt{5} ~ \sqrt{8+2\sqrt{14}}
T 5\sqrt[3]{4} ~ 5\cdot 2^{2/3}
T 4-9i ~ -9i+4
F 4-9i ~ 4+9i
T 6,-11 ~ -11,6
F 4,-7 ~ 4,-6
F 4,-7 ~ 4
F 4,-7 ~ 4,4,-7
T 61_7 ~ 61_{7}
T 61_7 ~ (61)_7
F 61_7 ~ 61_8
F 61_7 ~ 43
T \frac{\sqrt{5}}{5} ~ \frac{\sqrt{5}}{5} \approx 0.447
T 57 ~ 57.
F 57 ~
F \frac{1}{3^{80}} ~ \frac{1}{3^{81}}
T -13 ~ −13
T 9\pi ~ 9 \cdot \pi
T 3\sqrt{7} ~ 3*sqrt(7)
T 3^{7} ~ 2187
T 9:45 ~ 9:45:00
F 9:45 ~ 9:54
T 6:4 ~ 3:2
F 6:4 ~ 2:3
F 3:2 ~ 3
F \sqrt{x^2} ~ x
T \sqrt{7+4\sqrt3} ~ 2+\sqrt3
F \sqrt{7+4\sqrt3} ~ 2-\sqrt3
T \frac{1}{2}x+\frac{3}{2} ~ \frac{x+3}{2}
T 2^{n+1}-2^n ~ 2^n
F 2^{n+1} ~ 2^n+1
T 1000000 ~ 10^6
T \frac{\pi}{2} ~ 0.5\pi
T 3 + 4i ~ 4i + 3
T \frac{3+4i}{5} ~ \frac35+\frac45 i
T 2 \cdot 3^x ~ 3^x \cdot 2
T x^{1/2} ~ \sqrt{x}
T -\frac{n-1}{2} ~ \frac{1-n}{2}
T \frac{a}{b}+\frac{c}{d} ~ \frac{ad+bc}{bd}
T 0.1\overline{6} ~ \frac16
T 0.\overline{27} ~ \frac{3}{11}
F 5 ~ 5i
T 1.5 \times 10^3 ~ 1500
T -x^2+4 ~ 4-x^2
F 1-\frac1e ~ 1+\frac1e
F 5\sqrt(3) ~ 5
T 5\sqrt(3) ~ 5\sqrt{3}
T \dfrac{1}{x^2} ~ x^{-2}
T 0.\dot{6} ~ \frac23
T 0.666\ldots ~ \frac23
F 0.666\ldots ~ 0.666
T \sqrt{x}\sqrt{y} ~ \sqrt{xy}
T \frac{{3}}{{7}} ~ \frac37
T 3\mathbf{i}+4\mathbf{j} ~ 4\mathbf{j}+3\mathbf{i}
T 1000000 ~ 1\,000\,000
T \frac{1}{x-1}-\frac{1}{x+1} ~ \frac{2}{x^2-1}
T 1/2 ~ \frac{1}{2}
T 3x/4 ~ \frac{3x}{4}
T (3/4)x ~ \frac34 x
T x^{10} ~ x**10
T 2x^3y ~ 2 y x^3
T \{2\} ~ 2
T 1.23\times10^{5} ~ 123000
T 7\times 10^{-2} ~ 0.07
T \sqrt{\frac{2}{3}} ~ \frac{\sqrt6}{3}
T \frac{5\sqrt{2}}{2\sqrt{3}} ~ \frac{5\sqrt6}{6}
T 3^{x+1} ~ 3\cdot3^x
T \frac{1}{1+\sqrt{x}} ~ \frac{1-\sqrt{x}}{1-x}
T \frac{a^{3/2}}{\sqrt a} ~ a
F (a+b)^2 ~ a^2+b^2
F \frac{1}{a+b} ~ \frac1a+\frac1b
F \sqrt{a+b} ~ \sqrt a+\sqrt b
F \sqrt{2}+\sqrt{3} ~ 3.1462643699419723
F 2^{100} ~ 2^{100}+1
F \pi ~ \frac{355}{113}
T \sqrt[3]{26+15\sqrt{3}} ~ 2+\sqrt3
)table");
}

TEST_CASE("Words, units, percent signs and other attributes are read as a person reads them") {
  check(R"table(
T 65^\circ ~ 65
T 65^\circ ~ 65°
T 65^\circ ~ 65 \text{ degrees}
T 65^\circ ~ 65^{\circ}
T \$7.25 ~ 7.25
T \$7.25 ~ 7.25 \text{ dollars}
T 24\mbox{ cm}^2 ~ 24
T 24 ~ 24\text{ square feet}
T 24\text{ ft}^2 ~ 24 \text{ square feet}
T \text{west} ~ west
T \text{Maria} ~ maria
T \text{(B)} ~ B
T A ~ \textbf{A}
T 2, 8, 9 ~ 2, 8 \text{ and } 9
T x = 3 \pm \sqrt{11} ~ x = 3+\sqrt{11} \text{ or } x = 3-\sqrt{11}
T 61_7 ~ 61_{\text{seven}}
T 61_7 ~ 61 \text{ (base 7)}
T 15 ~ 15^{\mathrm{th}}
T 15 ~ 15\text{th}
T 57 ~ $57$
T \text{The angles add up to a straight line} ~ \text{The angles add up to a straight line}
T 14 ~ \text{The answer is } 14
T 9:45 \text{ p.m.} ~ 9:45 PM
F 9:45 \text{ p.m.} ~ 9:45 AM
T 4\sqrt{3}\text{ cm} ~ 4\sqrt3
F 4\sqrt{3}\text{ cm} ~ 4\sqrt{3}\text{ m}
T 12\pi \text{ square units} ~ 12\pi
T 40\% ~ 40\%
F 40\% ~ 4\%
T 40\% ~ 40
T 40\% ~ 0.4
F 40\% ~ 4
T 5 \text{ and } 9 ~ 5, 9
T \{5, 9\} ~ 9 \text{ or } 5
T \text{Yes} ~ Yes
F \text{Yes} ~ No
T 5 \text{ units} ~ 5
T \frac{7}{2}\text{ hours} ~ 3.5
T \left\{-1, 4\right\} ~ x = -1 \text{ or } x = 4
T \text{A and C} ~ A, C
T x=\frac{1}{7}\quad\text{or}\quad x=3 ~ \frac17, 3
T \angle A = 44^\circ ~ 44
T m\angle ABC = 44 ~ 44^\circ
T \text{Area} = 13 ~ 13
T S = 13 \text{ cm}^2 ~ 13
T 14 \mathrm{~cm} ~ 14
T 14\,\mathrm{cm} ~ 14 \text{ cm}
T (1,6) \text{ and } (3,4) ~ (3,4),(1,6)
T 8\ \% ~ 8\%
T \text{no solution} ~ \text{No solution}
T 30^\circ\text{C} ~ 30
T \$1,234.50 ~ 1234.5
T 5\text{ m} ~ 500\text{ cm}
T 2\text{ hours} ~ 120\text{ minutes}
F 2\text{ hours} ~ 120\text{ hours}
T 3\text{ ft} ~ 36\text{ inches}
F 5\text{ m} ~ 5\text{ cm}
T \text{June} ~ june
T -2 \text{ and } 5 ~ x = 5 \text{ and } x=-2
T \text{12 apples} ~ 12
T 12\text{ apples and 5 pears} ~ 12\text{ apples and 5 pears}
T 5\text{ miles per hour} ~ 5
T 9\frac{1}{4}\% ~ 9.25\%
T 4.0\text{ cm} ~ 4
T \text{Monday and Friday} ~ \text{Friday and Monday}
)table");
}

TEST_CASE("Lists, tuples, matrices and signs plus-minus are compared by their elements") {
  check(R"table(
T 2, 8, 9 ~ 2, 8, and 9
T 4,-7 ~ \{4,-7\}
T 3 \pm \sqrt{11} ~ 3+\sqrt{11}, 3-\sqrt{11}
F 3 \pm \sqrt{11} ~ 3+\sqrt{11}
F (5,1) ~ (1,5)
T (6,\frac{\pi}{4}) ~ (6, \pi/4)
T (5,1) ~ 5,1
T \begin{pmatrix} 4 \\ -1 \\ 9 \end{pmatrix} ~ (4,-1,9)
T \begin{pmatrix}5&6\\7&8\end{pmatrix} ~ \begin{bmatrix}5&6\\7&8\end{bmatrix}
F \begin{pmatrix}5&6\\7&8\end{pmatrix} ~ \begin{bmatrix}5&7\\6&8\end{bmatrix}
T \begin{pmatrix} -2/5 \\ 3/5 \end{pmatrix} ~ \begin{pmatrix} -\frac{2}{5} \\ 0.6 \end{pmatrix}
T (7,\infty) ~ (7,+\infty)
T (\pm\sqrt{3},2) ~ (\sqrt3,2),(-\sqrt3,2)
T (\pm 1,\pm 2) ~ (1,2),(1,-2),(-1,2),(-1,-2)
F (\pm 1,\mp 2) ~ (1,2),(1,-2),(-1,2),(-1,-2)
T (\pm 1,\mp 2) ~ (1,-2),(-1,2)
T p=2,q=3;p=4,q=5 ~ (2,3),(4,5)
F p=2,q=3;p=4,q=5 ~ (3,2),(4,5)
T x=2,y=3 ~ (2,3)
T (x,y)=(2,3) ~ x=2,y=3
F (x,y)=(2,3) ~ y=2,x=3
T (x,y)=(2,3) ~ y=3,x=2
T x_1 = 2, x_2 = 5 ~ 2, 5
T \{1, 2, 3\} ~ \{3, 2, 1\}
F \{1, 2, 3\} ~ \{1, 2\}
T (3, 4) ~ \left(3, 4\right)
T (1,2,3),(4,5,6) ~ (4,5,6),(1,2,3)
F 1, 2, \ldots, n ~ 1, 3, \ldots, 2n+1
T \begin{cases} x=1 \\ y=2 \end{cases} ~ \begin{cases} x = 1 \\ y = 2 \end{cases}
T \left(\begin{array}{c}4\\-7\end{array}\right) ~ (4,-7)
T \langle 1,5,7\rangle ~ (1,5,7)
T \langle 1,5,7\rangle ~ \begin{pmatrix}1\\5\\7\end{pmatrix}
T x_{1}=6,\ x_{2}=-3 ~ \{6,-3\}
T -\frac{\sqrt{7}}{7}, \frac{\sqrt7}{7} ~ \pm\frac{\sqrt7}{7}
T \pm 3, \pm 5 ~ -5,-3,3,5
T \{(1,6),(3,4)\} ~ (1,6),(3,4)
T 2; 3; 7 ~ 2, 3, 7
T 1 \pm 3i ~ 1-3i, 1+3i
T \begin{cases}x=1\\y=3\end{cases} ~ x=1,y=3
T \begin{cases}x=1\\y=3\end{cases} ~ (1,3)
T \vec{v}=(1,4) ~ (1,4)
T 4,3,2 ~ (4,3,2)
T x=-1\pm\sqrt{6} ~ -1+\sqrt6,-1-\sqrt6
T \{-1\pm\sqrt{6}\} ~ -1+\sqrt6,-1-\sqrt6
T \frac{-1\pm\sqrt{6}}{2} ~ \frac{-1+\sqrt6}{2},\frac{-1-\sqrt6}{2}
T (2;5) ~ (2,5)
T \left(2\,;5\right) ~ (2,5)
)table");
}

TEST_CASE("Equations are compared with equations, and their values with values") {
  check(R"table(
T 8 ~ x=8
T t=8 ~ 8
T y = 3x - 4 ~ 3x-4
F t=8 ~ s=8
T 3x - 2y + 5z + 7 = 0 ~ 6x-4y+10z+14=0
T 3x - 2y + 5z + 7 = 0 ~ 3x+5z=2y-7
F 3x - 2y + 5z + 7 = 0 ~ 3x-2y+5z+8=0
F 9 = 2b+d ~ 2b+d
F a^3+b=0 ~ 0
T f(x)=3x ~ f(t)=3t
F f(x)=3x ~ f(t)=3x
F f(x)=3x ~ g(x)=3x
T x^2 + y^2 = 9 ~ \frac{x^2}{9}+\frac{y^2}{9} = 1
F x^2 + y^2 = 9 ~ x^2+y^2=3
T y - 2 = 3(x-1) ~ y=3x-1
T = 11 ~ 11
T 11 = x ~ x = 11
T 11 = x ~ 11
T xy=6 ~ y=\frac{6}{x}
T (x-2)(x-5)=0 ~ x^2-7x+10=0
T y=x^2-4x+7 ~ y=(x-2)^2+3
T a_n=2n-1 ~ 2n-1
T f^{-1}(x)=\frac{x-1}{2} ~ \frac{x-1}{2}
T P(A)=\frac{3}{8} ~ 0.375
T \lim_{x\to 0} f(x) = 4 ~ 4
T \overline{AB}=5 ~ 5
T \frac{AB}{CD}=\frac{2}{5} ~ \frac25
T AB:CD=2:5 ~ 2:5
T \left\{ 3 \right\} ~ x=3
T n=2k+1 ~ 2k+1
)table");
}

TEST_CASE("Relations between numbers are sets of numbers however they are written") {
  check(R"table(
F [-1,6] ~ (-1,6)
T x \in [-1,6] ~ [-1,6]
T [-1,6] ~ -1 \le x \le 6
T -1 \le x \le 6 ~ [-1,6]
F -1 \le x < 6 ~ [-1,6]
T (-\infty, 1) \cup (4, \infty) ~ (4,\infty) \cup (-\infty,1)
T (-\infty, 1) \cup (4, \infty) ~ x<1 \text{ or } x>4
T x \leq 8 ~ 8 \geq x
T (-5,5) ~ \{x \mid -5<x<5\}
T (-5,5) ~ \{x : -5<x<5\}
T (-5,5) ~ \{x \in \mathbb{R} \mid -5<x<5\}
F (-5,5) ~ \{x \mid -5\le x<5\}
T -2x \ge -6 ~ x \le 3
F -2x \ge -6 ~ x \ge 3
F 2x \le 6 ~ (-\infty,3]
T \mathbb{R} \setminus \{3\} ~ (-\infty,3)\cup(3,\infty)
T x \ne 3 ~ (-\infty,3)\cup(3,\infty)
T \{x \mid x \ne 3\} ~ \mathbb{R}\setminus\{3\}
T b \le -3 \text{ or } b = 2 ~ (-\infty,-3]\cup\{2\}
T (0,2)\cup(2,5) ~ 0<x<5, x\ne 2
T [1,3]\cup[2,6] ~ [1,6]
T (1,2]\cup(2,3) ~ (1,3)
T x>3 \text{ and } x<7 ~ (3,7)
T x\in\mathbb{R} ~ (-\infty,\infty)
T \emptyset ~ \{\}
T a<b<c ~ c>b>a
F a<b<c ~ a<c<b
T a \neq 4 ~ a ≠ 4
T k\in[\sqrt{3},+\infty) ~ k\ge\sqrt3
F x\in(-2,3] ~ -2<y\le 3
T (-2,3] ~ -2<\mu\le 3
T [2,3) ~ [2,3)
F [2,3) ~ [2,3]
T x^2 \ge 4 ~ 4 \le x^2
T (2,\infty) ~ x>2
T (2, ∞) ~ x > 2
T x < -1 \text{ or } x > 1 ~ (-\infty,-1)\cup(1,\infty)
F (1,2) ~ [1,2]
T \left[\begin{array}{cc}1&2\\3&5\end{array}\right] ~ \begin{pmatrix}1&2\\3&5\end{pmatrix}
T \{ \frac{\pi}{5} + 2k\pi \mid k \in \mathbb{Z} \} ~ \{ 2k\pi + \frac{\pi}{5} : k \in \mathbb{Z} \}
T x = \frac{\pi}{5}+k\pi, k \in \mathbb{Z} ~ x=k\pi+\frac{\pi}{5}
T \frac{\pi}{5}+k\pi \ (k \in \mathbb{Z}) ~ \frac{\pi}{5}+k\pi, k\in Z
F x>3, x\in\mathbb{Z} ~ x>3
T \{x\mid x>2\}\cap\{x\mid x<5\} ~ (2,5)
T [2,3)\cup(3,4] ~ [2,4]\setminus\{3\}
T [2,3)\cup(3,4] ~ [2,4] - \{3\}
T (-\infty,2)U(3,\infty) ~ x<2 \text{ or } x>3
T 4 \le x ~ [4,\infty)
T 2 < x < \infty ~ (2,\infty)
T f(x)=\begin{cases}x&x>0\\0&x\le0\end{cases} ~ f(x) = \begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}
T \{1,2\}\cup\{3\} ~ \{1,2,3\}
T x>0,y>0 ~ y>0, x>0
T 0 \leq a < 1 ~ [0;1)
)table");
}

TEST_CASE("Expressions with functions are equal when their values are") {
  check(R"table(
T 45,\!300 ~ 45300
T \tan x ~ \frac{\sin x}{\cos x}
T 1-\sin^2 x ~ \cos^2 x
T \cos 2x ~ 2\cos^2 x-1
F \cos 2x ~ 2\cos^2 x+1
T \frac{\log 5}{\log 5-\log 2} ~ -\frac{\ln 5}{\ln 2-\ln 5}
T \binom{7}{3} ~ 35
T \sin 60^\circ ~ \frac{\sqrt{3}}{2}
T \sin(90^\circ-a) ~ \cos a
T \frac{n!}{(n-2)!} ~ n(n-1)
F \frac{n!}{(n-2)!} ~ n(n+1)
T (n+1)! ~ (n+1)\cdot n!
T \cosh^2 x-\sinh^2 x ~ 1
T \arctan x+\arctan\frac1x ~ \arctan x + \arctan(1/x)
T |x-2| ~ |2-x|
F |x| ~ x
T \sqrt{x^2} ~ |x|
T \ln(ab) ~ \ln a+\ln b
T e^{2\ln x} ~ x^2
T \lfloor \frac{7}{2} \rfloor ~ 3
T 7!  ~ 5040
F \frac{1}{50!} ~ \frac{1}{51!}
T -1 + exp(9) ~ e^9-1
T \frac{\sin x}{1+\cos x} ~ \frac{1-\cos x}{\sin x}
T \tan\frac{x}{2} ~ \frac{1-\cos x}{\sin x}
T \sin x+\cos x ~ \sqrt{2}\sin(x+\frac{\pi}{4})
T \log_2 8 ~ 3
T \log_{3} x ~ \frac{\ln x}{\ln 3}
T {10 \choose 4} ~ 210
T \tan^{-1}\frac{3}{5} ~ \arctan 0.6
T \sin^{-1} x ~ \arcsin x
T \frac{(n+2)!}{n!} ~ (n+1)(n+2)
T n! ~ n\cdot(n-1)!
T \binom{n}{2} ~ \frac{n(n-1)}{2}
T \ln\frac{a}{b} ~ \ln a - \ln b
T 2\cos^2\frac{x}{2} ~ 1+\cos x
T \sec x ~ \frac{1}{\cos x}
F \sin x ~ \cos x
F e^x ~ e^{-x}
F \ln(a+b) ~ \ln a + \ln b
F e^{\pi\sqrt{163}} ~ 262537412640768744
T \frac{\sqrt{2}+\sqrt{6}}{4} ~ \cos 15^\circ
T \tan 75^\circ ~ 2+\sqrt3
T \sin 18^\circ ~ \frac{\sqrt5-1}{4}
)table");
}

}  // namespace quorum
