import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { StartWorker } from '../backfill/workers/supervise-workers.ts'

const cli = new URL('../cli.ts', import.meta.url).pathname

/** Starts further workers as `landbridge worker` processes with the same configuration; they end with this process. */
export function workerProcesses(options: { config?: string; as?: string }): StartWorker {
  return (unit) => {
    const parameters = ['worker', '--no-duties', '--unit', unit, '--quiet']
    if (options.config !== undefined) parameters.push('--config', options.config)
    if (options.as !== undefined) parameters.push('--as', options.as)
    const child = fork(cli, parameters, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    // One that cannot be started is noticed as one that has ended.
    child.on('error', () => undefined)
    const ended = once(child, 'exit').catch(() => undefined)
    const isAlive = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined
    return {
      isAlive,
      async stop() {
        if (!isAlive()) return
        // It finishes its chunks when the channel closes, as it would if this process had died.
        if (child.connected) child.disconnect()
        await ended
      },
    }
  }
}
