#include "datamill/tools/kubectl_access.hpp"

#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl.hpp"

namespace datamill::tools {

using support::Node;

namespace {

constexpr std::string_view kAnswer = "jsonpath={.status.allowed}{\"\\n\"}";

std::string review_of(const AccessQuestion& question) {
  auto attributes = Node::map();
  attributes.set("verb", Node::text(question.verb));
  attributes.set("group", Node::text(question.group));
  attributes.set("resource", Node::text(question.resource));
  if (!question.ns.empty()) attributes.set("namespace", Node::text(question.ns));
  auto spec = Node::map();
  spec.set("resourceAttributes", std::move(attributes));
  auto review = Node::map();
  review.set("apiVersion", Node::text("authorization.k8s.io/v1"));
  review.set("kind", Node::text("SelfSubjectAccessReview"));
  review.set("spec", std::move(spec));
  return support::write_json(review);
}

}  // namespace

command::Command access_review(const std::vector<AccessQuestion>& questions, const domain::KubeAccess& kube) {
  std::vector<std::string> reviews;
  for (const auto& question : questions)
    reviews.push_back(review_of(question));
  command::Command command{.program = "kubectl", .args = {"create"}};
  // Validation lists custom resource definitions, which needs a right of its own.
  command.arg("--validate=false");
  add_kube_access(command, kube, "--context");
  command.flag("--filename", "-").arg(std::string("--output=").append(kAnswer));
  command.stdin_text = command::SymbolicText{support::join(reviews, "\n")};
  return command;
}

std::vector<AccessQuestion> refused(const std::vector<AccessQuestion>& questions, std::string_view output) {
  const auto answers = support::split_lines(support::trim(output));
  std::vector<AccessQuestion> no;
  if (answers.size() != questions.size()) return no;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i] != "true") no.push_back(questions[i]);
  }
  return no;
}

std::string resource_of_kind(std::string_view kind) {
  std::string name;
  for (const char c : kind)
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (name == "endpoints" || name.empty()) return name;
  if (name.ends_with('s')) return name + "es";
  if (name.ends_with('y')) return name.substr(0, name.size() - 1) + "ies";
  return name + "s";
}

}  // namespace datamill::tools
