#pragma once
// How an exception ends the program: with an exit code and a message, also where it cannot be caught (thrown by a
// destructor, by a thread that has no handler, before main); and how it ends where memory is refused.
#include <exception>

#include "film/base/error.h"

namespace film::cli {

// What an exception means to a user.
Error as_error(const std::exception_ptr& exception);

// For people on stderr; with --json for programs on stdout, too; nothing for an error without words, whose command has
// said all. Returns the exit code.
int report(const Error& failure, bool json);

// With --json, what is said by std::terminate is on stdout, too.
void say_last_words_as_json();

}  // namespace film::cli
