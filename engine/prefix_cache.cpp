#include "engine/prefix_cache.h"

#include <algorithm>

#include "base/error.h"

namespace quorum {

PrefixCache::PrefixCache(KvPages& pages, int page_tokens)
    : pages_(pages), page_tokens_(page_tokens) {}

Prefix& PrefixCache::use(const Prompt& prompt) {
  auto [entry, is_new] = by_prompt_.try_emplace(prompt.get());
  if (is_new) {
    entry->second = prefixes_.emplace(prefixes_.end());
    entry->second->prompt = prompt;
    entry->second->length = static_cast<int>(prompt->size()) - 1;
  } else {
    prefixes_.splice(prefixes_.end(), prefixes_, entry->second);
  }
  ++entry->second->users;
  return *entry->second;
}

void PrefixCache::leave(Prefix& prefix) {
  QUORUM_CHECK(prefix.users > 0);
  --prefix.users;
  if (prefix.users == 0 && prefix.pages.empty()) erase(by_prompt_.at(prefix.prompt.get()));
}

int PrefixCache::resident_pages(const Prompt& prompt) const {
  const auto entry = by_prompt_.find(prompt.get());
  return entry == by_prompt_.end() ? 0 : static_cast<int>(entry->second->pages.size());
}

PageId PrefixCache::hand_over_tail(Prefix& prefix) {
  const int tail = prefix.length % page_tokens_;
  QUORUM_CHECK(tail > 0 && prefix.filled == prefix.length);
  const PageId page = prefix.pages.back();
  prefix.pages.pop_back();
  prefix.filled -= tail;
  return page;
}

bool PrefixCache::evict_one() {
  for (Iterator prefix = prefixes_.begin(); prefix != prefixes_.end(); ++prefix) {
    if (prefix->users > 0 || prefix->pages.empty() || pages_.holders(prefix->pages.back()) > 1) {
      continue;
    }
    pages_.release(prefix->pages.back(), prefix->last_step);
    prefix->pages.pop_back();
    prefix->filled =
        std::min(prefix->filled, static_cast<int>(prefix->pages.size()) * page_tokens_);
    if (prefix->pages.empty()) erase(prefix);
    return true;
  }
  return false;
}

void PrefixCache::clear() {
  while (!prefixes_.empty()) {
    QUORUM_CHECK(prefixes_.front().users == 0);
    for (const PageId page : prefixes_.front().pages) {
      pages_.release(page, prefixes_.front().last_step);
    }
    erase(prefixes_.begin());
  }
}

void PrefixCache::erase(Iterator prefix) {
  by_prompt_.erase(prefix->prompt.get());
  prefixes_.erase(prefix);
}

}  // namespace quorum
