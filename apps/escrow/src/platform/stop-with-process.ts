const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Calls `stop` when this process ends, however it ends (all but SIGKILL); answers how to give that up. `stop` cannot
 * wait: it sends a signal and is done. A process that handles signals itself decides when it ends.
 */
export function stopWithProcess(stop: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return
    giveUp()
    stop()
    // Nobody listens any more: the signal does now what it would have done.
    process.kill(process.pid, signal)
  }
  const giveUp = () => {
    process.off('exit', stop)
    for (const signal of signals) process.off(signal, onSignal)
  }
  process.once('exit', stop)
  // A default action would end the process without an 'exit' event.
  for (const signal of signals) process.on(signal, onSignal)
  return giveUp
}
