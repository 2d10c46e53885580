#pragma once

#include <string>
#include <string_view>

/// Journals of made-up runs, as texts: 07:33:55 on the 21st of November 2026.
namespace datamill::tests {

inline constexpr std::string_view kRunHead =
    R"({"v":1,"run_id":"20261121-073355-4711-1","command":"install","command_line":"datamill install -f x.yaml",)"
    R"("flavour":"data-mill/quickstart","cluster":"local-datamill","provider":"kwok","title":"Install it","pid":4711,)"
    R"("boot_id":"b-1","pid_start":123456,"started":"2026-11-21T07:33:55.000Z","datamill":"0.1.0",)"
    R"("tools":{"helm":"3.19.0"},"critical_path":[0,2],"estimated_ms":5000,"new_field":[1]})";

inline std::string planned_step(int id, const std::string& component, const std::string& title,
                                const std::string& needs, const std::string& command) {
  return R"({"id":)" + std::to_string(id) + R"(,"component":")" + component + R"(","title":")" + title +
         R"(","action":"run","command":)" + command + R"(,"needs":[)" + needs + "]}";
}

/// The cluster, then lake and its app; db stands alone; old is unchanged.
inline std::string run_plan() {
  const std::string helm =
      R"({"program":"helm","args":["upgrade","lake","$CACHE/charts/lake-1.2.3.tgz","--install"],"env":{}})";
  return R"({"v":1,"title":"Install flavour quickstart","steps":[)" +
         planned_step(0, "", "Create the cluster", "", R"({"program":"kwokctl","args":["create"],"env":{}})") + "," +
         planned_step(1, "db", "Install release db", "0", R"({"program":"helm","args":["upgrade","db","./db"]})") +
         "," + planned_step(2, "lake", "Install release lake", "0", helm) + "," +
         planned_step(3, "app", "Install release app", "2,1", "null") + "," +
         planned_step(4, "app", "Record app", "3", "null") +
         R"(],"components":[{"name":"db","namespace":"n","reason":"listed","unchanged":false},)"
         R"({"name":"old","namespace":"n","reason":"listed","unchanged":true},)"
         R"({"name":"lake","namespace":"n","reason":"needed by app: s3","unchanged":false},)"
         R"({"name":"app","namespace":"n","reason":"listed","unchanged":false}],)"
         R"("kept":[{"what":"PersistentVolumeClaim n/d","command":"kubectl delete pvc d"}],"notes":["a note"],)"
         R"("tools":["helm","kwokctl"]})";
}

/// One line of events.jsonl at second.millisecond 07:33:<at>.
inline std::string event(const std::string& at, const std::string& fields) {
  return R"({"v":1,)" + fields + R"(,"time":"2026-11-21T07:33:)" + at + "Z\"}\n";
}

inline std::string started(const std::string& at, int step, int attempt = 1) {
  return event(at, R"("type":"step_started","step":)" + std::to_string(step) + R"(,"attempt":)" +
                       std::to_string(attempt) + R"(,"command":"do )" + std::to_string(step) + "\"");
}

inline std::string finished(const std::string& at, int step, const std::string& status, int elapsed_ms) {
  return event(at, R"("type":"step_finished","step":)" + std::to_string(step) + R"(,"status":")" + status +
                       R"(","elapsed_ms":)" + std::to_string(elapsed_ms));
}

inline std::string run_started() {
  return event("55.000", R"("type":"run_started","run_id":"r","title":"Install flavour quickstart","steps":5)");
}

inline std::string run_finished(const std::string& at, const std::string& fields) {
  return event(at, R"("type":"run_finished",)" + fields);
}

/// A finding as domain::finding_node() writes it; `text` is its message.
inline std::string finding_text(const std::string& reason, const std::string& text) {
  return R"({"code":"DM810","name":"ImageNotFound","hopeless":true,"chain":[{"kind":"Deployment","namespace":"n",)"
         R"("name":"lake"},{"kind":"Pod","namespace":"n","name":"lake-0"}],"container":"main","reason":")" +
         reason + R"(","message":")" + text +
         R"(","exit_code":3,"last_log":["line one","line two"],"nodes":[{"node":"node-1","lacks":[{"what":"cpu",)"
         R"("text":"needs 4"}]}],"cause":"the name is wrong","next":"datamill why lake"})";
}

/// lake needs two attempts and fails, so that app is skipped; db is done.
inline std::string failed_run() {
  return run_started() + started("55.010", 0) + finished("57.010", 0, "done", 2000) + started("57.020", 1) +
         started("57.030", 2) +
         event("57.500", R"("type":"finding","step":2,"finding":)" + finding_text("ErrImagePull", "first")) +
         event("58.000", R"("type":"step_retried","step":2,"attempt":1,"reason":"connection refused","delay_ms":500)") +
         started("58.500", 2, 2) + finished("58.020", 1, "done", 1000) +
         event("59.000", R"("type":"finding","step":2,"finding":)" + finding_text("ImagePullBackOff", "second")) +
         finished("59.530", 2, "failed", 2500) +
         event("59.531",
               R"("type":"step_failed","step":2,"title":"Install release lake","component":"lake",)"
               R"("command":"helm upgrade lake","outcome":"exit code 1","timed_out":false,)"
               R"("last_lines":["Error: <no> & \"way\""],"code":"DM810","name":"ImageNotFound",)"
               R"("cause":"the image is not there","hint":"try again",)"
               R"("log_file":"/s/runs/r/003.log","skipped":["Install release app","Record app"],"findings":[)" +
                   finding_text("ImagePullBackOff", "second") + "]") +
         finished("59.532", 3, "skipped", 0) + finished("59.533", 4, "skipped", 0) +
         run_finished("59.540", R"("ok":false,"elapsed_ms":4540,"done":2,"already_done":0,"failed":1,"skipped":2,)"
                                R"("cancelled":0,"signal":"","timed_out":false)");
}

}  // namespace datamill::tests
