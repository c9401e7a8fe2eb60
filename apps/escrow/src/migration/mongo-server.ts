import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { freePort } from '../platform/free-port.ts'
import {
  clearServerState,
  processAlive,
  readServerState,
  ServerInUse,
  serverFolder,
  writeServerState,
} from '../platform/server-folder.ts'

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
  const earlier = readServerState(name)
  if (earlier !== null && earlier.ownerPid !== process.pid && processAlive(earlier.ownerPid)) {
    throw new ServerInUse(name, earlier.ownerPid)
  }
  await stopLeftOver(earlier?.serverPid ?? null)
  const data = join(serverFolder(name), 'data')
  if (options.fresh === true) rmSync(data, { recursive: true, force: true })
  mkdirSync(data, { recursive: true })
  const port = await freePort()
  const mongod = mongodOnPath()
  const child = mongod === null ? startStandIn(data, port) : startMongod(mongod, data, port)
  const url = `mongodb://127.0.0.1:${port}/?replicaSet=rs0`
  const stop = stopperOf(child, name, options.throwaway === true)
  try {
    await waitUntilReady(child, port, mongod !== null)
  } catch (error) {
    await stop()
    throw error
  }
  writeServerState(name, { url, ownerPid: process.pid, serverPid: child.process.pid ?? null })
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
  const state = readServerState(stateName(name))
  return state !== null && processAlive(state.ownerPid) ? state.url : null
}

const stateName = (name: string) => `mongo-${name}`

interface Started {
  process: ChildProcess
  /** The last lines that it printed, for the message when it does not start. */
  output: string[]
}

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
  while (Date.now() < until && child.process.exitCode === null) {
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

/** The server runs in a process group of its own, so that Ctrl-C reaches the application first. */
function stopperOf(child: Started, name: string, throwaway: boolean): () => Promise<void> {
  const onExit = () => child.process.kill('SIGTERM')
  process.once('exit', onExit)
  return async () => {
    process.off('exit', onExit)
    if (child.process.exitCode === null && child.process.signalCode === null) {
      const ended = new Promise<void>((resolve) => child.process.once('exit', () => resolve()))
      child.process.kill('SIGTERM')
      await ended
    }
    clearServerState(name)
    if (throwaway) rmSync(serverFolder(name), { recursive: true, force: true })
  }
}

async function stopLeftOver(pid: number | null): Promise<void> {
  if (pid === null || !processAlive(pid)) return
  process.kill(pid, 'SIGTERM')
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (!processAlive(pid)) return
    await sleep(50)
  }
}
