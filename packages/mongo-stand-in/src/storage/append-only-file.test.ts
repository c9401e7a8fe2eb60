import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Int32, ObjectId, serialize, Timestamp, UUID } from 'bson'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/test-server.ts'
import { DamagedFileError, loadEntries, openAppendOnlyFile } from './append-only-file.ts'
import type { LogEntry } from './log-entry.ts'

function write(i: number): LogEntry {
  const id = new ObjectId()
  return {
    kind: 'write',
    time: new Timestamp({ t: 1, i }),
    wall: new Date(0),
    writes: [
      {
        ns: 'a.b',
        uuid: new UUID(),
        kind: 'insert',
        id,
        raw: serialize({ _id: id, n: new Int32(i) }),
        before: null,
        description: null,
      },
    ],
  }
}

async function writeThree(path: string): Promise<void> {
  const file = openAppendOnlyFile({ path, fsync: false, position: () => 0, onKept: () => {} })
  for (const i of [1, 2, 3]) file.append(write(i))
  await file.kept()
  await file.close()
}

function load(path: string): { times: number[]; cutBytes: number } {
  const times: number[] = []
  const { cutBytes } = loadEntries(path, (entry) => times.push(entry.time.i))
  return { times, cutBytes }
}

describe('append-only file', () => {
  it('gives back the bytes of stored documents', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'log')
    const entry = write(7)
    const file = openAppendOnlyFile({ path, fsync: true, position: () => 0, onKept: () => {} })
    file.append(entry)
    await file.close()
    const loaded: LogEntry[] = []
    loadEntries(path, (each) => loaded.push(each))
    const raw = (each: LogEntry | undefined) =>
      each?.kind === 'write' ? Buffer.from(each.writes[0]?.raw ?? []) : undefined
    expect(raw(loaded[0])).toEqual(raw(entry))
  })

  it.each([1, 5, 11, 40])('cuts a tail that a kill has torn %i bytes before its end', async (missing) => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'log')
    await writeThree(path)
    const whole = readFileSync(path).length
    truncateSync(path, whole - missing)
    const { times, cutBytes } = load(path)
    expect(times).toEqual([1, 2])
    expect(cutBytes).toBeGreaterThan(0)
    await writeThree(path)
    expect(load(path)).toEqual({ times: [1, 2, 1, 2, 3], cutBytes: 0 })
  })

  it('cuts a last entry that has its length but not its content', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'log')
    await writeThree(path)
    const bytes = readFileSync(path)
    bytes.fill(0, bytes.length - 20)
    writeFileSync(path, bytes)
    expect(load(path).times).toEqual([1, 2])
  })

  it('refuses a file that is damaged in its middle', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'log')
    await writeThree(path)
    const bytes = readFileSync(path)
    bytes.fill(0xff, 30, 40)
    writeFileSync(path, bytes)
    expect(() => load(path)).toThrow(DamagedFileError)
  })

  it('takes zeros that a power cut left at the end for a torn tail', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'log')
    await writeThree(path)
    appendFileSync(path, Buffer.alloc(100))
    expect(load(path).times).toEqual([1, 2, 3])
  })

  it('tells that entries are kept only after they are in the file', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'log')
    let appended = 0
    const marks: Array<{ mark: number; inFile: number }> = []
    const file = openAppendOnlyFile({
      path,
      fsync: true,
      position: () => appended,
      onKept: (mark) => marks.push({ mark, inFile: load(path).times.length }),
    })
    const append = () => {
      file.append(write(++appended))
      return file.kept()
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
    await file.close()
  })

  it('lets nothing count as kept any more once a write has failed', async () => {
    const file = openAppendOnlyFile({ path: '/dev/full', fsync: false, position: () => 0, onKept: () => {} })
    file.append(write(1))
    await expect(file.kept()).rejects.toMatchObject({ code: 'ENOSPC' })
    file.append(write(2))
    await expect(file.kept()).rejects.toMatchObject({ code: 'ENOSPC' })
  })
})
