// Builds helmfile, which bench/run --peers measures beside datamill. The replace lines are those of helmfile's own
// go.mod at this version; without them it does not compile.
module datamill/bench/helmfile

go 1.26.6

tool github.com/helmfile/helmfile

require github.com/helmfile/helmfile v1.8.0

replace (
	k8s.io/api => k8s.io/api v0.35.4
	k8s.io/apimachinery => k8s.io/apimachinery v0.36.0
	k8s.io/client-go => k8s.io/client-go v0.35.4
)
