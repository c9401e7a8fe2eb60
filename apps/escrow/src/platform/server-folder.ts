import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { commandLine, processAlive } from './running-process.ts'

/**
 * Folder of one kind of local server ("postgres-rehearsal", "mongo-test"): its data, who owns it, and a state file by
 * which other commands find it. It lies under the system's temporary folder, not in the home: a Postgres that is
 * started by root runs as another user, who may not enter root's home. `LANDBRIDGE_CACHE` moves it.
 */
export function serverFolder(name: string): string {
  const root = process.env.LANDBRIDGE_CACHE ?? join(tmpdir(), `landbridge-${userInfo().username}`)
  return join(root, name)
}

/** What a running server tells about itself. */
export interface ServerState {
  url: string
  serverPid: number | null
}

interface Owner {
  pid: number
  command: string | null
}

/** The names that this very process owns: a number alone cannot tell it from a dead process that had the same. */
const owned = new Set<string>()

/** A server of that name is run by a live process; naming it tells the user what to stop. */
export class ServerInUse extends Error {
  readonly code = 'ESCROW_SERVER_IN_USE'

  constructor(name: string, ownerPid: number) {
    super(
      ownerPid === process.pid
        ? `"${name}" is already run by this process: stop it first, or choose another name`
        : `"${name}" is already run by process ${ownerPid}: wait until it ends, or stop it (kill ${ownerPid})`,
    )
    this.name = 'ServerInUse'
  }
}

/**
 * Makes this process the owner of the server of that name, before anything of it is touched: of two that start at
 * once, one gets ServerInUse. A folder whose owner has died is taken over. Answers the folder.
 */
export function claimServer(name: string): string {
  const folder = serverFolder(name)
  // Searchable by the user that Postgres runs as, readable by nobody else: the state holds a password.
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const mine = join(folder, `owner.${process.pid}`)
  const owner: Owner = { pid: process.pid, command: commandLine(process.pid) }
  writeFileSync(mine, JSON.stringify(owner), { mode: 0o600 })
  try {
    claimFile(name, mine)
  } finally {
    rmSync(mine, { force: true })
  }
  owned.add(name)
  return folder
}

function claimFile(name: string, mine: string): void {
  const file = ownerFile(name)
  for (;;) {
    try {
      // A link is made whole or not at all, and never over another one.
      linkSync(mine, file)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const other = readJson<Owner>(file)
    if (other === null) continue
    if (isAlive(name, other)) throw new ServerInUse(name, other.pid)
    removeDead(file, `${mine}.dead`, other)
  }
}

/** Two may find the same dead owner; the slower of them must not remove what the faster has put there. */
function removeDead(file: string, aside: string, dead: Owner): void {
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (readJson<Owner>(aside)?.pid !== dead.pid) linkSync(aside, file)
  rmSync(aside)
}

/** Gives the server of that name up; with `remove` its data go too. */
export function releaseServer(name: string, options: { remove?: boolean } = {}): void {
  owned.delete(name)
  rmSync(stateFile(name), { force: true })
  rmSync(ownerFile(name), { force: true })
  if (options.remove === true) rmSync(serverFolder(name), { recursive: true, force: true })
}

/** Written whole and renamed, so that a reader never sees half of it. */
export function writeServerState(name: string, state: ServerState): void {
  const file = stateFile(name)
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** What the last server of that name told; its owner may have died since. */
export function readServerState(name: string): ServerState | null {
  return readJson<ServerState>(stateFile(name))
}

/** Address of the server of that name while its owner lives; null otherwise. */
export function findServer(name: string): string | null {
  const owner = readJson<Owner>(ownerFile(name))
  if (owner === null || !isAlive(name, owner)) return null
  return readServerState(name)?.url ?? null
}

function isAlive(name: string, owner: Owner): boolean {
  if (owner.pid === process.pid) return owned.has(name)
  return processAlive(owner.pid) && (owner.command === null || commandLine(owner.pid) === owner.command)
}

const ownerFile = (name: string) => join(serverFolder(name), 'owner.json')
const stateFile = (name: string) => join(serverFolder(name), 'server.json')

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
