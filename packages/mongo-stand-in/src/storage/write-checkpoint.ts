import { closeSync, fsync, open, rename, rmSync, write } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type CheckpointEntry, encodeCheckpointEntry } from './checkpoint-entry.ts'
import { checkpointPath, syncFolder, unfinishedPath } from './data-files.ts'

const openFile = promisify(open)
const writeBytes = promisify(write)
const syncFile = promisify(fsync)
const renameFile = promisify(rename)

export interface CheckpointOptions {
  folder: string
  /** The first segment that is newer than the state. */
  number: number
  entries: Iterable<CheckpointEntry>
  signal: AbortSignal
  /** Settles when all that the state shows is in the log. */
  logKept(): Promise<void>
}

/**
 * Writes the state to a file of its own, a slice in each turn of the event loop, and gives it its name when it is whole
 * and on the disk. Without that name it counts for nothing.
 *
 * @returns the file's bytes
 */
export async function writeCheckpoint(options: CheckpointOptions): Promise<number> {
  const { folder, number, entries, signal, logKept } = options
  const path = unfinishedPath(folder, number)
  const file = await openFile(path, 'w')
  try {
    const bytes = await writeEntries(file, entries, signal).finally(() => closeSync(file))
    // The state shows what was committed, also what is on its way into the log only now. With a checkpoint that knew
    // more than the log, change streams would never tell of it.
    await logKept()
    signal.throwIfAborted()
    await renameFile(path, checkpointPath(folder, number))
    syncFolder(folder)
    return bytes
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  }
}

async function writeEntries(
  file: number,
  entries: Iterable<CheckpointEntry>,
  signal: AbortSignal,
): Promise<number> {
  let total = 0
  for (const entry of entries) {
    let rest = encodeCheckpointEntry(entry)
    total += rest.length
    while (rest.length > 0) rest = rest.subarray((await writeBytes(file, rest)).bytesWritten)
    await nextTurn()
    signal.throwIfAborted()
  }
  await syncFile(file)
  return total
}
