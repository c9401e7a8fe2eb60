import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import {
  compareRecordIds,
  compareRecords,
  type IndexRecord,
  readRecord,
  writeRecord,
} from './index-record.ts'

/** So many records are sorted in memory; larger dumps are merged from sorted files of this length. */
const RUN_RECORDS = 100_000
const WRITE_BYTES = 256 * 1024
const READ_BYTES = 64 * 1024

export interface SortOptions {
  runRecords?: number
}

/**
 * Writes records, which come in any order, to a file in the order of `_id`, in bounded memory. Where a document stands
 * in a dump twice (it was deleted and written again meanwhile) the later one stays.
 */
export async function sortIndex(
  records: AsyncIterable<IndexRecord>,
  target: string,
  { runRecords = RUN_RECORDS }: SortOptions = {},
): Promise<void> {
  const runs: string[] = []
  let run: IndexRecord[] = []
  const endRun = async (path: string) => {
    await writeRecords(path, distinct(run.sort(compareRecords)))
    run = []
  }
  for await (const record of records) {
    run.push(record)
    if (run.length < runRecords) continue
    const path = `${target}.run-${runs.length}`
    runs.push(path)
    await endRun(path)
  }
  if (runs.length === 0) return endRun(target)
  const last = `${target}.run-${runs.length}`
  runs.push(last)
  await endRun(last)
  await writeRecords(target, distinct(merge(runs.map((path) => readRecords(path)))))
  await Promise.all(runs.map((path) => rm(path)))
}

/** Reads an index file from a record's place on. */
export async function* readRecords(
  path: string,
  start = 0,
): AsyncGenerator<IndexRecord & { at: number; next: number }> {
  let held: Buffer = Buffer.alloc(0)
  let begin = start
  for await (const bytes of createReadStream(path, { start, highWaterMark: READ_BYTES })) {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
    let at = 0
    for (let read = readRecord(held, at); read !== undefined; read = readRecord(held, at)) {
      yield { ...read.record, at: begin + at, next: begin + read.next }
      at = read.next
    }
    held = held.subarray(at)
    begin += at
  }
}

async function* distinct(records: Iterable<IndexRecord> | AsyncIterable<IndexRecord>) {
  let last: IndexRecord | undefined
  for await (const record of records) {
    if (last === undefined || compareRecordIds(last, record) !== 0) yield record
    last = record
  }
}

interface Head {
  record: IndexRecord
  from: AsyncIterator<IndexRecord>
}

/** A heap of the runs' heads, the least on top. */
async function* merge(runs: readonly AsyncIterable<IndexRecord>[]): AsyncGenerator<IndexRecord> {
  const heap: Head[] = []
  for (const run of runs) {
    const from = run[Symbol.asyncIterator]()
    const first = await from.next()
    if (first.done !== true) heap.push({ record: first.value, from })
  }
  heap.sort((a, b) => compareRecords(a.record, b.record))
  for (let top = heap[0]; top !== undefined; top = heap[0]) {
    yield top.record
    const next = await top.from.next()
    if (next.done === true) {
      const last = heap.pop()
      if (last === undefined || heap.length === 0) continue
      heap[0] = last
    } else heap[0] = { record: next.value, from: top.from }
    sink(heap)
  }
}

function sink(heap: Head[]): void {
  let at = 0
  for (;;) {
    let least = at
    for (const child of [2 * at + 1, 2 * at + 2]) {
      const [lower, candidate] = [heap[least], heap[child]]
      if (lower && candidate && compareRecords(candidate.record, lower.record) < 0) least = child
    }
    const [here, there] = [heap[at], heap[least]]
    if (least === at || here === undefined || there === undefined) return
    heap[at] = there
    heap[least] = here
    at = least
  }
}

async function writeRecords(path: string, records: AsyncIterable<IndexRecord>): Promise<void> {
  const file = await open(path, 'w')
  try {
    let parts: Buffer[] = []
    let bytes = 0
    for await (const record of records) {
      const part = writeRecord(record)
      parts.push(part)
      bytes += part.length
      if (bytes < WRITE_BYTES) continue
      await file.write(Buffer.concat(parts))
      parts = []
      bytes = 0
    }
    await file.write(Buffer.concat(parts))
  } finally {
    await file.close()
  }
}
