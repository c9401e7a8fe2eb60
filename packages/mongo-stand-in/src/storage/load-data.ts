import { rmSync, truncateSync } from 'node:fs'
import { type CheckpointEntry, decodeCheckpointEntry } from './checkpoint-entry.ts'
import { type ClusterTime, fromTimestamp } from './cluster-clock.ts'
import { checkpointPath, DataFormatError, listDataFiles, segmentPath } from './data-files.ts'
import { DamagedFileError, readFrames } from './frame-reader.ts'
import { decodeLogEntry, FORMAT, type LogEntry } from './log-entry.ts'
import type { Segment } from './segment-log.ts'

/** Takes in what the files hold: first the state, then the log. */
export interface DataVisitor {
  state(entry: CheckpointEntry): void
  /** Of nothing at this time or before it there is an entry. Not called for a log that is there from its beginning. */
  historyBegins(after: ClusterTime): void
  /** Older than the checkpoint: part of the history, but not to be done again. */
  history(entry: LogEntry): void
  change(entry: LogEntry): void
}

export interface LoadedData {
  readonly segments: Segment[]
  readonly lastTime: ClusterTime
  readonly checkpoint: { readonly number: number; readonly bytes: number } | undefined
}

/**
 * Reads the newest checkpoint, then all segments. Removes what a kill has left unfinished: a checkpoint without its
 * name, an older one behind a newer, and a torn entry at the end of the last segment, which nobody was answered.
 *
 * @throws DamagedFileError, DataFormatError
 */
export function loadData(folder: string, visitor: DataVisitor): LoadedData {
  const files = listDataFiles(folder)
  const number = files.checkpoints.at(-1)
  const state = number === undefined ? undefined : loadCheckpoint(checkpointPath(folder, number), visitor)
  const segments: Segment[] = []
  let lastTime = state?.time ?? 0n
  for (const each of files.segments) {
    const isCovered = number !== undefined && each < number
    const segment = loadSegment(folder, each, each === files.segments.at(-1), {
      begins: (after) => {
        if (segments.length === 0 && after > 0n) visitor.historyBegins(after)
      },
      entry: (entry) => {
        lastTime = fromTimestamp(entry.time)
        if (isCovered) visitor.history(entry)
        else visitor.change(entry)
      },
    })
    if (segment !== undefined) segments.push(segment)
  }
  for (const path of files.unfinished) rmSync(path)
  for (const older of files.checkpoints.slice(0, -1)) rmSync(checkpointPath(folder, older))
  const checkpoint = number === undefined || state === undefined ? undefined : { number, bytes: state.bytes }
  return { segments, lastTime, checkpoint }
}

function loadCheckpoint(path: string, visitor: DataVisitor): { time: ClusterTime; bytes: number } {
  let time: ClusterTime | undefined
  let isWhole = false
  const { length, tornBytes } = readFrames(path, (frame) => {
    const entry = decodeCheckpointEntry(frame)
    if (entry.kind === 'checkpoint') {
      assertFormat(path, entry.format)
      time = fromTimestamp(entry.time)
    }
    isWhole = entry.kind === 'end'
    visitor.state(entry)
  })
  // It got its name when it was whole, and what it stands for may be gone.
  if (time === undefined || !isWhole || tornBytes > 0) throw endsTooEarly(path, length)
  return { time, bytes: length }
}

interface SegmentVisitor {
  begins(after: ClusterTime): void
  entry(entry: LogEntry): void
}

/** Undefined for a last segment that a kill left without its header, which is removed. */
function loadSegment(
  folder: string,
  number: number,
  isLast: boolean,
  visitor: SegmentVisitor,
): Segment | undefined {
  const path = segmentPath(folder, number)
  let after: ClusterTime | undefined
  const { length, tornBytes } = readFrames(path, (frame) => {
    const entry = decodeLogEntry(frame)
    if (entry.kind === 'segment') {
      assertFormat(path, entry.format)
      after = fromTimestamp(entry.after)
      visitor.begins(after)
    } else visitor.entry(entry)
  })
  if (!isLast && (tornBytes > 0 || after === undefined)) throw endsTooEarly(path, length)
  if (after === undefined) {
    rmSync(path)
    return undefined
  }
  if (tornBytes > 0) truncateSync(path, length)
  return { number, after, bytes: length }
}

function assertFormat(path: string, format: unknown): void {
  if (Number(format) === FORMAT) return
  throw new DataFormatError(
    `${path} has format ${String(format)}, and this version reads ${FORMAT}. Start with an empty data folder.`,
  )
}

function endsTooEarly(path: string, offset: number): DamagedFileError {
  return new DamagedFileError(
    `${path} is damaged at byte ${offset}: it ends there in the middle, though it was finished once. Restore the ` +
      'file, or start with an empty data folder.',
  )
}
