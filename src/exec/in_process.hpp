#pragma once

#include "datamill/exec/secret_store.hpp"
#include "datamill/exec/write_file.hpp"
#include "datamill/plan/step.hpp"

#include <string>

namespace datamill::exec {

/// True where the step's guard says that there is nothing to do.
[[nodiscard]] bool is_already_done(const plan::Step& step);

/// Writes the file under a temporary name beside it and renames that; makes missing folders (0700).
/// @throws Failure DM520 with the path and the system's reason; DM510 where a symbol is not known.
void write_file(const plan::WriteFile& file, const SecretStore& secrets);

/// Removes a file, a link or a folder with all in it; it may be absent.
/// @throws Failure DM521
void remove_path(const plan::RemovePath& path);

/// Makes the values that the Secret is to hold: generated ones where they are not known yet, then the derived ones.
/// @throws Failure DM510 where a derived value needs one that is not known.
void make_values(const plan::CreateSecret& create, SecretStore& secrets);

/// The value that a step's standard output gives under `output`: `.version` of helm's JSON for "revision:...", else the
/// text without the space around it.
/// @throws Failure DM522 where there is none.
[[nodiscard]] std::string value_from_output(const std::string& output, const std::string& text);

}  // namespace datamill::exec
