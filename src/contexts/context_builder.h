#pragma once
// Private to the module: one context in the making. Evidence is in evidence.cpp, fillers are in fillers.cpp.
#include <optional>
#include <span>
#include <unordered_set>

#include "film/base/error.h"
#include "film/base/random.h"
#include "sampler.h"

namespace film::contexts {

class ContextBuilder {
 public:
  ContextBuilder(const DrawPlan& plan, const ContextTask& task);
  Context make();

 private:
  struct Member {
    std::uint32_t segment = 0;
    bool evidence = false;
  };

  void add_evidence_segments();
  void add_evidence_document();
  void take_short_document();
  std::uint32_t evidence_document(std::uint64_t position) const;
  // Tries the document at that position of the endless sequence, then random ones; throws shortfall().
  template <class Try>
  void with_some_document(std::uint64_t position, Try attempt);
  bool try_evidence(std::uint32_t document);
  bool try_whole(std::uint32_t document);

  void fill_to_target();
  void fill_to_count();
  bool filler_fits(std::uint32_t segment) const;
  bool is_beside_evidence(std::uint32_t segment) const;
  struct Filler {
    std::uint32_t segment = 0;
    bool alike = false;  // to the evidence
  };
  void find_graded_fillers();
  bool wants_graded() const;
  std::optional<Filler> draw_filler();
  std::optional<std::uint32_t> draw_random_filler();
  std::span<const std::uint32_t> short_enough() const;
  void add_filler(const Filler& filler);

  void place_evidence();                          // as contexts.position_weights say
  void replace_evidence();                        // by fillers: the context becomes a twin
  Filler draw_filler_like(std::uint32_t tokens);  // about so long; throws shortfall()

  std::uint32_t length_with(std::uint32_t segment) const;  // in tokens, that segment added
  bool attribute_free(std::uint32_t segment) const;
  bool text_is_new(std::uint32_t segment) const;  // no other segment of the context has the same text
  void add(std::uint32_t segment, bool evidence);
  Context finish();
  Error shortfall() const;

  const DrawPlan& plan_;
  const corpus::CorpusIndex& index_;
  const ContextSettings& settings_;
  const ContextTask task_;
  const Pool& pool_;
  Random random_;
  std::uint32_t target_ = 0;   // 0: no target
  std::uint32_t ceiling_ = 0;  // for the evidence
  std::vector<Member> members_;
  std::uint32_t tokens_ = 0;
  std::unordered_set<std::uint32_t> segments_, documents_, evidence_documents_;
  std::unordered_set<std::uint16_t> attributes_;
  std::unordered_set<std::uint32_t> hashes_;  // of texts
  std::optional<GradedFillers> graded_;       // where fillers are not all random
  std::uint32_t fillers_ = 0, alike_ = 0;     // so many are added; so many of them are like the evidence
};

}  // namespace film::contexts
