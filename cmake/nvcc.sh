# nvcc.sh REPORT NVCC ARGUMENTS...: compiles, keeping what ptxas says of every kernel in REPORT; other words (warnings,
# errors) go to the screen.
report="$1"
shift
"$@" 2>"$report.new"
status=$?
grep -v -E '^ptxas info|^ *[0-9]+ bytes (gmem|stack)|^ *[0-9]+ bytes cumulative' "$report.new" >&2
mv "$report.new" "$report"
exit $status
