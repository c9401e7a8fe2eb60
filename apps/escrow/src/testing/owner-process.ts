import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** For tests of servers that a process of its own has started. */
export interface OwnerProcess {
  process: ChildProcess
  /** What it said when it was ready. */
  told: string
  /** Resolves when it has ended: its exit code or its signal. */
  ended: Promise<number | NodeJS.Signals>
  stderr(): string
}

/** Runs `code` (an ES module) in a process of its own and waits until it prints a line or ends. */
export async function ownerProcess(code: string): Promise<OwnerProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
  })
  const ended = once(child, 'exit').then(([status, signal]) => (status ?? signal) as number | NodeJS.Signals)
  const line = once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text))
  const told = await Promise.race([line, ended.then(() => '')])
  return { process: child, told, ended, stderr: () => stderr }
}
