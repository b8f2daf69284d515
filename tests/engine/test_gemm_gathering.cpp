// The shared-memory plan of products whose tiles are split along K over a cluster. It is
// arithmetic: no GPU is needed to see that no sum lands on a block of K that is still to be
// multiplied.
#include <set>
#include <utility>
#include <vector>

#include "engine/cuda/kernels/gemm_gathering.h"
#include "engine/cuda/kernels/gemm_token_tiles.h"
#include "support/catch.h"

using namespace quorum::cuda;

namespace {

// Calls check(tile) for each width of a tile of tokens.
template <class Check, int... widths>
void for_each_width(const Check& check, std::integer_sequence<int, widths...>) {
  (check(ClusterTile<widths>()), ...);
}

// Of every cut of up to 40 blocks of K, and of some longer ones.
template <class Check>
void for_each_schedule(const Check& check) {
  for (int splits = 1; splits <= kMaxSplits; ++splits) {
    for (int blocks = splits; blocks <= 400; blocks += blocks < 40 ? 1 : 13)
      check(GemmSchedule{.blocks = blocks, .tiles = 1, .splits = splits});
  }
}

struct Stretch {
  int blocks, offset, after;
};
Stretch stretch_of(const GemmSchedule& schedule, const GatheringPlaces& places, int i) {
  const bool longer = (places.longer >> i & 1) != 0;
  return {schedule.begin(i + 1) - schedule.begin(i), places.offset[longer], places.after[longer]};
}

}  // namespace

TEST_CASE("sums are gathered where nothing of K is still to come, and find room") {
  int checked = 0;
  for_each_width(
      [&]<class Tile>(Tile) {
        for_each_schedule([&](const GemmSchedule& schedule) {
          const GatheringPlaces places = places_of<Tile>(schedule);
          const int bytes = places.slots * (schedule.splits * kGroupBytes + kPartialBytes);
          for (int i = 0; i < schedule.splits; ++i) {
            const Stretch stretch = stretch_of(schedule, places, i);
            bool right = stretch.after >= 0 && stretch.after < stretch.blocks &&
                         stretch.offset % Tile::stage_bytes == 0 &&
                         stretch.offset + bytes <= Tile::stages * Tile::stage_bytes;
            for (int block = stretch.after + 1; block < stretch.blocks; ++block) {
              const int begin = block % Tile::stages * Tile::stage_bytes;
              right = right && (begin + Tile::stage_bytes <= stretch.offset ||
                                begin >= stretch.offset + bytes);
            }
            if (!right)
              FAIL_CHECK(Tile::tokens << " tokens, " << schedule.blocks << " blocks in "
                                      << schedule.splits << ", stretch " << i);
            ++checked;
          }
        });
      },
      WidthsOfTiles());
  CHECK(checked > 30000);
}

TEST_CASE("sums are gathered as soon as a stage is idle for good") {
  // 200 blocks of K in twelve stages: two column groups fit into one, idle from block 188 on.
  const GatheringPlaces places = places_of<ClusterTile<16>>({.blocks = 200, .tiles = 1});
  CHECK(places.slots == 2);
  CHECK(places.after[0] == 188);
}

TEST_CASE("each column group has one block that finishes it, a slot and a barrier there") {
  for_each_width(
      [&]<class Tile>(Tile) {
        for (int splits = 1; splits <= kMaxSplits; ++splits) {
          const GatheringPlaces places =
              places_of<Tile>({.blocks = 2 * splits, .tiles = 1, .splits = splits});
          for (int groups = 1; groups <= Tile::tokens / 8; ++groups) {
            CAPTURE(Tile::tokens, splits, groups);
            std::vector<int> finished(splits);
            bool fits = true;
            for (int i = 0; i < groups; ++i) {
              const int slot = i / splits;
              fits = fits && slot < places.slots &&
                     slot / kTogether<Tile::tokens> < kReceived<Tile::tokens>;
              ++finished[i % splits];
            }
            for (int stretch = 0; stretch < splits; ++stretch)
              fits = fits && finished[stretch] == groups_finished(groups, stretch, splits);
            if (!fits) FAIL_CHECK("a column group has no place");
          }
        }
        CHECK(kReceived<Tile::tokens> * kTogether<Tile::tokens> == Tile::tokens / 8);
      },
      WidthsOfTiles());
}

TEST_CASE(
    "the widths of tiles rise, end with the most rows of a pass and are whole column groups") {
  std::set<int> widths;
  for_each_width(
      [&]<class Tile>(Tile) {
        CHECK((widths.empty() || *widths.rbegin() < Tile::tokens));
        CHECK(Tile::tokens % 8 == 0);
        CHECK(Tile::stages >= 4);
        widths.insert(Tile::tokens);
      },
      WidthsOfTiles());
  CHECK(*widths.rbegin() == 256);
}
