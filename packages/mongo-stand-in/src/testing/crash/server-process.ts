import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { RULES, Violation } from './violation.ts'

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url))

export interface ServerProcess {
  readonly url: string
  readonly port: number
  /** Ends it as a power switch would end the program: nothing that it wanted to do yet is done. */
  kill(): Promise<void>
}

/** Starts the command in a process of its own; port 0 picks a free one. */
export async function startServer(port: number, args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [CLI, '--port', String(port), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const url = await readyUrl(child)
  if (url === undefined) throw new Violation(RULES.start, said)
  return {
    url,
    port: Number(/:(\d+)\//.exec(url)?.[1]),
    kill: async () => {
      if (child.exitCode !== null) throw new Violation(RULES.start, `the server ended by itself: ${said}`)
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    },
  }
}

async function readyUrl(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) throw new Error('The output of the server is a pipe')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /mongodb:\S+/.exec(line)?.[0]
    if (url !== undefined) return url
  }
  return undefined
}
