import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const script = new URL('./worker-process.ts', import.meta.url).pathname

export interface TestedWorker {
  name: string
  /** Its row in landbridge.chunk_worker. */
  id: string
  process: ChildProcess
  isAlive(): boolean
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
  /** SIGTERM: it finishes its chunks. */
  stop(): Promise<void>
}

/** Starts a real process that copies chunks, and returns when it is ready. */
export async function startWorkerProcess(
  stores: { postgresUrl: string; mongoUrl: string; databaseName: string },
  name: string,
): Promise<TestedWorker> {
  const child = spawn(process.execPath, [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      POSTGRES_URL: stores.postgresUrl,
      MONGO_URL: stores.mongoUrl,
      MONGO_DATABASE: stores.databaseName,
      WORKER_NAME: name,
    },
  })
  const ended = once(child, 'exit')
  const ready = once(createInterface(child.stdout), 'line')
  const [line] = await Promise.race([ready, ended.then(() => [undefined])])
  if (typeof line !== 'string') throw new Error(`the worker ${name} could not start`)
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  return {
    name,
    id: line,
    process: child,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}
