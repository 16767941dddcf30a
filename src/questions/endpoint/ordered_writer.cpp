#include "ordered_writer.h"

namespace film::questions {

void OrderedWriter::add(std::uint64_t context, WrittenQuestions written) {
  if (context == next_ || held_.size() < most_held_) held_.emplace(context, std::move(written));
  while (next_ < source_.contexts && plan_.settled(next_)) write_next();
}

void OrderedWriter::finish() {
  while (next_ < source_.contexts) write_next();
}

void OrderedWriter::write_next() {
  const std::uint64_t id = next_++;
  if (!plan_.asked(id)) return;
  const Context& context = source_.data.context(id);
  const auto held = held_.find(id);
  if (held == held_.end()) return out_.write(context, remake_(context));
  out_.write(context, std::move(held->second));
  held_.erase(held);
}

}  // namespace film::questions
