// The scripts only pass the words on to `datamill __complete`, so they never have to be made anew. It answers with one
// candidate a line, "word<TAB>meaning", and ":files" or ":folders" where paths may stand too.
#include "cli/completion.hpp"

namespace datamill::cli {

namespace {

constexpr std::string_view kBash = R"script(# bash completion of datamill; made by "datamill completion bash"
_datamill() {
  local line="${COMP_LINE:0:COMP_POINT}" words current candidate cut="" paths="" i
  # Not COMP_WORDS: it is split at "=" and ":" too.
  read -r -a words <<<"$line"
  case "$line" in *[[:space:]]) words+=("") ;; esac
  current="${words[${#words[@]}-1]}"
  case "$current" in
    --*=*) case "$COMP_WORDBREAKS" in *=*) cut="${current%%=*}=" ;; esac ;;
  esac
  COMPREPLY=()
  while IFS= read -r candidate; do
    case "$candidate" in
      :files) paths="-f" ;;
      :folders) paths="-d" ;;
      *)
        candidate="${candidate%%$'\t'*}"
        COMPREPLY+=("${candidate#"$cut"}")
        ;;
    esac
  done < <("${words[0]/#\~/$HOME}" __complete "${words[@]:1}" 2>/dev/null)
  if [ -n "$paths" ]; then
    compopt -o filenames 2>/dev/null
    local before=${#COMPREPLY[@]}
    while IFS= read -r candidate; do
      COMPREPLY+=("$candidate")
    done < <(compgen "$paths" -- "${current#"$cut"}")
    # A name of a flavour is no file, although one may be called so.
    for ((i = 0; i < before; i++)); do
      if [ -d "${COMPREPLY[i]}" ]; then compopt +o filenames 2>/dev/null; fi
    done
  fi
}
complete -F _datamill datamill
)script";

constexpr std::string_view kZsh = R"script(#compdef datamill
# zsh completion of datamill; made by "datamill completion zsh"
_datamill() {
  local line word paths=""
  local -a names shown
  for line in "${(@f)$("${(e)words[1]/#\~/$HOME}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case "$line" in
      "") ;;
      :files) paths=files ;;
      :folders) paths=folders ;;
      *)
        word="${line%%$'\t'*}"
        names+=("$word")
        if [[ "$line" == *$'\t'?* ]]; then shown+=("$word -- ${line#*$'\t'}"); else shown+=("$word"); fi
        ;;
    esac
  done
  (( ${#names} )) && compadd -l -d shown -a names
  case "$paths" in
    files) compset -P '*='; _files ;;
    folders) compset -P '*='; _files -/ ;;
  esac
}
if [ "${funcstack[1]}" = "_datamill" ]; then
  _datamill "$@"
else
  compdef _datamill datamill
fi
)script";

constexpr std::string_view kFish = R"script(# fish completion of datamill; made by "datamill completion fish"
function __datamill_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --current-token --cut-at-cursor)
    for line in ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :folders
                __fish_complete_directories "$current" ""
            case '*'
                echo $line
        end
    end
end
complete --command datamill --no-files --arguments '(__datamill_complete)'
)script";

}  // namespace

std::string_view completion_script(std::string_view shell) {
  if (shell == "bash") return kBash;
  return shell == "zsh" ? kZsh : kFish;
}

}  // namespace datamill::cli
