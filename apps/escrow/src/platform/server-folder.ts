import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * Folder of one kind of local server ("postgres-rehearsal", "mongo-test"): its data and a state file by which other
 * commands find it. It lies under the system's temporary folder, not in the home: a Postgres that is started by root
 * runs as another user, who may not enter root's home. `LANDBRIDGE_CACHE` moves it.
 */
export function serverFolder(name: string): string {
  const root = process.env.LANDBRIDGE_CACHE ?? join(tmpdir(), `landbridge-${userInfo().username}`)
  const folder = join(root, name)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** What a running server tells about itself. */
export interface ServerState {
  url: string
  /** Process that started the server and stops it. */
  ownerPid: number
  serverPid: number | null
}

/** Written whole and renamed, so that a reader never sees half of it. */
export function writeServerState(name: string, state: ServerState): void {
  const file = join(serverFolder(name), 'server.json')
  writeFileSync(`${file}.new`, JSON.stringify(state))
  renameSync(`${file}.new`, file)
}

/** The state of the server of that name while its owner lives; null otherwise. */
export function readServerState(name: string): ServerState | null {
  let text: string
  try {
    text = readFileSync(join(serverFolder(name), 'server.json'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return JSON.parse(text) as ServerState
}

export function clearServerState(name: string): void {
  rmSync(join(serverFolder(name), 'server.json'), { force: true })
}

/** True while a process of that number runs (as whoever). */
export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A server of that name is run by another live process; naming it tells the user what to stop. */
export class ServerInUse extends Error {
  readonly code = 'ESCROW_SERVER_IN_USE'

  constructor(name: string, ownerPid: number) {
    super(
      `"${name}" is already run by process ${ownerPid}: wait until it ends, or stop it (kill ${ownerPid})`,
    )
    this.name = 'ServerInUse'
  }
}
