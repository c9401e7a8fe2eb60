import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface StandInProcess {
  /** The connection string that it printed. */
  readonly url: string
  /** Resident memory in bytes, as the operating system sees it. */
  residentBytes(): number
  stop(): Promise<void>
}

/**
 * Starts the stand-in's command as its users do: the file itself, which says with which flags of Node it wants to run, in
 * a process of its own, on a free port.
 */
export async function startStandInProcess(args: readonly string[]): Promise<StandInProcess> {
  const cli = fileURLToPath(import.meta.resolve('mongo-stand-in/cli'))
  const child = spawn(cli, ['--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The Node that runs the benchmark, wherever that was found.
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
  })
  const url = await readyUrl(child)
  return {
    url,
    residentBytes: () =>
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })) * 1024,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The line by which the command says that it is ready. */
async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The output of the stand-in is a pipe')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /mongodb:\S+/.exec(line)?.[0]
    if (url === undefined) continue
    // Nothing else is expected; read on, so that it could never block on a full pipe.
    child.stdout.resume()
    return url
  }
  throw new Error('The stand-in ended before it was ready; what it wrote on stderr says why')
}
