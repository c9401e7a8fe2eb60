import { encodeDocument } from '../bson/decode.ts'
import type { Batch } from '../cursors/batch.ts'
import type { CursorSource } from '../cursors/cursor-registry.ts'
import { type ServerError, serverError } from '../server-error.ts'
import type { ChangeRecord } from '../storage/change-record.ts'
import type { ClusterTime } from '../storage/cluster-clock.ts'
import type { Store } from '../storage/store.ts'
import { changeEvent, invalidateEvent } from './change-event.ts'
import type { EventPipeline } from './event-pipeline.ts'
import { encodeToken, type ResumePoint } from './resume-token.ts'
import { encodeEvent } from './split-event.ts'
import { concerns, invalidates, type StreamOptions } from './stream-options.ts'

const MAX_BATCH_BYTES = 15 * 1024 * 1024

export interface StreamStart {
  /** The number of the first record to look at. */
  readonly at: number
  /** The position that the first, still empty batch tells. */
  readonly point: ResumePoint
  /** Fragments of the first record's event that the client has already. */
  readonly skipFragments: number
}

interface QueuedEvent {
  readonly bytes: Uint8Array
  readonly point: ResumePoint
}

/** Reads the log on from a position. Every batch tells how far it has come, also where nothing concerned the client. */
export class ChangeStream implements CursorSource {
  readonly isChangeStream = true
  readonly awaitsData = true
  readonly #store: Store
  readonly #options: StreamOptions
  readonly #pipeline: EventPipeline
  #at: number
  #point: ResumePoint
  #skipFragments: number
  /** Events, or fragments of one, that are made but not sent. */
  #queue: QueuedEvent[] = []
  #invalidated = false

  constructor(store: Store, options: StreamOptions, pipeline: EventPipeline, start: StreamStart) {
    this.#store = store
    this.#options = options
    this.#pipeline = pipeline
    this.#at = start.at
    this.#point = start.point
    this.#skipFragments = start.skipFragments
  }

  get exhausted(): boolean {
    return this.#invalidated && this.#queue.length === 0
  }

  async next(limit: number, waitMs: number, signal: AbortSignal): Promise<Batch> {
    const until = Date.now() + waitMs
    let documents = this.#pull(limit)
    while (documents.length === 0 && !this.exhausted && Date.now() < until && !signal.aborted) {
      await this.#somethingNew(until - Date.now(), signal)
      documents = this.#pull(limit)
    }
    if (documents.length === 0 && !this.exhausted) this.#store.idleTick()
    if (this.#queue.length === 0 && !this.#invalidated && this.#at >= this.#store.oplog.published)
      this.#moveToEnd()
    return { documents, fields: { postBatchResumeToken: encodeToken(this.#point) } }
  }

  async #somethingNew(waitMs: number, signal: AbortSignal): Promise<void> {
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(), waitMs)
    const onAbort = () => timeout.abort()
    signal.addEventListener('abort', onAbort)
    try {
      await this.#store.oplog.changed(timeout.signal)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }

  #pull(limit: number): Uint8Array[] {
    const batch: Uint8Array[] = []
    let bytes = 0
    while (batch.length < limit) {
      if (this.#queue.length === 0 && !this.#readRecord()) break
      const event = this.#queue[0]
      if (event === undefined) continue
      bytes += event.bytes.length
      if (bytes > MAX_BATCH_BYTES && batch.length > 0) break
      this.#queue.shift()
      this.#point = event.point
      batch.push(event.bytes)
    }
    return batch
  }

  /** Turns the next record of the log into events, if it concerns the stream; false at the end of the log. */
  #readRecord(): boolean {
    if (this.#invalidated) return false
    const record = this.#store.oplog.at(this.#at)
    if (record === undefined) return false
    if (record === 'trimmed') throw historyLost()
    this.#at++
    const { time, part } = record
    if (concerns(this.#options, record)) this.#queueEvents(record)
    else this.#point = { kind: 'event', time, part, fragment: undefined }
    return true
  }

  #queueEvents(record: ChangeRecord): void {
    const { time, part } = record
    const event = this.#pipeline.run(changeEvent(record, this.#options, this.#store.catalog))
    const pieces = event === undefined ? [] : encodeEvent(event, this.#pipeline.splitsLargeEvents)
    for (const [fragment, bytes] of pieces.entries()) {
      const point: ResumePoint = {
        kind: 'event',
        time,
        part,
        fragment: pieces.length > 1 ? fragment : undefined,
      }
      if (fragment >= this.#skipFragments) this.#queue.push({ bytes, point })
    }
    this.#skipFragments = 0
    if (pieces.length === 0) this.#point = { kind: 'event', time, part, fragment: undefined }
    if (!invalidates(this.#options, record)) return
    this.#queue.push({
      bytes: encodeDocument(invalidateEvent(record)),
      point: { kind: 'invalidate', time, part },
    })
    this.#invalidated = true
  }

  /** Everything readable is read: the position may move to the present, as long as nothing before it is unpublished. */
  #moveToEnd(): void {
    const { oplog, now } = this.#store
    if (oplog.published !== oplog.end) return
    const time: ClusterTime = now()
    if (time >= this.#point.time) this.#point = { kind: 'time', time }
  }
}

/** 286: the log no longer holds what the stream would have to tell next. */
export function historyLost(): ServerError {
  return serverError(
    286,
    'ChangeStreamHistoryLost',
    'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
    { labels: ['NonResumableChangeStreamError'] },
  )
}
