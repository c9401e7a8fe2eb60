const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** What is to be stopped; one listener a signal serves all of them, so that they never wait for each other. */
const stops = new Set<() => void>()

/**
 * Calls `stop` when this process ends, however it ends (all but SIGKILL); answers how to give that up. `stop` cannot
 * wait: it sends a signal and is done. A process that handles signals itself decides when it ends.
 */
export function stopWithProcess(stop: () => void): () => void {
  if (stops.size === 0) listen()
  stops.add(stop)
  return () => {
    if (stops.delete(stop) && stops.size === 0) stopListening()
  }
}

function stopAll(): void {
  for (const stop of stops) stop()
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  stopListening()
  stopAll()
  // Nobody listens any more: the signal does now what it would have done.
  process.kill(process.pid, signal)
}

function listen(): void {
  process.once('exit', stopAll)
  // A default action would end the process without an 'exit' event.
  for (const signal of signals) process.on(signal, onSignal)
}

function stopListening(): void {
  process.off('exit', stopAll)
  for (const signal of signals) process.off(signal, onSignal)
}
