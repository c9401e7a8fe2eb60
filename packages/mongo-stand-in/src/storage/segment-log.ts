import { closeSync, fdatasync, fsync as fsyncFile, open, write } from 'node:fs'
import { promisify } from 'node:util'
import { type ClusterTime, fromTimestamp, toTimestamp } from './cluster-clock.ts'
import { segmentPath } from './data-files.ts'
import type { EntrySink, SinkProgress } from './entry-sink.ts'
import { encodeLogEntry, encodeSegmentHeader, type LogEntry } from './log-entry.ts'

const syncData = promisify(fdatasync)
const syncFile = promisify(fsyncFile)
const openFile = promisify(open)
const writeBytes = promisify(write)

/** One file of the log. */
export interface Segment {
  readonly number: number
  /** The time of the last entry before it. */
  readonly after: ClusterTime
  bytes: number
}

export interface SegmentLogOptions extends SinkProgress {
  folder: string
  /** The segments that are there; the log goes on in the last one. */
  segments: readonly Segment[]
  /** The lowest number that a new segment may have. */
  nextNumber: number
  /** The time of the last entry that is there. */
  lastTime: ClusterTime
  /** A segment that would become larger is closed, and the next one begun. */
  segmentBytes: number
  /** Also wait for the disk, not only for the operating system: survives a power cut, not only a kill. */
  fsync: boolean
  /** A segment was begun because the one before was full. Called in the middle of a commit. */
  onFull(): void
  /** The disk refused a write: from here on nothing is kept, so nothing is answered. */
  onFailure(error: Error): void
}

export interface SegmentLog extends EntrySink {
  /** Ascending; the last one is being written. */
  readonly segments: readonly Segment[]
  /** Begins a segment: everything appended so far is before it, everything that comes is in it or after it. */
  beginSegment(): Segment
  /** Forgets the oldest segment, whose file is gone. */
  dropOldest(): void
}

/** What is written at once: all that came while the group before was written. Never crosses the border of two files. */
interface Group {
  readonly begins: Segment | undefined
  readonly frames: Buffer[]
  /** How far has been appended with it; set when nothing more may join. */
  mark: number | undefined
  readonly kept: PromiseWithResolvers<void>
}

/** The log as a row of files. Entries are written in the order in which they are appended, group by group. */
export function openSegmentLog(options: SegmentLogOptions): SegmentLog {
  const { folder, segmentBytes, fsync, position } = options
  const segments = [...options.segments]
  let lastTime = options.lastTime
  let queue: Group[] = []
  let newest: Group | undefined
  let isWriting = false
  /** One group is written at a time. */
  const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
  let file: number | undefined
  let failure: Error | undefined

  function append(entry: LogEntry): void {
    if (failure !== undefined) return
    const frame = encodeLogEntry(entry)
    const current = segments.at(-1)
    if (current === undefined || current.bytes + frame.length > segmentBytes) {
      beginSegment()
      if (current !== undefined) options.onFull()
    }
    lastTime = fromTimestamp(entry.time)
    add(frame)
  }

  function beginSegment(): Segment {
    const number = Math.max(options.nextNumber, (segments.at(-1)?.number ?? 0) + 1)
    const segment = { number, after: lastTime, bytes: 0 }
    segments.push(segment)
    if (newest !== undefined) newest.mark ??= position()
    openGroup(segment)
    add(encodeSegmentHeader(toTimestamp(segment.after)))
    return segment
  }

  function add(frame: Buffer): void {
    const group = newest === undefined || newest.mark !== undefined ? openGroup(undefined) : newest
    group.frames.push(frame)
    const segment = segments.at(-1)
    if (segment !== undefined) segment.bytes += frame.length
  }

  function openGroup(begins: Segment | undefined): Group {
    const group: Group = { begins, frames: [], mark: undefined, kept: Promise.withResolvers() }
    // Also without a client that waits (TTL, transactions that end), a failure counts; it is told at the next question.
    group.kept.promise.catch(() => {})
    newest = group
    queue.push(group)
    if (!isWriting) void writeGroups()
    return group
  }

  async function writeGroups(): Promise<void> {
    isWriting = true
    await new Promise(setImmediate)
    for (let group = queue[0]; group !== undefined && failure === undefined; group = queue[0]) {
      // What is appended from here on belongs to the next group, and may not be shown with this one.
      group.mark ??= position()
      try {
        await writeGroup(group)
        queue.shift()
        if (newest === group) newest = undefined
        options.onKept(group.mark)
        group.kept.resolve()
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)))
      }
    }
    isWriting = false
  }

  async function writeGroup({ begins, frames }: Group): Promise<void> {
    if (begins !== undefined || file === undefined) await switchTo(begins)
    await writeWhole(file as number, frames, scratch)
    if (!fsync) return
    await syncData(file as number)
    if (begins !== undefined) await syncNames()
  }

  async function switchTo(begins: Segment | undefined): Promise<void> {
    const number = begins?.number ?? options.segments.at(-1)?.number ?? 0
    const next = await openFile(segmentPath(folder, number), begins === undefined ? 'a' : 'ax')
    if (file !== undefined) closeSync(file)
    file = next
  }

  async function syncNames(): Promise<void> {
    const names = await openFile(folder, 'r')
    try {
      await syncFile(names)
    } finally {
      closeSync(names)
    }
  }

  /** What was not kept must never be acknowledged later either: the server answers nothing more. */
  function fail(error: Error): void {
    failure = error
    for (const { kept } of queue) kept.reject(error)
    queue = []
    options.onFailure(error)
  }

  function kept(): Promise<void> {
    if (failure !== undefined) return Promise.reject(failure)
    return newest?.kept.promise ?? Promise.resolve()
  }

  return {
    segments,
    append,
    beginSegment,
    dropOldest: () => void segments.shift(),
    kept,
    close: async () => {
      try {
        await kept()
      } finally {
        if (file !== undefined) closeSync(file)
        file = undefined
      }
    },
  }
}

/** Groups up to this size are joined in memory that is used again and again: most groups are a command of a thousand inserts. */
const SCRATCH_BYTES = 1024 * 1024

/** Does not block: on a busy disk even an append can take milliseconds, in which reads and heartbeats must go on. */
async function writeWhole(file: number, frames: Buffer[], scratch: Buffer): Promise<void> {
  let rest = joined(frames, scratch)
  while (rest.length > 0) rest = rest.subarray((await writeBytes(file, rest)).bytesWritten)
}

function joined(frames: Buffer[], scratch: Buffer): Buffer {
  const [first] = frames
  if (first !== undefined && frames.length === 1) return first
  const total = frames.reduce((sum, frame) => sum + frame.length, 0)
  if (total > scratch.length) return Buffer.concat(frames, total)
  let at = 0
  for (const frame of frames) {
    scratch.set(frame, at)
    at += frame.length
  }
  return scratch.subarray(0, total)
}
