// Rules of units, currency, percent and degrees, and of the words that are none.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE("Two different units are unequal, signs of currency, percent and degrees among them",
          "[rules]") {
  testing::check_answer_table(R"table(
F \$12 ~ 12 \text{ cents}
F \$12 ~ 12 \text{ pounds}
F \$40 ~ 40 \text{ km}
F \$40 ~ 40 \text{ yuan}
F $12 ~ 12 \text{ cm}
F 12\$ ~ 12 \text{ cm}
F 12\% ~ \$12
F 12\% ~ 12^\circ
F 12\% ~ 12 \text{ cm}
F 40\% ~ 40 \text{ points}
F 40\% ~ 40 \text{ units}
F 40 \text{ percent} ~ 40 \text{ points}
F 40\% ~ 0.4 \text{ cm}
F 12^\circ ~ 12 \text{ cm}
F 40 \text{ rad} ~ 40^\circ
F \frac{\pi}{7} \text{ rad} ~ \frac{\pi}{7}^\circ
F 9^\circ \text{F} ~ 9^\circ \text{C}
F x = \$12 ~ x = 12 \text{ cm}
F \$12, \$40 ~ 12 \text{ cm}, 40 \text{ cm}
F 7 \text{ units} ~ 7 \text{ units}^2
F 7 \text{ square units} ~ 7 \text{ units}
F 7 \text{ mm} ~ 7 \text{ Mm}
T \$2.40 ~ 240 \text{ cents}
F \$2.40 ~ 2.40 \text{ cents}
T \$17.30 ~ 17.30 \text{ dollars}
T \$17.30 ~ 17.30
T $17.30 ~ \$17.30
T \$3,450 ~ 3450 \text{ dollars}
T (\$12, \$40) ~ (12, 40)
T \frac{\$7}{2} ~ 3.5
T 75^\circ ~ 75 \text{ degrees}
T 75^\circ ~ 75
T 9^\circ \text{C} ~ 9 \text{ degrees Celsius}
T 9^\circ \text{C} ~ 9^\circ
T 9^\circ \text{C} ~ 9 \text{ degrees C}
T 75^\circ ~ 75 \text{ degrees clockwise}
T \$12 ~ 12 \text{ dollars saved}
F 75\% ~ 75 \text{ degrees clockwise}
T 35\% ~ 35 \text{ percent}
T 35\% ~ 0.35
T [0^\circ, 75^\circ] ~ 0^\circ \le x \le 75^\circ
T 15^\circ:45^\circ ~ 1:3
T 7 \text{ square units} ~ 7 \text{ units}^2
T 7 \text{ units} ~ 7 \text{ cm}
F 5\text{ light years} ~ 5\text{ years}
)table");
}

TEST_CASE("Words that multiply, deny or doubt a number are no unit and never dropped", "[rules]") {
  testing::check_answer_table(R"table(
F 7 ~ 7 \text{ dozens}
F 7 ~ 7 \text{ dozen}
F 7 ~ 7 \text{ hundreds}
F 7 ~ 7 \text{ thousands}
F 7 ~ 7 \text{ millions}
F 7 ~ 7 \text{ lakh}
F 7 ~ 7 \text{ gross}
F 7 ~ 7 \text{ pairs}
F 7 ~ 7 \text{ pairs of shoes}
F 7 ~ 7 \text{ half-hours}
F 7 ~ 7 \text{ ppm}
F 7 ~ 7 \text{‰}
F 7\% ~ 7 \text{ basis points}
F 7 ~ 7 \text{ negative}
F 7 ~ 7 \text{ wrong}
F 7 ~ 7 \text{ apples, wrong}
F 7 ~ 7 \text{ excluded}
F 7 ~ 7 \text{ not}
F 7 ~ 7 \text{ isn't}
F 7 ~ 7 \text{ million}
F 7 \text{ thousand km} ~ 7 \text{ km}
T 7 \text{ pairs} ~ 7 \text{ Pairs}
T 7\text{ million} ~ 7000000
T 7 million ~ 7{,}000{,}000
T \$7.2 \text{ million} ~ 7200000 \text{ dollars}
T 7 \text{ thousand km} ~ 7000 \text{ km}
T 7 \text{ hundred thousand} ~ 700000
T 3 \text{ dozen} ~ 36
T 7 ~ 7 \text{ apples}
T 7 ~ 7 \text{ students}
F 5 ~ 5 \text{ sevenths}
F 5 ~ 5 \text{ millionths}
)table");
}

TEST_CASE("Products and quotients of units are one unit in all their notations", "[rules]") {
  testing::check_answer_table(R"table(
T 45 \text{ km/h} ~ 45 km/hr
T 45 \text{ km/h} ~ 45\frac{\text{km}}{\text{h}}
T 45 \text{ km/h} ~ 45 \text{ kilometers per hour}
T 45 \text{ km/h} ~ 0.75 \text{ km/min}
T 45 \text{ mph} ~ 45 miles per hour
T 7 \text{ m/s}^2 ~ 7\ \mathrm{m\cdot s^{-2}}
T 7 \text{ m/s}^2 ~ 7 m/s^2
T 7 \text{ m/s/s} ~ 7 \text{ m/s}^2
T 7 \text{ m^2} ~ 7 \text{ square meters}
T 45\frac{\text{km}}{\text{h}} ~ 45
T 20000 \text{ cm}^2 ~ 2 \text{ m}^2
F 45 \text{ km/h} ~ 45 \text{ m/h}
F 45 \text{ km/h} ~ 45 \text{ km}
F 45 \text{ km/h} ~ 45 \text{ mph}
F 7 \text{ m/s} ~ 7 \text{ m/s}^2
F 7 \text{ m/s} ~ 7 \text{ s/m}
F 8 \text{ J/kg*K} ~ 8 \text{ J/kg}
T 7m/h ~ \frac{7m}{h}
T 81^\text{o} ~ 81^\circ
T 81 deg ~ 81^{\circ}
)table");
}

TEST_CASE("A quantity in several units is their sum, and a time of day is no quantity", "[rules]") {
  testing::check_answer_table(R"table(
T 4 \text{ hours } 15 \text{ minutes} ~ 255 \text{ minutes}
T 4\text{ h } 15 \text{ min} ~ 4.25 \text{ hours}
T 5 \text{ feet } 3 \text{ inches} ~ 5.25 \text{ ft}
T -2 \text{ m } 40 \text{ cm} ~ -2.4 \text{ m}
F 4 \text{ hours } 15 \text{ minutes} ~ 4 \text{ hours}
F 4 \text{ hours } 15 \text{ minutes} ~ 4
F 4 \text{ hours } 15 \text{ kg} ~ 4 \text{ hours}
F 4 \text{ minutes } 15 \text{ hours} ~ 904 \text{ minutes}
F 4 \text{ m } 300 \text{ cm} ~ 7 \text{ m}
T 41^\circ 15' ~ 41.25^\circ
T 41^{\circ} 15' 36'' ~ 41.26
F 41^\circ 15' ~ 41^\circ
F 41^\circ 75' ~ 42.25^\circ
F -0^\circ 15' ~ 0.25^\circ
T 8 \text{ p.m.} ~ 8:00 PM
T 8 \text{ a.m.} ~ 8am
F 8 \text{ p.m.} ~ 8 \text{ a.m.}
F 8 \text{ p.m.} ~ 8:30 \text{ p.m.}
F 8 \text{ pm} ~ 8 \text{ cm}
)table");
}

TEST_CASE("Votes in different units are classes of their own, votes without a unit join them",
          "[rules]") {
  const auto classes = [](const std::vector<std::string>& answers) {
    return answer_classes("12", answers, GraderKind::kMath);
  };
  CHECK(classes({"\\$12", "12", "12\\text{ dollars}"}) == std::vector<int>{0, 0, 0});
  CHECK(classes({"12^\\circ", "12", "12\\text{ degrees}"}) == std::vector<int>{0, 0, 0});
  CHECK(classes({"12\\text{ units}", "12\\text{ cm}"}) == std::vector<int>{0, 0});
  CHECK(classes({"\\$12", "12\\%", "12^\\circ", "1200\\text{ cents}"}) ==
        std::vector<int>{0, 1, 2, 0});
}

}  // namespace quorum
