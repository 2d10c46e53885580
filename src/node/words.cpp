#include "datamill/node/words.hpp"

#include "datamill/exec/secret_store.hpp"

namespace datamill::node {

command::ResolvedCommand resolve_words(const std::vector<std::string>& words,
                                       const std::vector<std::pair<std::string, std::string>>& env) {
  const command::Command command{.program = words.front(), .args = {words.begin() + 1, words.end()}, .env = env};
  return command::CommandResolver::resolve(command, words.front(), exec::SecretStore());
}

}  // namespace datamill::node
