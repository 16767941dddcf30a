#pragma once
// SHA-256 of files, each read once: what a file's content was when a process first asked holds until the file changes.
#include <filesystem>
#include <string>

namespace film {

// SHA-256 of a file as lower-case hex. A file that was hashed before in this process is not read again unless its inode,
// size or times are others. Large files show their progress. Throws no_input, denied, io_error.
std::string content_hash(const std::filesystem::path& file);

// What content_hash() will say of a file that has just been written, by whoever hashed what he wrote.
void remember_content_hash(const std::filesystem::path& file, const std::string& sha256);

}  // namespace film
