// Rules of words, units, lists, equations and sets.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE("Words, units, percent signs and other attributes are read as a person reads them",
          "[rules]") {
  testing::check_answer_table(R"table(
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
T \frac{1}{2},\frac{1}{3} ~ \frac13 \text{ or } \frac12
T (4,-1) ~ x = 4 \text{ and } y = -1
T 20\% ~ 20 \%
T 20\% ~ 20 \text{ percent}
T 12.5\% ~ \frac{1}{8}
T 100^{\circ} ~ 100 ^\circ
T \angle B = 50^\circ ~ 50
T 60^\circ, 120^\circ ~ 120^{\circ}\text{ and }60^{\circ}
F 60^\circ, 120^\circ ~ 60^\circ
T 3 \text{ cm} ~ 3 \mathrm{cm}
T 3\mathrm{\ cm} ~ 3
T 10 \text{ km/h} ~ 10
T 7.50 ~ \$7.50
T \$1{,}000 ~ 1000
F \text{cat} ~ \text{dog}
F \text{Yes} ~ \text{Yes and no}
F 5 ~ \text{five}
T \text{Volume}=12\pi ~ 12\pi
T \text{2 and 3} ~ 2,3
T \text{Alice, Bob} ~ \text{Bob, Alice}
T 5 \times 10^3 \text{ m} ~ 5000
T 0.5 ~ \frac{1}{2}\text{ hour}
T 3\frac12\text{ hours} ~ 3.5\text{ hours}
T 90 \text{ minutes} ~ 1.5 \text{ hours}
T 100\text{ cm}^2 ~ 0.01\text{ m}^2
T \text{Tuesday} ~ Tuesday
T \text{tuesday} ~ \text{Tuesday.}
T \text{The graph is a circle} ~ \text{graph is a circle}
T \mathrm{B} ~ B
T \textbf{(B)} ~ \text{(B)}
T \text{B} ~ (B)
T x=1,y=2 \text{ or } x=3,y=5 ~ (1,2),(3,5)
F x=1,y=2 \text{ or } x=3,y=5 ~ (1,3),(2,5)
T (x=1,y=2) \text{ or } (x=3,y=5) ~ (1,2),(3,5)
)table");
}

TEST_CASE("Lists, tuples, matrices and signs plus-minus are compared by their elements",
          "[rules]") {
  testing::check_answer_table(R"table(
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
T x = 4, y = -1 ~ (4,-1)
T (a,b) = (4,-1) ~ (4,-1)
F (a,b) = (4,-1) ~ (-1,4)
T \left(\frac{1}{2}, \sqrt{3}\right) ~ (0.5, \sqrt{3})
F (2,3) ~ 2.3
F \{1,2\} ~ \{1,3\}
F 1\pm\sqrt2 ~ 1\pm\sqrt3
F \begin{pmatrix}1\\2\end{pmatrix} ~ \begin{pmatrix}2\\1\end{pmatrix}
F \begin{pmatrix}1\\2\end{pmatrix} ~ \begin{pmatrix}1&2\end{pmatrix}
T 2 ,3 ~ 2, 3
T 1, 3, 5, \ldots, 2n-1 ~ 1,3,5,\dots,2n-1
T \max(2,3) ~ \max(2,3)
T \gcd(4,6) ~ \gcd(4,6)
T n \equiv 1 \pmod 4 ~ n\equiv1\pmod{4}
T \frac{1}{2}\begin{pmatrix}2&4\\6&5\end{pmatrix} ~ \begin{pmatrix}1&2\\3&\frac52\end{pmatrix}
T A^{-1}=\frac{1}{2}\begin{pmatrix}2&4\\6&5\end{pmatrix} ~ \begin{pmatrix}1&2\\3&2.5\end{pmatrix}
F \frac{1}{2}\begin{pmatrix}2&4\\6&5\end{pmatrix} ~ \begin{pmatrix}2&4\\6&5\end{pmatrix}
T M=\begin{pmatrix}1\\2\end{pmatrix} ~ (1,2)
)table");
}

TEST_CASE("Equations are compared with equations, and their values with values", "[rules]") {
  testing::check_answer_table(R"table(
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
T y = \frac{3}{4}x - 2 ~ 3x-4y=8
T 3x-4y=8 ~ 3x-4y-8=0
T x^2+(y-2)^2=5 ~ x^2+y^2-4y-1=0
T \frac{x^2}{4}-\frac{y^2}{9}=1 ~ 9x^2-4y^2=36
F \frac{x^2}{4}-\frac{y^2}{9}=1 ~ 4x^2-9y^2=36
F x=2 ~ x=3
F f(x)=x ~ f(x)=2x
F f(x)=x ~ x=f
T y=x ~ x=y
T f(1)=3 ~ 3
T P(X=2)=\frac{3}{8} ~ \frac38
T P(A|B)=0.4 ~ 0.4
T f(x)_{\max}=7 ~ 7
T x_{\min}=7 ~ 7
T |\vec{a}|=2 ~ 2
T S_{\triangle ABC}=6 ~ 6
T \frac{S_1}{S_2}=2 ~ 2
T d = 3\sqrt{2} ~ 3\sqrt2
T T_n=\frac{n}{n+1} ~ \frac{n}{n+1}
T a_n=2^n-1 ~ a_n = 2^n - 1
F a_n=2^n-1 ~ b_n=2^n-1
T f(x) = x^2-1 ~ (x-1)(x+1)
T a_1 = 5 ~ 5
T a^2+b^2=c^2 ~ c^2=a^2+b^2
T A=B=C ~ C=B=A
T x=y=z ~ z=x=y
T \frac{a}{b}=\frac{c}{d} ~ ad=bc
T \sum_{k=1}^n k ~ \sum_{k=1}^{n} k
T AB=5 ~ 5
T V=\frac43\pi r^3 ~ \frac{4\pi r^3}{3}
T a_n=3n+1 ~ a_k=3k+1
F v_x=3 ~ v_y=3
F f(a)=3 ~ f(b)=3
)table");
}

TEST_CASE("Relations between numbers are sets of numbers however they are written", "[rules]") {
  testing::check_answer_table(R"table(
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
T [0,\frac{\pi}{2}] ~ 0\le\theta\le\frac{\pi}{2}
T (-\infty,-4]\cup[4,\infty) ~ x\le-4\text{ or }x\ge4
T (-\infty,-4]\cup[4,\infty) ~ \{x: x\le-4\text{ or }x\ge4\}
T (-\infty,-4]\cup[4,\infty) ~ (-\infty,-4] \cup [4,+\infty)
F (-\infty,-4]\cup[4,\infty) ~ (-\infty,-4)\cup(4,\infty)
F (-\infty,-4]\cup[4,\infty) ~ [-4,4]
T m>\frac{1}{4} ~ (\frac14,+\infty)
T m>\frac{1}{4} ~ m > 0.25
T a\in(-\infty,3) ~ a<3
T -3<a<3 \text{ and } a\neq 0 ~ (-3,0)\cup(0,3)
T (-3,0)\cup(0,3) ~ (-3,3)\setminus\{0\}
T x\in\{1,2,4\} ~ \{1,2,4\}
T x\in\{1,2,4\} ~ 1,2,4
T \{x\mid x\le 2\} ~ (-\infty,2]
T \{x|1<x\leq 2\} ~ (1,2]
T \{x | x > 1 \text{ and } x \neq 2\} ~ (1,2)\cup(2,\infty)
T \{x | -1 < x < 1\} ~ \{y | -1 < y < 1\}
T \left\{x\left|-1<x<1\right.\right\} ~ (-1,1)
T \{a|a\geq -\frac{1}{8}\} ~ [-\frac18, \infty)
T \left\{a\middle|a\ge 2\right\} ~ a\geq2
F [1,2] ~ [1,3]
F x\le 3 ~ x<3
F x\le 3 ~ x\ge 3
F x\ne 3 ~ x=3
F (1,2)\cup(3,4) ~ (1,2)\cup(3,5)
F \emptyset ~ 0
F \emptyset ~ \{0\}
F \mathbb{R} ~ \mathbb{Z}
T A\cap B=\{1,3\} ~ \{1,3\}
T A \cup B = (1,4) ~ (1,4)
T x \geq 2\sqrt{3} ~ [2\sqrt3, \infty)
T \frac{1}{4} < x < \frac{1}{2} ~ (0.25, 0.5)
T 3 \le a + b \le 5 ~ 5 \ge a+b \ge 3
T ab \le 4 ~ 4 \ge ab
T x^2 < 4 ~ -x^2 > -4
F x^2 < 4 ~ x^2 > 4
T 2x+3>7 ~ 2x>4
T ]1,4[ ~ (1,4)
T [1,4[ ~ [1,4)
T \left]1,4\right] ~ 1<x\le 4
F ]1,4[ ~ [1,4]
T x\not=5 ~ x\ne 5
T x<2 \cup x>5 ~ (-\infty,2)\cup(5,\infty)
T \{x | x=1 \text{ or } x=2\} ~ \{1,2\}
T \{x \mid x = 4\} ~ 4
T \{x | x \le 1 \text{ or } x = 2\} ~ (-\infty,1]\cup\{2\}
)table");
}

TEST_CASE("A set that is an element of a set is not taken apart", "[rules]") {
  testing::check_answer_table(R"table(
F \{3,8\} ~ \{\{3\},\{8\}\}
F \{3,\{8\}\} ~ \{3,8\}
F \{3,\{8\}\} ~ \{\{3\},8\}
F \{8,\{8\}\} ~ \{8\}
F \{8,\{8\}\} ~ \{\{8\}\}
F \{\{t\}\} ~ \{t\}
F \{\{t\}\} ~ t
F \{\emptyset\} ~ \emptyset
F \{\varnothing\} ~ \{\}
F \{\} ~ \{\{\}\}
F \{\{3\},\{8\}\} ~ \{\{3,8\}\}
F \{\{3,8\}\} ~ \{3,8\}
F (\{3\},8) ~ (3,8)
F \{3\},\{8\} ~ 3,8
T \{8\} ~ 8
T \{(3,8)\} ~ (3,8)
T \{{3},{8}\} ~ \{3,8\}
T {\{3,8\}} ~ \{8,3,3\}
T \{\{3\},\{8\}\} ~ \{\{8,8\},\{3\}\}
T \{\{3\},\{8\}\} ~ \{3\},\{8\}
T \{\{\},\{3\}\} ~ \{\{3\},\emptyset\}
)table");
}

TEST_CASE("Spaces between words count, those around them do not", "[rules]") {
  testing::check_answer_table(R"table(
F \text{c d} ~ \text{cd}
F \text{a d} ~ \text{ad}
F \text{no one} ~ \text{noone}
F \text{every day} ~ \text{everyday}
T \text{every day} ~ \text{every  day}
T \text{every day} ~ \text{ Every Day }
T \text{every day} ~ \text{every} \text{day}
T \text{every day} ~ \text{every }\text{day}
T \text{every day} ~ every day
T \text{All real numbers} ~ \mathbb{R}
T 4 \text{ red} ~ 4\text{red}
T \text{Blue, red} ~ \text{blue},\text{red}
)table");
}

TEST_CASE("Lists of equations, families, named values and their order", "[rules]") {
  testing::check_answer_table(R"table(
T 2x+5y-3=0 \text{ or } x=4 ~ x=4, 2x+5y=3
T 2x+5y-3=0 \text{ or } x=4 ~ x-4=0 \text{ or } 2x+5y-3=0
F 2x+5y-3=0 \text{ or } x=4 ~ x=4 \text{ or } 2x-5y-3=0
T y=x+4 \text{ or } y=-x+9 ~ x+y-9=0, x-y+4=0
T a=4, b=-7 ~ 4, -7
F a=4, b=-7 ~ -7, 4
T AB = 6, CD = 9 ~ 6, 9
F AB = 6, CD = 9 ~ 9, 6
T x = 6 \text{ or } x = 9 ~ 9, 6
T x_1 = 6, x_2 = 9 ~ 9, 6
T y = 9, x = 6 ~ 6, 9
T (6, 9) ~ y = 9, x = 6
F (9, 6) ~ y = 9, x = 6
T k = 9, b = 6 ~ (9, 6)
F k = 9, b = 6 ~ (6, 9)
F x = 6 \text{ or } x = 9 ~ (6, 9)
F 6, 9 ~ 6 < x < 9
F x = 6, 9 ~ 6 < x < 9
F x = 6 \text{ or } x = 9 ~ x \in (6, 9)
T (6, 9) ~ 6, 9
T (x_1, x_2) = (6, 9) ~ x_1 = 6, x_2 = 9
T (6, 9) ~ x_1 = 6, x_2 = 9
T \{x \in R \mid 4 < x < 9\} ~ (4, 9)
T x \in R ~ \mathbb{R}
F R ~ \mathbb{R}
T x = 2k\pi + \frac{\pi}{5}, k \in \mathbb{Z} ~ \{x \mid x = 2k\pi + \frac{\pi}{5}, k \in Z\}
F x = k\pi + \frac{\pi}{5}, k \in \mathbb{Z} ~ \{x \mid x = 2k\pi + \frac{\pi}{5}, k \in Z\}
F \frac{\pi}{5} ~ \{x \mid x = 2k\pi + \frac{\pi}{5}, k \in Z\}
T a_n = 5^n - 2 ~ a_n = 5^n - 2, n \in \mathbb{N}^*
T a_n = 5^n - 2 ~ a_n=5^n-2 (n \in N_+)
F a_n = 5^n - 2 ~ a_n=5^n+2 (n \in N_+)
T [k\pi - \frac{\pi}{5}, k\pi] ~ k\pi - \frac{\pi}{5} \le x \le k\pi
F [k\pi - \frac{\pi}{5}, k\pi] ~ k\pi - \frac{\pi}{5} < x < k\pi
T (-2a, 2a) ~ -2a < x < 2a
F a < b < c ~ a < c < b
T a < b < c ~ c > b > a
T ①④ ~ ①, ④
F ①④ ~ ①
F ①④ ~ ①⑤
T 120 \text{ different ways} ~ 120 \text{ ways}
F 6 \text{ red balls} ~ 6 \text{ cubes}
T \frac{5}{9} ~ \sfrac{5}{9}
T \frac{4}{\sqrt{3}} ~ \frac{4}\sqrt3
T 36500 ~ 36, \!500
T 36500 ~ 36 \, 500
T 23 ~ 23^{rd}
T 8:3 ~ 8\text{:}3
T \sqrt{14} ~ sqrt{14}
T 3-(n+4)5^{-n} ~ 3-\frac{n+4}{5^n}
F 3-(n+4)5^{-n} ~ 3-n+4\cdot 5^{-n}
T x_1 = -6, x_2 = 9 ~ x = -6 \text{ or } x = 9
F x_1 = -6, x_2 = 9 ~ y = -6 \text{ or } y = 9
F x_1 = -6, x_2 = 9 ~ x = 6 \text{ or } x = 9
T \frac{\partial f}{\partial x} = 3xy ~ 3xy
T \begin{cases}x=4\\y=9\end{cases},\begin{cases}x=5\\y=6\end{cases} ~ (4,9),(5,6)
T \left\{\begin{array}{l}x=4\\y=9\end{array}\right.,\left\{\begin{array}{l}x=5\\y=6\end{array}\right. ~ x=4,y=9;x=5,y=6
F \begin{cases}x=4\\y=9\end{cases},\begin{cases}x=5\\y=6\end{cases} ~ (4,6),(5,9)
T \|v\| = 14 ~ 14
T \nabla f = (4x, 6y) ~ (4x, 6y)
)table");
}

}  // namespace quorum
