#pragma once
// How often the journal is synced: as often as a tenth of the time allows, so that a crash of the machine loses the
// answers of the last second at most. They were paid for.
#include "journal.h"
#include "transport.h"

namespace film::endpoint {

class JournalSchedule {
 public:
  // `journal` may be null: then there is nothing to do.
  JournalSchedule(AnswerJournal* journal, Transport& clock) : journal_(journal), clock_(clock) {}
  void sync_if_due();
  void sync();

 private:
  AnswerJournal* journal_;
  Transport& clock_;
  double next_ = 0;
};

}  // namespace film::endpoint
