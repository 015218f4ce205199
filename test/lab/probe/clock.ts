/** Milliseconds since 1970 with a fraction; comparable with tcpdump's stamps on the same machine. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Calls back every `interval` milliseconds, and catches up when the process was held up. Returns what stops it. */
export function tick(interval: number, callback: () => void): () => void {
  const start = performance.now();
  let done = 0;
  let timer: NodeJS.Timeout | undefined;
  const turn = () => {
    const due = Math.floor((performance.now() - start) / interval) + 1;
    for (; done < due; done++) callback();
    timer = setTimeout(turn, Math.max(0, start + done * interval - performance.now()));
  };
  turn();
  return () => clearTimeout(timer);
}
