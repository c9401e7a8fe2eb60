import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { loadEmbeddedPostgres } from './embedded-postgres.ts'
import { freePort } from './free-port.ts'
import { commandLine, processAlive, stopLeftOver } from './running-process.ts'
import { claimServer, findServer, releaseServer, writeServerState } from './server-folder.ts'
import { stopWithProcess } from './stop-with-process.ts'

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
 * It is stopped by `stop()`, and by the end of this process, Ctrl-C included.
 * Throws ServerInUse while another live process runs the server of that name.
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
  return findServer(stateName(name))
}

const stateName = (name: string) => `postgres-${name}`

async function startEmbedded(options: PostgresServerOptions): Promise<PostgresServer> {
  const name = stateName(options.name)
  const folder = claimServer(name)
  const release = () => releaseServer(name, { remove: options.throwaway })
  try {
    const server = await prepare(folder, options)
    const start = async () => {
      await server.start()
      writeServerState(name, { url: server.url, serverPid: postmasterPid(server.data) })
    }
    await start()
    const onItsOwn = stopWithProcess(() => signalPostmaster(server.data))
    return {
      url: server.url,
      kind: 'embedded',
      reason: `Postgres: embedded server on port ${server.port}, because DATABASE_URL is not set (data in ${server.data})`,
      stop: async () => {
        await server.stop()
        onItsOwn()
        release()
      },
      suspend: server.stop,
      resume: start,
    }
  } catch (error) {
    release()
    throw error
  }
}

/** A server on a free port whose data are there and whose password is known, but that does not run yet. */
async function prepare(folder: string, options: PostgresServerOptions) {
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  await stopLeftOver(postmasterPid(data), data, 'SIGINT')
  forgetDeadPostmaster(data)
  // The password is written when initdb is done: data without one are half made, or nobody can read them.
  const known = options.fresh !== true && existsSync(passwordFile) ? readFileSync(passwordFile, 'utf8') : null
  if (known === null) {
    rmSync(passwordFile, { force: true })
    rmSync(data, { recursive: true, force: true })
  }
  const password = known ?? randomBytes(16).toString('hex')
  const port = await freePort()
  const messages: string[] = []
  const EmbeddedPostgres = await loadEmbeddedPostgres()
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'postgres',
    password,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    postgresFlags: settings(data, options.throwaway === true),
    onLog: (message: string) => void messages.push(message),
    onError: (message) => void messages.push(String(message)),
  })
  const orTell = async (what: string, work: Promise<void>) => {
    try {
      await work
    } catch (cause) {
      throw new Error(`the embedded Postgres ${what}:\n${messages.slice(-20).join('')}`, { cause })
    }
  }
  if (known === null) {
    await orTell('could not be set up', server.initialise())
    writeFileSync(passwordFile, password, { mode: 0o600 })
  }
  return {
    data,
    port,
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    start: () => orTell('did not start', server.start()),
    stop: async () => {
      const pid = postmasterPid(data)
      // Waiting for the end of one that has ended already would never return.
      if (pid !== null && processAlive(pid)) await server.stop()
    },
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

function postmasterPid(data: string): number | null {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return null
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
  return Number.isNaN(pid) ? null : pid
}

/** Asks for a quick, clean shutdown, as Ctrl-C does. */
function signalPostmaster(data: string): void {
  const pid = postmasterPid(data)
  if (pid !== null && processAlive(pid)) process.kill(pid, 'SIGINT')
}

/** Postgres would take another process that has the number of a dead postmaster for it, and refuse to start. */
function forgetDeadPostmaster(data: string): void {
  const pid = postmasterPid(data)
  if (pid !== null && commandLine(pid)?.includes(data) !== true) rmSync(join(data, 'postmaster.pid'))
}
