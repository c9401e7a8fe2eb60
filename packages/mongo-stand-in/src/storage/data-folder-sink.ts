import { type CapturedState, startCompaction } from './compaction.ts'
import { takeDataFolder } from './data-folder.ts'
import type { EntrySink, SinkProgress } from './entry-sink.ts'
import { type DataVisitor, loadData } from './load-data.ts'
import { openSegmentLog } from './segment-log.ts'

export interface FileOptions {
  /** Also wait for the disk at every write: survives a power cut, not only a kill. */
  fsync?: boolean
  /** A file of the log that would become larger is closed, and the next one begun. */
  segmentBytes?: number
  /** The files may hold twice the data and this much more before they are compacted. */
  slackBytes?: number
  /** Says what the operator must know. */
  report?: (line: string) => void
}

/** What the data folder asks of the store. */
export interface DataFolderOptions extends FileOptions, SinkProgress, DataVisitor {
  liveBytes(): number
  capture(): CapturedState
  historyEnd(): bigint
}

const MEGABYTE = 1024 * 1024

/**
 * Takes the folder, hands everything that its files hold to the visitor, and keeps in it what is appended from then on.
 *
 * @throws DataFolderLockedError, DamagedFileError, DataFormatError
 */
export function openDataFolder(data: string, options: DataFolderOptions): EntrySink {
  const { segmentBytes = 32 * MEGABYTE, slackBytes = 64 * MEGABYTE, report = console.error } = options
  const folder = takeDataFolder(data)
  try {
    const loaded = loadData(folder.path, options)
    const log = openSegmentLog({
      folder: folder.path,
      segments: loaded.segments,
      nextNumber: loaded.checkpoint?.number ?? 1,
      lastTime: loaded.lastTime,
      segmentBytes,
      fsync: options.fsync === true,
      position: options.position,
      onKept: options.onKept,
      onFull: () => compaction.consider(),
      onFailure: (error) =>
        report(
          `Writing to ${folder.path} failed: ${error.message}. Nothing is answered any more, as it could not be ` +
            'kept. Make room or repair the disk, and start again: what was acknowledged is there.',
        ),
    })
    const compaction = startCompaction({
      folder: folder.path,
      log,
      checkpoint: loaded.checkpoint,
      slackBytes,
      liveBytes: options.liveBytes,
      capture: options.capture,
      historyEnd: options.historyEnd,
      report,
    })
    compaction.consider()
    return {
      append: log.append,
      kept: log.kept,
      close: async () => {
        try {
          await compaction.close()
          await log.close()
        } finally {
          folder.release()
        }
      },
    }
  } catch (error) {
    folder.release()
    throw error
  }
}
