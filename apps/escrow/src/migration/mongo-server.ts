import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { freePort } from '../platform/free-port.ts'
import { stopLeftOver } from '../platform/running-process.ts'
import {
  claimServer,
  findServer,
  readServerState,
  releaseServer,
  writeServerState,
} from '../platform/server-folder.ts'
import { stopWithProcess } from '../platform/stop-with-process.ts'

/** A MongoDB replica set to work with, and why it is this one. */
export interface MongoServer {
  url: string
  kind: 'MONGO_URL' | 'mongod' | 'stand-in'
  reason: string
  stop(): Promise<void>
}

export interface MongoServerOptions {
  /** Servers of different names have different folders and may run side by side. */
  name: string
  /** Removes the data of an earlier run first. */
  fresh?: boolean
  /** Removes the data when it stops, for tests. */
  throwaway?: boolean
}

/**
 * `MONGO_URL` if it is set; else a `mongod` on the PATH, started as a one-node replica set; else the stand-in in a
 * process of its own. Servers that we start end with `stop()` and with this process.
 * Throws ServerInUse while another live process runs the server of that name.
 */
export async function acquireMongo(options: MongoServerOptions): Promise<MongoServer> {
  const given = process.env.MONGO_URL
  if (given !== undefined && given !== '') {
    return {
      url: given,
      kind: 'MONGO_URL',
      reason: 'MongoDB: MONGO_URL, because it is set',
      stop: async () => {},
    }
  }
  const name = stateName(options.name)
  const folder = claimServer(name)
  try {
    return await startOwn(name, folder, options)
  } catch (error) {
    releaseServer(name, { remove: options.throwaway })
    throw error
  }
}

async function startOwn(name: string, folder: string, options: MongoServerOptions): Promise<MongoServer> {
  const data = join(folder, 'data')
  await stopLeftOver(readServerState(name)?.serverPid ?? null, data, 'SIGTERM')
  const mongod = mongodOnPath()
  if (options.fresh === true) rmSync(data, { recursive: true, force: true })
  mkdirSync(data, { recursive: true })
  const port = await freePort()
  const child = mongod === null ? startStandIn(data, port) : startMongod(mongod, data, port)
  // Before it is ready: a server whose owner is killed meanwhile must be found by the next one.
  const url = `mongodb://127.0.0.1:${port}/?replicaSet=rs0`
  writeServerState(name, { url, serverPid: child.process.pid ?? null })
  const onItsOwn = stopWithProcess(() => child.process.kill('SIGTERM'))
  const end = async () => {
    await endOf(child)
    onItsOwn()
  }
  try {
    await waitUntilReady(child, port, mongod !== null)
  } catch (error) {
    await end()
    throw error
  }
  const stop = async () => {
    await end()
    releaseServer(name, { remove: options.throwaway })
  }
  return mongod === null
    ? {
        url,
        kind: 'stand-in',
        reason: `MongoDB: the stand-in for tests and demos on port ${port}, because MONGO_URL is not set and no mongod is on the PATH`,
        stop,
      }
    : {
        url,
        kind: 'mongod',
        reason: `MongoDB: ${mongod} on port ${port}, because MONGO_URL is not set`,
        stop,
      }
}

/** Address of the server of that name while it runs; null otherwise. */
export function findMongo(name: string): string | null {
  return findServer(stateName(name))
}

const stateName = (name: string) => `mongo-${name}`

interface Started {
  process: ChildProcess
  /** The last lines that it printed, for the message when it does not start. */
  output: string[]
}

/** In a process group of its own, so that Ctrl-C reaches the application first. */
function start(command: string, args: string[]): Started {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output.push(chunk.toString('utf8'))
      if (output.length > 50) output.shift()
    })
  }
  return { process: child, output }
}

function startStandIn(data: string, port: number): Started {
  const cli = createRequire(import.meta.url).resolve('mongo-stand-in/cli')
  return start(process.execPath, [cli, '--port', String(port), '--replica-set', 'rs0', '--data', data])
}

function startMongod(mongod: string, data: string, port: number): Started {
  return start(mongod, [
    '--port',
    String(port),
    '--bind_ip',
    '127.0.0.1',
    '--replSet',
    'rs0',
    '--dbpath',
    data,
  ])
}

function mongodOnPath(): string | null {
  try {
    execFileSync('mongod', ['--version'], { stdio: 'ignore' })
    return 'mongod'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new Error('a mongod is on the PATH but `mongod --version` fails: mend it, or set MONGO_URL', {
      cause: error,
    })
  }
}

async function waitUntilReady(child: Started, port: number, initiate: boolean): Promise<void> {
  const until = Date.now() + 30_000
  let last: unknown
  while (Date.now() < until && isRunning(child)) {
    try {
      if (await isPrimary(port, initiate)) return
    } catch (error) {
      // Not listening yet, or the set is being made: asked again until the time is up.
      last = error
    }
    await sleep(100)
  }
  throw new Error(`MongoDB did not become ready on port ${port}:\n${child.output.join('')}`, { cause: last })
}

/** With a client of its own each time: one that failed to connect does not look again at once. */
async function isPrimary(port: number, initiate: boolean): Promise<boolean> {
  await using client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1_000,
  })
  const admin = client.db('admin')
  const hello = await admin.command({ hello: 1 })
  if (hello.isWritablePrimary === true) return true
  if (initiate && hello.setName === undefined) {
    await admin.command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: `127.0.0.1:${port}` }] } })
  }
  return false
}

const isRunning = ({ process: child }: Started) => child.exitCode === null && child.signalCode === null

async function endOf(started: Started): Promise<void> {
  if (!isRunning(started)) return
  const child = started.process
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  await ended
}
