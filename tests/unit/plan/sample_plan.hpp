#pragma once

#include "datamill/plan/plan.hpp"

#include <utility>

namespace datamill::test {

inline plan::Step simple_step(std::string title, plan::Action action, std::vector<plan::StepId> needs = {}) {
  plan::Step step;
  step.title = std::move(title);
  step.action = std::move(action);
  step.needs = std::move(needs);
  return step;
}

/// One step of every kind, with awkward texts in it.
inline plan::Plan sample_plan() {
  using namespace std::chrono_literals;
  const command::SecretRef password{.ns = "mill", .secret = "root", .key = "password"};
  const command::SecretRef uri{.ns = "mill", .secret = "root", .key = "uri"};
  plan::Plan plan;
  plan.title = "Install flavour quickstart on local cluster datamill (kwok)";
  plan.components = {{.name = "lake", .ns = "mill", .reason = "listed"},
                     {.name = "old", .ns = "mill", .reason = "listed", .unchanged = true}};

  plan::Step up = simple_step("Create the cluster",
                              plan::RunCommand{.command = {.program = "kwokctl", .args = {"create", "cluster"}}});
  up.guard = plan::SkipIfExists{"/state/clusters/a b"};
  up.locks = {"cluster"};
  plan.add(up);
  plan.add(simple_step(
      "Write the values",
      plan::WriteFile{.path = "/state/run/values.yaml", .content = command::SymbolicText{"a: 1\nEOF\n"}}, {0}));
  plan.add(simple_step("Remove the old ones", plan::RemovePath{"/state/run/it's old"}, {0}));

  command::SymbolicText manifest{"{\"password\":\""};
  manifest.parts.emplace_back(command::SecretPart{.ref = password});
  manifest.parts.emplace_back("\"}");
  plan::CreateSecret create;
  create.generate = {{.ref = password, .random = {.bytes = 24}}};
  command::SymbolicText uri_text{"postgres://u:"};
  uri_text.parts.emplace_back(command::SecretPart{.ref = password, .encoding = command::Encoding::raw});
  create.derived = {{uri, uri_text}};
  create.command = {.program = "kubectl", .args = {"apply", "-f", "-"}, .stdin_text = manifest};
  plan::Step secret = simple_step("Make Secret mill/root", create, {0});
  secret.component = "lake";
  secret.retry = {.attempts = 3,
                  .first_delay = 500ms,
                  .when_output_has = {"connection refused"},
                  .ok_output_has = {"already exists"}};
  plan.add(secret);

  plan::Step read = simple_step(
      "Read Secret mill/other",
      plan::ReadSecret{.ns = "mill",
                       .name = "other",
                       .command = {.program = "kubectl", .args = {"get", "secret"}, .sensitive_output = true}},
      {3});
  read.component = "lake";
  read.effect = plan::Effect::read;
  plan.add(read);

  plan::Step install = simple_step("Install release lake",
                                   plan::RunCommand{.command = {.program = "helm",
                                                                .args = {"upgrade", "lake", "/state/x"},
                                                                .env = {{"A", "$(id)"}},
                                                                .stdin_text = command::SymbolicText{"x: $(id)"}},
                                                    .output = "revision:mill/lake"},
                                   {3, 4});
  install.component = "lake";
  plan.add(install);
  plan.add(simple_step("Leave the wait out", plan::Say{"pods are simulated\nso nothing is waited for"}));
  plan.kept = {{.what = "PersistentVolumeClaim mill/data", .command = "kubectl delete pvc data -n mill"}};
  plan.notes = {"see /state/notes"};
  return plan;
}

}  // namespace datamill::test
