/**
 * Keeps the files from growing for ever. A checkpoint is written while the server goes on, in this order:
 *
 * 1. Within one turn of the event loop a new segment N is begun and the state is captured: catalog, retry records, and
 *    a snapshot of the documents. So every entry that the state shows is in a segment before N, every other one in N
 *    or after it.
 * 2. The state is written to `checkpoint-N.tmp`. A kill leaves this file, and the next start removes it.
 * 3. The entries before N, and the header of N, must be in the log. Otherwise a kill could leave a state with changes
 *    of which the log knows nothing, and change streams would never tell them.
 * 4. The file is on the disk (also without `--fsync`, as other files are removed because of it) and gets its name.
 *    From here on a start takes the state from it and does only the segments from N on again.
 * 5. Older checkpoints are removed. A kill before that leaves two; a start takes the newer and removes the older.
 * 6. Segments before N that hold nothing of the oplog's window are removed, the oldest first, so that no gap can be
 *    left. Each segment says after which time it begins: the oldest that is there tells where history begins.
 *
 * Step 6 is also done whenever a segment is full, as the window moves on without checkpoints.
 */
import { rmSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CheckpointEntry } from './checkpoint-entry.ts'
import type { ClusterTime } from './cluster-clock.ts'
import { checkpointPath, segmentPath } from './data-files.ts'
import type { SegmentLog } from './segment-log.ts'
import { writeCheckpoint } from './write-checkpoint.ts'

/** The committed state of one moment. */
export interface CapturedState {
  readonly entries: Iterable<CheckpointEntry>
  /** Lets go of the snapshot. */
  release(): void
}

export interface CompactionOptions {
  folder: string
  log: SegmentLog
  /** The checkpoint that is there: its number is that of the first segment that is newer. */
  checkpoint: { readonly number: number; readonly bytes: number } | undefined
  /** The files may hold twice the data and this much more before a checkpoint is worth its cost. */
  slackBytes: number
  liveBytes(): number
  capture(): CapturedState
  /** Change streams cannot be resumed from this time or before. */
  historyEnd(): ClusterTime
  report(line: string): void
}

export interface Compaction {
  /** To be called when a segment was begun, in the middle of a commit too. */
  consider(): void
  /** Gives up a checkpoint that is being written. */
  close(): Promise<void>
}

export function startCompaction(options: CompactionOptions): Compaction {
  const { folder, log } = options
  const stop = new AbortController()
  let checkpoint = options.checkpoint
  let running: Promise<void> | undefined
  /** After a failure, the size of the log at which it is tried again. */
  let notBefore = 0

  function consider(): void {
    running ??= compact()
      .catch((error: unknown) => {
        if (stop.signal.aborted) return
        notBefore = logBytes() + options.slackBytes
        options.report(`The files could not be compacted, and go on growing: ${String(error)}`)
      })
      .finally(() => {
        running = undefined
      })
  }

  async function compact(): Promise<void> {
    // What a commit makes visible belongs together: it must be through before the state is captured.
    await nextTurn()
    if (stop.signal.aborted) return
    if (isDue()) await replaceCheckpoint()
    removeOldSegments()
  }

  function isDue(): boolean {
    const bytes = logBytes()
    const atLeast = 2 * Math.max(options.liveBytes(), checkpoint?.bytes ?? 0)
    return bytes >= notBefore && (checkpoint?.bytes ?? 0) + bytes > atLeast + options.slackBytes
  }

  /** Bytes of the log that a start would have to do again. */
  function logBytes(): number {
    const newer = log.segments.filter(({ number }) => number >= (checkpoint?.number ?? 0))
    return newer.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  async function replaceCheckpoint(): Promise<void> {
    const { number } = log.beginSegment()
    const { entries, release } = options.capture()
    const { signal } = stop
    const write = writeCheckpoint({ folder, number, entries, signal, logKept: log.kept })
    const bytes = await write.finally(release)
    const older = checkpoint
    checkpoint = { number, bytes }
    if (older !== undefined) rmSync(checkpointPath(folder, older.number))
  }

  function removeOldSegments(): void {
    for (;;) {
      const [oldest, next] = log.segments
      if (oldest === undefined || next === undefined) return
      if (next.number > (checkpoint?.number ?? 0) || next.after > options.historyEnd()) return
      rmSync(segmentPath(folder, oldest.number))
      log.dropOldest()
    }
  }

  return {
    consider,
    close: async () => {
      stop.abort()
      await running
    },
  }
}
