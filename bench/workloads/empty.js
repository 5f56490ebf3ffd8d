// Workload 8: starting and ending, nothing else.
export default function () {}
