import { appendFileSync, copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { Int32, ObjectId, serialize, Timestamp, UUID } from 'bson'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/test-server.ts'
import { segmentPath } from './data-files.ts'
import { DamagedFileError } from './frame-reader.ts'
import { type LoadedData, loadData } from './load-data.ts'
import type { LogEntry } from './log-entry.ts'
import { openSegmentLog, type SegmentLog, type SegmentLogOptions } from './segment-log.ts'

function write(i: number): LogEntry {
  const id = new ObjectId()
  const raw = serialize({ _id: id, n: new Int32(i) })
  const one = {
    ns: 'a.b',
    uuid: new UUID(),
    kind: 'insert',
    id,
    raw,
    before: null,
    description: null,
  } as const
  return { kind: 'write', time: new Timestamp({ t: 1, i }), wall: new Date(0), writes: [one] }
}

interface Loaded extends LoadedData {
  readonly entries: LogEntry[]
  readonly times: number[]
}

function load(folder: string): Loaded {
  const entries: LogEntry[] = []
  const take = (entry: LogEntry) => entries.push(entry)
  const loaded = loadData(folder, { state: () => {}, historyBegins: () => {}, history: take, change: take })
  return { ...loaded, entries, times: entries.map(({ time }) => time.i) }
}

function open(folder: string, options: Partial<SegmentLogOptions> = {}): SegmentLog {
  const { segments, lastTime } = load(folder)
  return openSegmentLog({
    folder,
    segments,
    lastTime,
    nextNumber: 1,
    segmentBytes: 1e6,
    fsync: false,
    position: () => 0,
    onKept: () => {},
    onFull: () => {},
    onFailure: () => {},
    ...options,
  })
}

async function writeAll(
  folder: string,
  numbers: number[],
  options?: Partial<SegmentLogOptions>,
): Promise<void> {
  const log = open(folder, options)
  for (const i of numbers) log.append(write(i))
  await log.close()
}

describe('the log in segments', () => {
  it('gives back the bytes of stored documents', async () => {
    using folder = temporaryFolder()
    const entry = write(7)
    const log = open(folder.path, { fsync: true })
    log.append(entry)
    await log.close()
    const raw = (each: LogEntry | undefined) =>
      each?.kind === 'write' ? Buffer.from(each.writes[0]?.raw ?? []) : undefined
    expect(raw(load(folder.path).entries[0])).toEqual(raw(entry))
  })

  it('cuts a tail that a kill has torn at any byte of the last entry, and goes on behind what is whole', async () => {
    using folder = temporaryFolder()
    const path = segmentPath(folder.path, 1)
    await writeAll(folder.path, [1, 2])
    const two = readFileSync(path).length
    await writeAll(folder.path, [3])
    const whole = readFileSync(path)
    for (let length = two; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length))
      expect(load(folder.path).times, `cut at ${length}`).toEqual([1, 2])
      expect(readFileSync(path).length).toBe(two)
    }
    await writeAll(folder.path, [4])
    expect(load(folder.path).times).toEqual([1, 2, 4])
  })

  it('cuts a last entry that has its length but not its content, and zeros behind the last one', async () => {
    using folder = temporaryFolder()
    const path = segmentPath(folder.path, 1)
    await writeAll(folder.path, [1, 2, 3])
    appendFileSync(path, Buffer.alloc(5000))
    expect(load(folder.path).times).toEqual([1, 2, 3])
    const bytes = readFileSync(path)
    bytes.fill(0, bytes.length - 20)
    writeFileSync(path, bytes)
    expect(load(folder.path).times).toEqual([1, 2])
  })

  it('refuses a file with one spoilt bit before its last entry, a length too, and names the byte', async () => {
    using folder = temporaryFolder()
    const path = segmentPath(folder.path, 1)
    await writeAll(folder.path, [1, 2])
    const two = readFileSync(path).length
    await writeAll(folder.path, [3])
    const whole = readFileSync(path)
    for (let at = 0; at < two; at++) {
      const bytes = Buffer.from(whole)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at)
      writeFileSync(path, bytes)
      expect(() => load(folder.path), `bit of byte ${at}`).toThrow(
        /segment-000000001.log is damaged at byte \d+/,
      )
      expect(readFileSync(path).length).toBe(whole.length)
    }
  })

  it('begins a new segment when one is full, and loads them all in order', async () => {
    using folder = temporaryFolder()
    const numbers = Array.from({ length: 30 }, (_, i) => i + 1)
    await writeAll(folder.path, numbers, { segmentBytes: 1000, fsync: true })
    const { times, segments } = load(folder.path)
    expect(times).toEqual(numbers)
    expect(segments.length).toBeGreaterThan(4)
    for (const { bytes, number } of segments) {
      expect(readFileSync(segmentPath(folder.path, number)).length).toBe(bytes)
      expect(bytes).toBeLessThanOrEqual(1000)
    }
    await writeAll(folder.path, [31, 32, 33, 34, 35], { segmentBytes: 1000 })
    expect(load(folder.path).times).toEqual([...numbers, 31, 32, 33, 34, 35])
  })

  it('takes a torn tail for damage in any segment but the last, also a missing one', async () => {
    using folder = temporaryFolder()
    await writeAll(folder.path, [1, 2, 3, 4, 5, 6], { segmentBytes: 500 })
    const path = segmentPath(folder.path, 2)
    const copy = `${path}.copy`
    copyFileSync(path, copy)
    truncateSync(path, readFileSync(path).length - 3)
    expect(() => load(folder.path)).toThrow(DamagedFileError)
    rmSync(path)
    expect(() => load(folder.path)).toThrow(/segment-000000002.log is missing/)
    copyFileSync(copy, path)
    rmSync(segmentPath(folder.path, 1))
    expect(() => load(folder.path)).toThrow(/missing/)
  })

  it.each([0, 10, 40])('takes a new segment of %i bytes for one that was just begun', async (length) => {
    using folder = temporaryFolder()
    await writeAll(folder.path, [1, 2, 3, 4, 5, 6], { segmentBytes: 500 })
    const { segments, times } = load(folder.path)
    const next = segmentPath(folder.path, segments.length + 1)
    writeFileSync(next, readFileSync(segmentPath(folder.path, 1)).subarray(0, length))
    expect(load(folder.path).times).toEqual(times)
    await writeAll(folder.path, [7, 8, 9], { segmentBytes: 500 })
    expect(load(folder.path).times).toEqual([...times, 7, 8, 9])
  })

  it('reads entries that are larger than a block', async () => {
    using folder = temporaryFolder()
    const large = (i: number): LogEntry => {
      const raw = serialize({ _id: i, text: 'x'.repeat(1_500_000 + i) })
      const one = {
        ns: 'a.b',
        uuid: new UUID(),
        kind: 'insert',
        id: i,
        raw,
        before: null,
        description: null,
      } as const
      return { kind: 'write', time: new Timestamp({ t: 1, i }), wall: new Date(0), writes: [one] }
    }
    const log = open(folder.path, { segmentBytes: 4e6 })
    const sent = [large(1), write(2), large(3), large(4), write(5)]
    for (const entry of sent) log.append(entry)
    await log.close()
    const lengths = (entries: LogEntry[]) =>
      entries.map((entry) => (entry.kind === 'write' ? entry.writes[0]?.raw?.length : undefined))
    expect(lengths(load(folder.path).entries)).toEqual(lengths(sent))
  })

  it('refuses the file of an earlier version', () => {
    using folder = temporaryFolder()
    writeFileSync(`${folder.path}/writes.log`, '')
    expect(() => load(folder.path)).toThrow(/Start with an empty data folder/)
  })

  it('tells that entries are kept only after they are in the file', async () => {
    using folder = temporaryFolder()
    let appended = 0
    const marks: Array<{ mark: number; inFile: number }> = []
    const log = open(folder.path, {
      fsync: true,
      position: () => appended,
      onKept: (mark) => marks.push({ mark, inFile: load(folder.path).times.length }),
    })
    // As the store does: an entry counts in the position once it has been appended.
    const append = () => {
      log.append(write(appended + 1))
      appended++
      return log.kept()
    }
    const first = append()
    expect(marks).toEqual([])
    // While the first group is being written, more comes: it may not count as kept together with that group.
    await new Promise(setImmediate)
    const second = append()
    await first
    expect(marks).toEqual([{ mark: 1, inFile: 1 }])
    await second
    expect(marks).toEqual([
      { mark: 1, inFile: 1 },
      { mark: 2, inFile: 2 },
    ])
    // A segment that begins in between parts what is appended at once.
    const third = append()
    log.beginSegment()
    await append()
    await third
    expect(marks.slice(2)).toEqual([
      { mark: 3, inFile: 3 },
      { mark: 4, inFile: 4 },
    ])
    await log.close()
  })

  it('lets nothing count as kept any more once a write has failed, and says so', async () => {
    const failures: Error[] = []
    using folder = temporaryFolder()
    const log = open(folder.path, {
      folder: `${folder.path}/gone`,
      onFailure: (error) => failures.push(error),
    })
    log.append(write(1))
    const first = log.kept()
    await new Promise(setImmediate)
    log.append(write(2))
    await expect(first).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(log.kept()).rejects.toMatchObject({ code: 'ENOENT' })
    log.append(write(3))
    await expect(log.kept()).rejects.toMatchObject({ code: 'ENOENT' })
    expect(failures).toHaveLength(1)
  })
})
