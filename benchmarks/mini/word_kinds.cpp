// The kinds whose problems are stated as short stories: money, travel, ages, units and areas. Where
// a problem has several natural routes, the worked solution takes a random one.
#include <array>

#include "base/text.h"
#include "benchmarks/mini/problem_kinds.h"
#include "benchmarks/mini/steps.h"

namespace quorum::mini {
namespace {

struct Goods {
  const char* plural;
  int low, high;  // price of one, in cents
};

constexpr std::array<Goods, 10> kGoods = {{{"pens", 35, 190},
                                           {"apples", 25, 95},
                                           {"cups", 180, 650},
                                           {"books", 320, 980},
                                           {"lamps", 560, 990},
                                           {"stamps", 45, 120},
                                           {"plums", 15, 60},
                                           {"bowls", 240, 770},
                                           {"keys", 150, 480},
                                           {"hats", 400, 990}}};

struct Purchase {
  const Goods* goods;
  Number count, price;
};

Draft finish(std::string problem, std::string_view noun, Number answer, Steps& steps) {
  steps.say(fill("So {1} is {0}.", {text(answer), std::string(noun)}));
  return {std::move(problem), answer, steps.written()};
}

// a * b + c, in one step or two.
Number multiply_add(Steps& steps, Number a, Number b, Number c) {
  if (steps.one_go())
    return steps.state(fill("{0} * {1} + {2}", {text(a), text(b), text(c)}), a * b + c);
  return steps.add(steps.multiply(a, b), c);
}

}  // namespace

Draft draw_money(PhiloxStream& random, int level) {
  const std::string name = two_names(random).first;
  const int kinds = level <= 2 ? 1 : level <= 4 ? 2 : 3;
  static constexpr int kMost[] = {9, 19, 9, 19, 9};
  std::vector<Purchase> basket;
  const std::uint32_t first = random.below(kGoods.size());
  for (int i = 0; i < kinds; ++i) {
    const Goods& goods = kGoods[(first + 3 * static_cast<std::uint32_t>(i)) % kGoods.size()];
    basket.push_back(
        {&goods, random.between(2, kMost[level - 1]), random.between(goods.low, goods.high)});
  }
  Number total = 0;
  std::string bought;
  for (int i = 0; i < kinds; ++i) {
    total += basket[i].count * basket[i].price;
    if (i > 0) bought += i + 1 == kinds ? " and " : ", ";
    bought += fill("{0} {1} at {2} cents each",
                   {text(basket[i].count), basket[i].goods->plural, text(basket[i].price)});
  }
  const bool change = level != 1 && level != 3;
  const Number note = (total / 1000 + 1) * 1000;
  const std::string problem =
      change
          ? fill(
                pick(
                    random,
                    {"{0} buys {1} and pays with {2} cents. How many cents of change does {0} get?",
                     "{0} has {2} cents and buys {1}. How many cents are left?"}),
                {name, bought, text(note)})
          : fill(pick(random, {"{0} buys {1}. How many cents does that cost?",
                               "{0} orders {1}. How many cents must {0} pay?"}),
                 {name, bought});
  Steps steps(random);
  if (coin(random)) std::swap(basket.front(), basket.back());
  Number cost = 0;
  if (kinds > 1 && steps.one_go()) {
    std::vector<std::string> products;
    for (const Purchase& purchase : basket)
      products.push_back(text(purchase.price) + " * " + text(purchase.count));
    cost = steps.state(join(products, " + "), total);
  } else {
    std::vector<Number> costs;
    for (const Purchase& purchase : basket)
      costs.push_back(steps.multiply(purchase.price, purchase.count));
    cost = costs.size() == 1 ? costs[0] : steps.sum(costs);
  }
  if (!change) return finish(problem, "the cost", cost, steps);
  return finish(problem, "the change", steps.subtract(note, cost), steps);
}

Draft draw_travel(PhiloxStream& random, int level) {
  const std::string vehicle(pick(random, {"train", "bus", "car", "truck", "van"}));
  const Number speed = random.between(31, 99), hours = random.between(3, 9);
  const Number speed2 = random.between(31, 99), hours2 = random.between(3, 9);
  Steps steps(random);
  if (level == 1) {
    const std::string problem = fill(
        pick(random, {"A {0} drives at {1} km per hour for {2} hours. How many km does it cover?",
                      "How many km does a {0} cover in {2} hours at {1} km per hour?"}),
        {vehicle, text(speed), text(hours)});
    return finish(problem, "the distance", steps.multiply(speed, hours), steps);
  }
  if (level == 2) {
    const std::string problem =
        fill(pick(random, {"A {0} covers {1} km in {2} hours. What is its speed in km per hour?",
                           "In {2} hours a {0} covers {1} km. How many km per hour is that?"}),
             {vehicle, text(speed * hours), text(hours)});
    return finish(problem, "the speed", steps.divide(speed * hours, hours), steps);
  }
  if (level == 3) {
    const std::string problem =
        fill(pick(random, {"A {0} drives {1} hours at {2} km per hour and then {3} hours at {4} km "
                           "per hour. How many km does it cover?",
                           "A {0} covers the first part of a trip in {1} hours at {2} km per hour "
                           "and the rest in {3} hours at "
                           "{4} km per hour. How many km long is the trip?"}),
             {vehicle, text(hours), text(speed), text(hours2), text(speed2)});
    if (steps.one_go()) {
      const std::string all =
          fill("{0} * {1} + {2} * {3}", {text(speed), text(hours), text(speed2), text(hours2)});
      return finish(problem, "the distance", steps.state(all, speed * hours + speed2 * hours2),
                    steps);
    }
    const bool swap = coin(random);
    const Number one = steps.multiply(swap ? speed2 : speed, swap ? hours2 : hours);
    const Number two = steps.multiply(swap ? speed : speed2, swap ? hours : hours2);
    return finish(problem, "the distance", steps.add(one, two), steps);
  }
  if (level == 4) {
    const Number time = hours + random.between(6, 16),
                 far = speed * time + random.between(100, 899);
    const std::string problem = fill(
        pick(random,
             {"A trip is {0} km long. A {1} has driven {2} hours at {3} km per hour. How many km "
              "are left?",
              "A {1} has to go {0} km. After {2} hours at {3} km per hour, how many km remain?"}),
        {text(far), vehicle, text(time), text(speed)});
    if (steps.one_go()) {
      const std::string all = fill("{0} - {1} * {2}", {text(far), text(speed), text(time)});
      return finish(problem, "the distance", steps.state(all, far - speed * time), steps);
    }
    const Number driven = steps.multiply(speed, time);
    return finish(problem, "the distance", steps.subtract(far, driven), steps);
  }
  const Number time = random.between(11, 29);
  const std::string problem =
      fill(pick(random, {"Two {0}s start at the same place and drive in opposite directions, one "
                         "at {1} km per hour and the other at {2} km "
                         "per hour. How many km apart are they after {3} hours?",
                         "Two {0}s leave a town in opposite directions at {1} km per hour and {2} "
                         "km per hour. How far apart in km are "
                         "they after {3} hours?"}),
           {vehicle, text(speed), text(speed2), text(time)});
  if (coin(random)) {
    const Number together = steps.add(speed, speed2);
    return finish(problem, "the distance", steps.multiply(together, time), steps);
  }
  const Number one = steps.multiply(speed, time), two = steps.multiply(speed2, time);
  return finish(problem, "the distance", steps.add(one, two), steps);
}

Draft draw_ages(PhiloxStream& random, int level) {
  const auto [one, two] = two_names(random);
  const Number young = random.between(4, 19), gap = random.between(3, 19),
               years = random.between(2, 25);
  Steps steps(random);
  if (level == 1) {
    const std::string problem =
        fill(pick(random, {"{0} is {2} years old. {1} is {3} years older than {0}. How old is {1}?",
                           "{0} is {2} years old and {3} years younger than {1}. How old is {1}?"}),
             {one, two, text(young), text(gap)});
    return finish(problem, "the age", steps.add(young, gap), steps);
  }
  if (level == 2) {
    const std::string problem = fill(
        "{0} is {2} years old. {1} is {3} years older than {0}. How old will {1} be in {4} years?",
        {one, two, text(young), text(gap), text(years)});
    return finish(problem, "the age", steps.sum({young, gap, years}), steps);
  }
  if (level == 3) {
    const std::string problem =
        fill(pick(random, {"{0} is {2} years old. {1} is {3} years older than {0}. What is the sum "
                           "of their ages in {4} years?",
                           "{0} is {2} years old and {1} is {3} years older. In {4} years, how old "
                           "are they together?"}),
             {one, two, text(young), text(gap), text(years)});
    if (coin(random)) {
      const Number other = steps.add(young, gap);
      return finish(problem, "the sum", steps.sum({young, years, other, years}), steps);
    }
    const Number sum = steps.add(steps.add(young, gap), young);
    return finish(problem, "the sum", steps.add(sum, steps.multiply(years, 2)), steps);
  }
  if (level == 4) {
    const Number factor = random.between(3, 9);
    const std::string problem =
        fill(pick(random, {"{0} is {2} years old and {1} is {3} times as old. How old will they be "
                           "together in {4} years?",
                           "{1} is {3} times as old as {0}, who is {2} years old. What is the sum "
                           "of their ages in {4} years?"}),
             {one, two, text(young), text(factor), text(years)});
    const Number now = multiply_add(steps, young, factor, young);
    return finish(problem, "the sum", steps.add(now, steps.multiply(years, 2)), steps);
  }
  const Number difference = gap + years, together = 2 * (young + years) + difference;
  const std::string problem = fill(
      "Together {0} and {1} are {2} years old. {1} is {3} years older than {0}. How old will {1} "
      "be in {4} years?",
      {one, two, text(together), text(difference), text(years)});
  Number older = 0;
  if (coin(random)) {
    older = steps.divide(steps.add(together, difference), 2);
  } else {
    older = steps.add(steps.divide(steps.subtract(together, difference), 2), difference);
  }
  return finish(problem, "the age", steps.add(older, years), steps);
}

Draft draw_units(PhiloxStream& random, int level) {
  Steps steps(random);
  const Number hours = random.between(2, 48), minutes = random.between(1, 59),
               seconds = random.between(1, 59);
  if (level == 1) {
    const std::string problem =
        fill(pick(random,
                  {"How many minutes are {0} hours and {1} minutes?",
                   "A film festival lasts {0} hours and {1} minutes. How many minutes is that?"}),
             {text(hours), text(minutes)});
    return finish(problem, "the time", multiply_add(steps, hours, 60, minutes), steps);
  }
  if (level == 2) {
    const Number metres = random.between(2, 99), centimetres = random.between(1, 99),
                 more = random.between(101, 999);
    const std::string problem =
        fill(pick(random, {"A rope is {0} m and {1} cm long. Another rope is {2} cm longer. How "
                           "many cm long is the other rope?",
                           "How many cm are {0} m and {1} cm plus {2} cm?"}),
             {text(metres), text(centimetres), text(more)});
    if (coin(random)) {
      const Number length = multiply_add(steps, metres, 100, centimetres);
      return finish(problem, "the length", steps.add(length, more), steps);
    }
    const Number rest = steps.add(centimetres, more);
    return finish(problem, "the length", multiply_add(steps, metres, 100, rest), steps);
  }
  if (level == 3) {
    const std::string problem = fill(
        pick(
            random,
            {"How many seconds are {0} hours, {1} minutes and {2} seconds?",
             "A clock runs for {0} hours, {1} minutes and {2} seconds. How many seconds is that?"}),
        {text(hours), text(minutes), text(seconds)});
    const Number whole = multiply_add(steps, hours, 60, minutes);
    return finish(problem, "the time", multiply_add(steps, whole, 60, seconds), steps);
  }
  if (level == 4) {
    const Number bags = random.between(12, 39), kilos = random.between(2, 9),
                 grams = random.between(101, 899);
    const std::string problem =
        fill(pick(random, {"A bag weighs {0} kg and {1} g. How many g do {2} such bags weigh?",
                           "Each of {2} bags weighs {0} kg and {1} g. How many g is that in all?"}),
             {text(kilos), text(grams), text(bags)});
    if (coin(random)) {
      const Number heavy = steps.multiply(steps.multiply(kilos, bags), 1000);
      return finish(problem, "the weight", steps.add(heavy, steps.multiply(grams, bags)), steps);
    }
    const Number one = multiply_add(steps, kilos, 1000, grams);
    return finish(problem, "the weight", steps.multiply(one, bags), steps);
  }
  const Number days = random.between(2, 29), rest = random.between(1, 23);
  const std::string problem =
      fill(pick(random,
                {"How many minutes are {0} days, {1} hours and {2} minutes?",
                 "A voyage takes {0} days, {1} hours and {2} minutes. How many minutes is that?"}),
           {text(days), text(rest), text(minutes)});
  const Number whole = multiply_add(steps, days, 24, rest);
  return finish(problem, "the time", multiply_add(steps, whole, 60, minutes), steps);
}

Draft draw_area(PhiloxStream& random, int level) {
  const std::string place(pick(random, {"garden", "yard", "field", "hall", "park"}));
  const Number length = random.between(level == 1 ? 101 : 21, level == 1 ? 399 : 99),
               width = random.between(11, 89);
  Steps steps(random);
  if (level == 1) {
    const std::string problem = fill(
        pick(random, {"A {0} is {1} m long and {2} m wide. How many m of fence go around it?",
                      "What is the perimeter in m of a {0} that is {1} m long and {2} m wide?"}),
        {place, text(length), text(width)});
    if (coin(random))
      return finish(problem, "the perimeter", steps.sum({length, width, length, width}), steps);
    return finish(problem, "the perimeter", steps.multiply(steps.add(length, width), 2), steps);
  }
  if (level == 2) {
    const std::string problem =
        fill(pick(random, {"A {0} is {1} m long and {2} m wide. What is its area in square m?",
                           "How many square m has a {0} of {1} m by {2} m?"}),
             {place, text(length), text(width)});
    return finish(problem, "the area", steps.multiply(length, width), steps);
  }
  if (level == 3) {
    const Number side = random.between(3, 9), side2 = random.between(3, 9);
    const std::string problem =
        fill(pick(random, {"A {0} is {1} m long and {2} m wide. A pond in it is {3} m by {4} m. "
                           "How many square m are not pond?",
                           "From a {0} of {1} m by {2} m a corner of {3} m by {4} m is cut off. "
                           "How many square m remain?"}),
             {place, text(length), text(width), text(side), text(side2)});
    const Number whole = steps.multiply(length, width), pond = steps.multiply(side, side2);
    return finish(problem, "the area", steps.subtract(whole, pond), steps);
  }
  if (level == 4) {
    const Number height = random.between(3, 19);
    const std::string problem = fill(
        pick(random,
             {"A tank is {0} m long, {1} m wide and {2} m high. How many cubic m does it hold?",
              "What is the volume in cubic m of a box of {0} m by {1} m by {2} m?"}),
        {text(length), text(width), text(height)});
    const Number base = steps.multiply(length, width);
    return finish(problem, "the volume", steps.multiply(base, height), steps);
  }
  const Number length2 = random.between(21, 99), width2 = random.between(11, 89);
  const std::string problem =
      fill(pick(random, {"One {0} is {1} m by {2} m, another {3} m by {4} m. How many square m are "
                         "they together?",
                         "A {0} of {1} m by {2} m lies beside one of {3} m by {4} m. What is their "
                         "total area in square m?"}),
           {place, text(length), text(width), text(length2), text(width2)});
  const bool swap = coin(random);
  const Number one = swap ? steps.multiply(length2, width2) : steps.multiply(length, width);
  const Number two = swap ? steps.multiply(length, width) : steps.multiply(length2, width2);
  return finish(problem, "the area", steps.add(one, two), steps);
}

}  // namespace quorum::mini
