#pragma once

#include "datamill/command/command.hpp"
#include "datamill/command/secret.hpp"
#include "datamill/domain/component.hpp"

#include <map>
#include <string>

namespace datamill::exec {

/// The values behind SecretRef and OutputRef during a run. Every value it learns is told to the redactor, but for keys
/// that name no secret (username, host, port, database, ...): their values are words that tools print all the time.
class SecretStore final : public command::SymbolLookup {
public:
  void put(const command::SecretRef& ref, command::Secret value);
  void put_output(const std::string& name, std::string value);
  [[nodiscard]] bool has(const command::SecretRef& ref) const;
  /// Makes a value from the kernel's random source, in place of any it has.
  void generate(const command::SecretRef& ref, const domain::RandomValue& random);
  /// Takes every key out of `kubectl get secret -o json`.
  /// @throws Failure DM511 where the text is no Secret.
  void learn_secret_json(const std::string& ns, const std::string& name, const std::string& json);

  [[nodiscard]] command::Secret secret(const command::SecretRef& ref) const override;
  [[nodiscard]] std::string output(const command::OutputRef& ref) const override;
  [[nodiscard]] const command::Redactor& redactor() const { return redactor_; }

private:
  std::map<command::SecretRef, command::Secret> values_{};
  std::map<std::string, std::string> outputs_{};
  command::Redactor redactor_{};
};

}  // namespace datamill::exec
