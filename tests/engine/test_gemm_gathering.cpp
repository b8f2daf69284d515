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

// What a block does with its share of K.
struct Share {
  int blocks, offset, after;
};
Share share_of(const SharesOfK& shares, const GatheringPlaces& places, int part) {
  const bool longer = (places.longer >> part & 1) != 0;
  return {shares.blocks(part), places.offset[longer], places.after[longer]};
}

template <class Tile>
bool finds_room(const SharesOfK& shares) {
  const GatheringPlaces places = places_of<Tile>(shares);
  const int bytes = places.slots * (shares.parts() * kGroupBytes + kPartialBytes);
  bool right = true;
  for (int part = 0; part < shares.parts(); ++part) {
    const Share share = share_of(shares, places, part);
    right = right && share.after >= 0 && share.after < share.blocks &&
            share.offset % Tile::stage_bytes == 0 &&
            share.offset + bytes <= Tile::stages * Tile::stage_bytes;
    for (int block = share.after + 1; block < share.blocks; ++block) {
      const int begin = block % Tile::stages * Tile::stage_bytes;
      right = right && (begin + Tile::stage_bytes <= share.offset || begin >= share.offset + bytes);
    }
  }
  return right;
}

}  // namespace

TEST_CASE("sums are gathered where nothing of K is still to come, and find room") {
  int checked = 0;
  for_each_width(
      [&]<class Tile>(Tile) {
        for_each_schedule([&](const GemmSchedule& schedule) {
          if (!finds_room<Tile>({schedule}))
            FAIL_CHECK(Tile::tokens << " tokens, " << schedule.blocks << " blocks in "
                                    << schedule.splits);
          ++checked;
        });
      },
      WidthsOfTiles());
  for_each_width(
      [&]<class Tile>(Tile) {
        for_each_schedule([&](const GemmSchedule& schedule) {
          if (schedule.splits == 1) return;
          for (const Sharing sharing : {Sharing::kHalves, Sharing::kAll}) {
            if (!finds_room<Tile>({schedule, sharing}))
              FAIL_CHECK(Tile::tokens << " tokens, " << schedule.blocks << " blocks in "
                                      << schedule.splits);
            ++checked;
          }
        });
      },
      WidthsOfHalves());
  CHECK(checked > 10000);
}

TEST_CASE("blocks share K at the stretch where its second half begins, and leave none out") {
  const SharesOfK eight{{.blocks = 140, .tiles = 12, .splits = 8}, Sharing::kHalves};
  CHECK(eight.parts() == 2);
  CHECK(std::pair(eight.begin(0), eight.blocks(0)) == std::pair(0, 70));
  CHECK(std::pair(eight.begin(1), eight.blocks(1)) == std::pair(70, 70));
  // The middle one of three goes with the first: these are summed in their order.
  const SharesOfK three{{.blocks = 24, .tiles = 16, .splits = 3}, Sharing::kHalves};
  CHECK(std::pair(three.stretch(1), three.stretch(2)) == std::pair(2, 3));
  CHECK(std::pair(three.blocks(0), three.blocks(1)) == std::pair(16, 8));
  for_each_schedule([](const GemmSchedule& schedule) {
    const SharesOfK halves{schedule, Sharing::kHalves}, all{schedule, Sharing::kAll};
    const bool right =
        all.parts() == 1 && all.blocks(0) == schedule.blocks &&
        (schedule.splits < 2 ||
         (halves.stretch(1) == schedule.half() && halves.blocks(0) > 0 && halves.blocks(1) > 0 &&
          halves.blocks(0) + halves.blocks(1) == schedule.blocks));
    if (!right) FAIL_CHECK(schedule.blocks << " blocks in " << schedule.splits);
  });
}

TEST_CASE("sums are gathered as soon as a stage is idle for good") {
  // 200 blocks of K in twelve stages: two column groups fit into one, idle from block 188 on.
  const GatheringPlaces places = places_of<ClusterTile<16>>({{.blocks = 200, .tiles = 1}});
  CHECK(places.slots == 2);
  CHECK(places.after[0] == 188);
}

TEST_CASE("each column group has one block that finishes it, a slot and a barrier there") {
  for_each_width(
      [&]<class Tile>(Tile) {
        for (int splits = 1; splits <= kMaxSplits; ++splits) {
          const GatheringPlaces places =
              places_of<Tile>({{.blocks = 2 * splits, .tiles = 1, .splits = splits}});
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
