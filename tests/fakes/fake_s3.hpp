#pragma once

#include <string>

namespace datamill::fake {

/// A pretended S3 service on a free port of 127.0.0.1, as long as the process lives; gives the port. Objects are files
/// below `folder`/BUCKET; the bucket "datalake" is always there. $FAKE_S3 makes it "deny" or "drop" every request, and
/// "slow" answers nothing for a minute.
[[nodiscard]] int start_s3(const std::string& folder);

}  // namespace datamill::fake
