import { closeSync, fdatasync, ftruncateSync, openSync, readFileSync, write } from 'node:fs'
import { promisify } from 'node:util'
import { decodeLogEntry, encodeLogEntry, type LogEntry } from './log-entry.ts'

const syncData = promisify(fdatasync)
const writeBytes = promisify(write)

/** Where entries go before anything of them is answered to a client. */
export interface EntrySink {
  append(entry: LogEntry): void
  /** Settles when every entry appended so far is kept. */
  kept(): Promise<void>
  close(): Promise<void>
}

export interface AppendOnlyFileOptions {
  path: string
  /** Also wait for the disk, not only for the operating system: survives a power cut, not only a kill. */
  fsync: boolean
  /** A mark of how far has been appended, taken when a group is closed. */
  position(): number
  /** Called for each group once it is kept, with its mark. */
  onKept(mark: number): void
}

/** The file cannot be read: entries in its middle do not match their checksum. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError'
  readonly code = 'STAND_IN_DATA_DAMAGED'
}

/** Reads every whole entry and cuts a torn one, which a kill can leave at the end and which nobody was answered. */
export function loadEntries(
  path: string,
  visit: (entry: LogEntry) => void,
): { entries: number; cutBytes: number } {
  const bytes = readIfThere(path)
  let offset = 0
  let entries = 0
  while (offset < bytes.length) {
    const frame = decodeLogEntry(bytes, offset)
    if (frame === 'damaged' && !isTornTail(bytes, offset)) {
      throw new DamagedFileError(
        `${path} is damaged at byte ${offset}: the entry there does not match its checksum, and more follows. ` +
          'Restore the file, or start with an empty data folder.',
      )
    }
    if (typeof frame === 'string') break
    visit(frame.entry)
    entries++
    offset += frame.length
  }
  if (offset < bytes.length) cutFile(path, offset)
  return { entries, cutBytes: bytes.length - offset }
}

/** The last entry with its length but not all of its content, or nothing but zeros: what a power cut can leave. */
function isTornTail(bytes: Buffer, offset: number): boolean {
  return (
    offset + bytes.readUInt32LE(offset) === bytes.length || bytes.subarray(offset).every((byte) => byte === 0)
  )
}

/** Appends in groups: all that came while the group before was written costs one write. */
export function openAppendOnlyFile({ path, fsync, position, onKept }: AppendOnlyFileOptions): EntrySink {
  const file = openSync(path, 'a')
  let pending: Buffer[] = []
  /** Settles when the entries that wait are kept, and when the group that is being written is. */
  let waiting: PromiseWithResolvers<void> | undefined
  let writing: PromiseWithResolvers<void> | undefined
  let failure: Error | undefined

  async function writeGroups(): Promise<void> {
    await new Promise(setImmediate)
    while (waiting !== undefined && failure === undefined) {
      const group = pending
      const kept = waiting
      // What is appended from here on belongs to the next group, and may not be shown with this one.
      const mark = position()
      pending = []
      writing = kept
      waiting = undefined
      try {
        await writeWhole(file, group)
        if (fsync) await syncData(file)
        onKept(mark)
        kept.resolve()
      } catch (error) {
        // What was not kept must never be acknowledged later either: the server answers nothing more.
        failure = error instanceof Error ? error : new Error(String(error))
        kept.reject(failure)
      }
    }
    writing = undefined
  }

  function kept(): Promise<void> {
    if (failure !== undefined) return Promise.reject(failure)
    return waiting?.promise ?? writing?.promise ?? Promise.resolve()
  }

  return {
    append: (entry) => {
      pending.push(encodeLogEntry(entry))
      if (waiting !== undefined) return
      waiting = Promise.withResolvers()
      // Also without a client that waits (TTL, transactions that end), a failure counts; it is told at the next question.
      waiting.promise.catch(() => {})
      if (writing === undefined) void writeGroups()
    },
    kept,
    close: async () => {
      await kept()
      closeSync(file)
    },
  }
}

/** Keeps nothing: for servers whose data may end with their process. */
export function openMemorySink({
  position,
  onKept,
}: Pick<AppendOnlyFileOptions, 'position' | 'onKept'>): EntrySink {
  return {
    append: () => queueMicrotask(() => onKept(position())),
    kept: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

/** Does not block: on a busy disk even an append can take milliseconds, in which reads and heartbeats must go on. */
async function writeWhole(file: number, group: Buffer[]): Promise<void> {
  let rest = group.length === 1 ? (group[0] as Buffer) : Buffer.concat(group)
  while (rest.length > 0) rest = rest.subarray((await writeBytes(file, rest)).bytesWritten)
}

function cutFile(path: string, length: number): void {
  const file = openSync(path, 'r+')
  try {
    ftruncateSync(file, length)
  } finally {
    closeSync(file)
  }
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
