import { describe, expect, it } from 'vitest'
import type { ChangeRecord } from './change-record.ts'
import { documentIn, type KeptDocument } from './kept-bytes.ts'
import { Oplog } from './oplog.ts'

/** Nothing of a document but its length. */
function documentOf(bytes: number): KeptDocument {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32LE(bytes)
  return documentIn(buffer)
}

function record(time: number, part = 0, bytes = 0): ChangeRecord {
  return {
    time: BigInt(time),
    part,
    wall: new Date(0),
    type: 'insert',
    ns: 'a.b',
    uuid: undefined,
    raw: documentOf(bytes),
  }
}

describe('Oplog', () => {
  it('shows only what was published', () => {
    const oplog = new Oplog(1e6)
    oplog.push(record(1))
    expect(oplog.at(0)).toBeUndefined()
    oplog.publish()
    expect(oplog.at(0)).toMatchObject({ time: 1n })
  })

  it('finds the first record that is not before a time and part', () => {
    const oplog = new Oplog(1e6)
    for (const each of [record(10, 0), record(10, 1), record(20, 0)]) oplog.push(each)
    expect(oplog.locate(10n, 1)).toBe(1)
    expect(oplog.locate(10n, 2)).toBe(2)
    expect(oplog.locate(11n, 0)).toBe(2)
    expect(oplog.locate(21n, 0)).toBe(3)
  })

  it('forgets the oldest when it grows too large, and says up to when', () => {
    const oplog = new Oplog(10_000)
    for (let at = 1; at <= 100; at++) oplog.push(record(at, 0, 1000))
    oplog.publish()
    expect(oplog.at(0)).toBe('trimmed')
    const oldest = oplog.oldestTime ?? 0n
    expect(oplog.trimmedUpTo).toBe(oldest - 1n)
    expect(oplog.at(oplog.end - 1)).toMatchObject({ time: 100n })
    expect(oplog.locate(oldest, 0)).toBe(100 - (100 - Number(oldest) + 1))
  })

  it('wakes whoever waits, at the next publication', async () => {
    const oplog = new Oplog(1e6)
    let woken = false
    const waiting = oplog.changed(new AbortController().signal).then(() => {
      woken = true
    })
    oplog.push(record(1))
    await Promise.resolve()
    expect(woken).toBe(false)
    oplog.publish()
    await waiting
    expect(woken).toBe(true)
  })
})
