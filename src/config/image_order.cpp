#include "config/image_order.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::Image;
using domain::ImageBase;
using domain::ImageGraph;
using support::Diagnostics;

namespace {

class Orderer {
public:
  Orderer(ImageGraph& graph, Diagnostics& diagnostics) : graph_(graph), diagnostics_(diagnostics) {}

  void run() {
    for (auto& [name, image] : graph_.images) {
      for (auto& base : image.bases)
        resolve(base);
    }
    for (auto& [name, image] : graph_.images)
      visit(image);
  }

private:
  void resolve(ImageBase& base) {
    base.own = graph_.images.count(base.reference) != 0;
    if (base.own || base.reference == "scratch") return;
    const auto name = base.reference.substr(base.reference.rfind('/') + 1);
    const auto mark = name.find_first_of(":@");
    if (mark == std::string::npos) return report_unknown(base);
    if (name.substr(mark) == ":latest")
      diagnostics_.warning("DM706", base.at, fmt::format("\"{}\" is another image every time it moves", base.reference),
                           "name a version, or better a digest (@sha256:...)");
  }

  void report_unknown(const ImageBase& base) {
    std::vector<std::string> names;
    for (const auto& [name, image] : graph_.images)
      names.push_back(name);
    auto hint = support::did_you_mean(base.reference, names);
    if (!hint.empty()) hint += " ";
    diagnostics_.error("DM705", base.at, fmt::format("there is no image \"{}\" to build on", base.reference),
                       fmt::format("{}an image of your own is a folder images/{}/; an outside one needs a tag or a "
                                   "digest ({}:VERSION)",
                                   hint, base.reference, base.reference));
  }

  void visit(Image& image) {
    if (std::find(graph_.order.begin(), graph_.order.end(), image.name) != graph_.order.end()) return;
    if (std::find(path_.begin(), path_.end(), image.name) != path_.end()) return report_cycle(image);
    path_.push_back(image.name);
    auto text = image.digest + '\n';
    for (const auto& base : image.own_bases()) {
      visit(graph_.images.at(base));
      text += fmt::format("base {} {}\n", base, graph_.images.at(base).digest);
    }
    path_.pop_back();
    if (diagnostics_.has_errors() && in_cycle(image.name)) return;
    image.digest = support::sha256_hex(text);
    graph_.order.push_back(image.name);
  }

  [[nodiscard]] bool in_cycle(const std::string& name) const {
    return std::find(cycle_.begin(), cycle_.end(), name) != cycle_.end();
  }

  void report_cycle(const Image& image) {
    cycle_.assign(std::find(path_.begin(), path_.end(), image.name), path_.end());
    auto names = cycle_;
    names.push_back(image.name);
    support::SourceRef at = image.at;
    for (const auto& base : graph_.images.at(path_.back()).bases) {
      if (base.reference == image.name) at = base.at;
    }
    diagnostics_.error("DM707", at,
                       fmt::format("images are built on each other in a cycle: {}", support::join(names, "→")),
                       "take one of these bases out");
  }

  ImageGraph& graph_;
  Diagnostics& diagnostics_;
  std::vector<std::string> path_{};
  std::vector<std::string> cycle_{};
};

}  // namespace

void put_images_in_order(ImageGraph& graph, Diagnostics& diagnostics) {
  Orderer(graph, diagnostics).run();
}

}  // namespace datamill::config
