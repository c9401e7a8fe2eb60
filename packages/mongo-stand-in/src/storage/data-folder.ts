import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Another process uses the data folder. */
export class DataFolderLockedError extends Error {
  override readonly name = 'DataFolderLockedError'
  readonly code = 'STAND_IN_DATA_LOCKED'
}

export interface DataFolder {
  readonly path: string
  release(): void
}

const heldHere = new Set<string>()

/**
 * Creates the folder if needed and makes this process its only user. A lock of a process that no longer lives, as
 * a kill leaves it, is taken over.
 */
export function takeDataFolder(folder: string): DataFolder {
  const path = resolve(folder)
  mkdirSync(path, { recursive: true })
  const lock = join(path, 'lock')
  if (!tryLock(lock)) {
    const owner = Number(readFileSync(lock, 'utf8'))
    if (heldHere.has(path) || (owner !== process.pid && isAlive(owner))) {
      throw new DataFolderLockedError(
        `The data folder ${path} is in use by process ${owner}. Stop that server, or give another --data folder.`,
      )
    }
    writeFileSync(lock, String(process.pid))
  }
  heldHere.add(path)
  return {
    path,
    release: () => {
      heldHere.delete(path)
      rmSync(lock, { force: true })
    },
  }
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
