#include "toolbox/downloads.hpp"

#include "datamill/exec/secret_store.hpp"
#include "toolbox/files.hpp"
#include "toolbox/find.hpp"
#include "toolbox/place.hpp"
#include "toolbox/progress.hpp"

#include "datamill/exec/capture.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace datamill::toolbox {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kSideBySide = 4;
constexpr auto kTurn = 100ms;
constexpr auto kProgressEvery = 5s;

/// One download. Its thread writes `result` and then `ended`; the main thread reads `result` after it saw `ended`.
struct Job {
  Wanted wanted{};
  const ToolSpec::Download* download = nullptr;
  std::string folder{};
  std::string file{};
  plan::StepId step = 0;
  net::DownloadProgress progress{};
  net::DownloadResult result{};
  std::atomic<bool> ended{false};
  bool handled = false;
  proc::Clock::time_point shown{};
};

const ToolSpec::Download* download_for(const ToolSpec& tool, const std::string& platform) {
  const auto found = std::find_if(tool.downloads.begin(), tool.downloads.end(),
                                  [&](const auto& download) { return download.platform == platform; });
  return found == tool.downloads.end() ? nullptr : &*found;
}

void run_job(net::Downloader& downloader, Job& job, const std::stop_token& stop) {
  job.result = downloader.fetch({.url = job.download->url,
                                 .destination = job.file,
                                 .sha256 = job.download->sha256,
                                 .stop = stop,
                                 .progress = &job.progress});
  job.ended = true;
}

/// Unpacks with tar (every Linux has it, and it keeps modes and links); "" or the problem.
std::string unpack(const Services& services, const Job& job, const std::string& into) {
  if (auto problem = make_empty_folder(into); !problem.empty()) return problem;
  command::Command tar{.program = "tar", .args = {"-xzf", job.file, "-C", into}};
  if (!job.download->tree) tar.arg(job.download->member);
  const auto found = path_candidate({.name = "tar"}, services.environment);
  if (!found || !found->problem.empty()) return "tar is not on PATH";
  const auto result = exec::capture_all(
      services.runner,
      {{.command = command::CommandResolver::resolve(tar, found->path, exec::SecretStore()), .timeout = 5min}});
  if (result.front().ok()) return {};
  return fmt::format("tar: {}, {}", proc::to_text(result.front().outcome), support::trim(result.front().err));
}

std::string put_in_place(const Services& services, const Job& job) {
  Fetched fetched{.path = job.file, .tree = job.download->tree};
  if (fetched.tree || !job.download->member.empty()) {
    const std::string into = job.folder + "/unpacked";
    if (auto problem = unpack(services, job, into); !problem.empty()) return problem;
    fetched.path = fetched.tree ? into : into + "/" + job.download->member;
  }
  return place(services, job.wanted, fetched);
}

class Downloads {
public:
  Downloads(const Services& services, exec::EventSink& sink)
      : services_(services), downloader_(services.make_downloader(services.environment)),
        report_(sink, "Download tools") {}

  void add(const Wanted& wanted, const ToolSpec::Download& download) {
    auto job = std::make_unique<Job>();
    job->wanted = wanted;
    job->download = &download;
    job->folder =
        fmt::format("{}/tools/work/download-{}-{}", services_.paths.cache, wanted.tool->name, wanted.tool->version);
    job->file = job->folder + "/" + wanted.tool->name + ".download";
    job->step = report_.add(fmt::format("Download {} {}", wanted.tool->name, wanted.tool->version));
    jobs_.push_back(std::move(job));
  }

  void run() {
    for (const auto& job : jobs_)
      job->result.problem = make_empty_folder(job->folder);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(kSideBySide, jobs_.size()); ++i)
      threads.emplace_back([this](const std::stop_token& stop) { work(stop); });
    while (!std::all_of(jobs_.begin(), jobs_.end(), [](const auto& job) { return job->handled; })) {
      for (const auto& job : jobs_)
        look_at(*job);
      pause(services_.runner, kTurn);
    }
  }

private:
  void work(const std::stop_token& stop) {
    for (std::size_t i = next_++; i < jobs_.size(); i = next_++) {
      Job& job = *jobs_[i];
      if (job.result.problem.empty())
        run_job(*downloader_, job, stop);
      else
        job.ended = true;
    }
  }

  void look_at(Job& job) {
    if (job.handled) return;
    if (job.progress.received > 0) show(job);
    if (!job.ended) return;
    job.handled = true;
    std::string problem = job.result.problem;
    if (job.result.ok) {
      report_.start(job.step);
      problem = put_in_place(services_, job);
    }
    if (!problem.empty()) {
      report_.output(job.step, problem);
      job.wanted.status->tried.push_back(fmt::format("download: {}: {}", job.download->url, problem));
    }
    report_.finish(job.step, problem.empty() ? exec::StepStatus::done : exec::StepStatus::skipped);
    remove_tree(job.folder);
  }

  void show(Job& job) {
    const auto now = proc::Clock::now();
    if (now - job.shown < kProgressEvery) return;
    report_.start(job.step);
    if (job.shown != proc::Clock::time_point{}) {
      constexpr std::int64_t kMebi = 1 << 20;
      report_.output(job.step, fmt::format("{} of {} MiB", job.progress.received.load() / kMebi,
                                           job.progress.total.load() / kMebi));
    }
    job.shown = now;
  }

  const Services& services_;
  std::unique_ptr<net::Downloader> downloader_;
  StepReporter report_;
  std::vector<std::unique_ptr<Job>> jobs_{};
  std::atomic<std::size_t> next_{0};
};

}  // namespace

void download_missing(const Services& services, const std::vector<Wanted>& wanted, exec::EventSink& sink) {
  const std::string platform = this_platform();
  Downloads downloads(services, sink);
  bool any = false;
  for (const Wanted& one : wanted) {
    const auto* download = download_for(*one.tool, platform);
    if (download == nullptr) {
      if (!one.tool->version.empty())
        one.status->tried.push_back(fmt::format("download: none is known for {}", platform));
    } else if (download->sha256.empty()) {
      one.status->tried.push_back(fmt::format("download: no checksum is pinned for {}", download->url));
    } else {
      downloads.add(one, *download);
      any = true;
    }
  }
  if (any) downloads.run();
}

}  // namespace datamill::toolbox
