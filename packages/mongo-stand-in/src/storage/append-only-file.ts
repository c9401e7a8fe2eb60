import { closeSync, fdatasync, ftruncateSync, openSync, readFileSync, writevSync } from 'node:fs'
import { promisify } from 'node:util'
import { decodeLogEntry, encodeLogEntry, type LogEntry } from './log-entry.ts'

const syncData = promisify(fdatasync)

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
  /** Called for each group of entries once it is kept. */
  onKept(): void
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

/** Appends in groups: all that came within one turn of the event loop costs one write. */
export function openAppendOnlyFile({ path, fsync, onKept }: AppendOnlyFileOptions): EntrySink {
  const file = openSync(path, 'a')
  let pending: Buffer[] = []
  let running: Promise<void> | undefined
  let failure: Error | undefined

  async function writeGroups(): Promise<void> {
    await new Promise(setImmediate)
    while (pending.length > 0) {
      const group = pending
      pending = []
      writeWhole(file, group)
      if (fsync) await syncData(file)
      onKept()
    }
  }

  function kept(): Promise<void> {
    if (failure !== undefined) return Promise.reject(failure)
    if (pending.length === 0 && running === undefined) return Promise.resolve()
    running ??= writeGroups().then(
      () => {
        running = undefined
      },
      (error: Error) => {
        // What was not kept must never be acknowledged later either: the server answers nothing more.
        failure = error
        throw error
      },
    )
    return running
  }

  return {
    append: (entry) => {
      pending.push(encodeLogEntry(entry))
      // Also without a client that waits (TTL, ended transactions), entries reach the file.
      kept().catch(() => {})
    },
    kept,
    close: async () => {
      await kept()
      closeSync(file)
    },
  }
}

/** Keeps nothing: for servers whose data may end with their process. */
export function openMemorySink(onKept: () => void): EntrySink {
  return {
    append: () => queueMicrotask(onKept),
    kept: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

function writeWhole(file: number, group: Buffer[]): void {
  const whole = group.length === 1 ? (group[0] as Buffer) : Buffer.concat(group)
  for (let written = 0; written < whole.length; ) written += writevSync(file, [whole.subarray(written)])
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
