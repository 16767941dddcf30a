#pragma once
// Private to the room: one context in the making.
#include <unordered_set>

#include "film/contexts/drawer.h"

namespace film::contexts {

class ContextDraft {
 public:
  ContextDraft(const ContextDrawer& drawer, const ContextTask& task);
  Context make();

 private:
  struct Member {
    std::uint32_t segment = 0;
    bool evidence = false;
  };

  void add_evidence_segments();
  void add_evidence_document();
  void take_short_document();
  void fill_to_target();
  void fill_to_count();
  Context finish();

  bool try_evidence(std::uint32_t document);
  bool try_whole(std::uint32_t document);
  std::uint32_t evidence_document(std::uint64_t place) const;
  template <class Try>
  void with_some_document(std::uint64_t place, Try attempt);
  bool filler_fits(std::uint32_t segment) const;
  std::optional<std::uint32_t> draw_filler();
  void add_filler(std::uint32_t segment);
  void add(std::uint32_t segment, bool evidence);

  std::uint32_t length_with(std::uint32_t segment) const;
  bool attribute_free(std::uint32_t segment) const;
  Error shortfall() const;

  const ContextDrawer& drawer_;
  const corpus::CorpusIndex& index_;
  const ContextSettings& settings_;
  const ContextTask task_;
  const ContextDrawer::Pool& pool_;
  Random random_;
  std::uint32_t target_ = 0;   // 0: no target
  std::uint32_t ceiling_ = 0;  // for the evidence
  std::vector<Member> members_;
  std::uint32_t tokens_ = 0;
  std::unordered_set<std::uint32_t> segments_, documents_, evidence_documents_;
  std::unordered_set<std::uint16_t> attributes_;
};

}  // namespace film::contexts
