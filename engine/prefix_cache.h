// The KV of prompts, computed once and shared by all samples of a prompt.
//
// A prefix is a prompt without its last token: that one is the input of each sample's first decode
// row. Its full pages go into the tables of all siblings; the last, partly filled page (the tail)
// is copied, or handed over to the last sibling. Prefixes stay until their pages are needed for
// something else; then the least recently used goes first.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/kv_pages.h"

namespace quorum {

using Prompt = std::shared_ptr<const std::vector<TokenId>>;

struct Prefix {
  Prompt prompt;
  int length = 0;               // tokens: the prompt's length - 1
  std::vector<PageId> pages;    // held by the cache, from position 0 on
  int filled = 0;               // positions whose prefill is planned
  std::int64_t fill_step = -1;  // the step of the newest chunk
  std::int64_t last_step = -1;  // the newest step that reads or writes the pages for the cache
  int users = 0;  // admitted sequences that have not started: nothing is evicted under them
};

class PrefixCache {
 public:
  // Borrows the allocator.
  PrefixCache(KvPages& pages, int page_tokens);

  // The prefix of a prompt for a sequence that is about to start; new and without pages when there
  // was none. The address stays valid while it has users. One user more.
  Prefix& use(const Prompt& prompt);
  // One user less.
  void leave(Prefix& prefix);
  // How many pages of this prompt's prefix are there.
  int resident_pages(const Prompt& prompt) const;

  // Gives the tail page to a sequence. Precondition: the prefix is filled and has a tail.
  PageId hand_over_tail(Prefix& prefix);

  // Lets go of at least one page that only the cache holds; false when there is none.
  bool evict_one();
  // Lets go of everything. Precondition: no users.
  void clear();

  const std::list<Prefix>& prefixes() const { return prefixes_; }

 private:
  using Iterator = std::list<Prefix>::iterator;
  void erase(Iterator prefix);

  KvPages& pages_;
  int page_tokens_;
  std::list<Prefix> prefixes_;  // least recently used first
  std::unordered_map<const void*, Iterator> by_prompt_;
};

}  // namespace quorum
