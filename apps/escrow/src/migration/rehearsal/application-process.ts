import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { stopWithProcess } from '../../platform/stop-with-process.ts'

/** One running application, as an operating system sees it. */
export interface ApplicationProcess {
  name: string
  url: string
  pid: number
  /** SIGKILL: nothing of it gets a chance to clean up. */
  kill(): Promise<void>
  /** SIGTERM: it finishes what it does. */
  stop(): Promise<void>
  exited(): boolean
}

export interface ApplicationStart {
  name: string
  port: number
  /** `migration/main.ts` while units move, `main.ts` afterwards. */
  program: 'migration' | 'final'
  environment: Record<string, string>
  /** How long it may take until /api/health answers. */
  readyMs?: number
  /** Gets every line that the program prints. */
  onLine?: (line: string) => void
}

const programs = {
  migration: fileURLToPath(new URL('../main.ts', import.meta.url)),
  final: fileURLToPath(new URL('../../main.ts', import.meta.url)),
}

/** Starts a program and waits until it answers; throws with its last output if it does not. */
export async function startApplication(start: ApplicationStart): Promise<ApplicationProcess> {
  const child = spawn(process.execPath, [programs[start.program]], {
    env: { ...process.env, ...start.environment, PORT: String(start.port), NODE_NAME: start.name },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = lastLines(child, start.onLine)
  const onItsOwn = stopWithProcess(() => void child.kill('SIGKILL'))
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      onItsOwn()
      resolve()
    })
  })
  const url = `http://127.0.0.1:${start.port}`
  await waitUntilHealthy(
    child,
    url,
    start.readyMs ?? 20_000,
    () => `${start.name} (${start.program})\n${output.join('')}`,
  )
  return {
    name: start.name,
    url,
    pid: child.pid ?? 0,
    exited: () => child.exitCode !== null || child.signalCode !== null,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.kill('SIGTERM')
      const late = sleep(10_000, 'late' as const, { ref: false })
      if ((await Promise.race([ended, late])) === 'late') child.kill('SIGKILL')
      await ended
    },
  }
}

function lastLines(child: ChildProcess, onLine?: (line: string) => void): string[] {
  const last: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      last.push(`${line}\n`)
      if (last.length > 40) last.shift()
      onLine?.(line)
    })
  }
  return last
}

async function waitUntilHealthy(
  child: ChildProcess,
  url: string,
  readyMs: number,
  describe: () => string,
): Promise<void> {
  const until = Date.now() + readyMs
  while (Date.now() < until && child.exitCode === null) {
    if (await answers(`${url}/api/health`)) return
    await sleep(50)
  }
  child.kill('SIGKILL')
  throw new Error(`an application did not become healthy: ${describe()}`)
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok
  } catch {
    // Not listening yet: the caller asks again until its time is up.
    return false
  }
}
