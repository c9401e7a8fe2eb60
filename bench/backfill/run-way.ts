import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { WayRequest } from './bench-engine.ts'

export interface WayRun {
  ms: number
  /** The most that one of its processes held in memory. */
  rssMb: number
}

/** What else belongs to a way and its time, around the work of its processes. */
export interface Around {
  before?: () => Promise<unknown>
  after?: () => Promise<unknown>
}

/** Starts the processes of a way, waits until all are ready, and measures from there. */
export async function runWay(requests: readonly WayRequest[], around: Around = {}): Promise<WayRun> {
  const children = requests.map((request) =>
    fork(fileURLToPath(new URL('./way.ts', import.meta.url)), [JSON.stringify(request)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  )
  try {
    await Promise.all(children.map((child) => messageOf(child)))
    const start = performance.now()
    await around.before?.()
    for (const child of children) child.send('go')
    const said = await Promise.all(children.map((child) => messageOf(child)))
    await around.after?.()
    const ms = performance.now() - start
    return { ms, rssMb: Math.max(...said.map(({ rssMb }) => rssMb ?? 0)) }
  } finally {
    for (const child of children) child.kill()
  }
}

async function messageOf(child: ChildProcess): Promise<{ rssMb?: number }> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`A process of the benchmark ended with ${String(code)}`)
  })
  ended.catch(() => undefined)
  const [message] = await Promise.race([once(child, 'message'), ended])
  return message as { rssMb?: number }
}
