import { Int32 } from 'bson'
import { describe, expect, it } from 'vitest'
import { decodeDocument, encodeDocument } from '../bson/decode.ts'
import { captureState } from './capture-state.ts'
import type { Catalog } from './catalog.ts'
import { decodeCheckpointEntry, encodeCheckpointEntry } from './checkpoint-entry.ts'
import type { Collection } from './collection.ts'
import { PREFIX_BYTES } from './frame.ts'
import { decodeKept, keepDocument } from './kept-bytes.ts'
import { createStateRestorer } from './restore-state.ts'
import type { RetryRecords } from './retry-records.ts'
import { stageWrite } from './stage-write.ts'
import { openStore, type Store } from './store.ts'

const noRecords: RetryRecords = {
  replay: () => {},
  restore: () => {},
  capture: () => [],
  undoAfter: () => {},
}

function put(store: Store, collection: Collection, id: number, n: number | null): void {
  const unit = store.openUnit({ keepsSnapshot: false })
  const raw = encodeDocument({ _id: new Int32(id), n: new Int32(n ?? 0) })
  const record = collection.recordFor(keepDocument(raw))
  const kind = n === null ? 'delete' : 'replace'
  stageWrite(unit, collection, record, kind, n === null ? null : { raw, document: decodeDocument(raw) })
  store.commit(unit)
}

function create(store: Store, ns: string): Collection {
  store.changeCatalog('create', ns, { uuid: crypto.randomUUID(), options: {} })
  const collection = store.catalog.get(ns)
  if (collection === undefined) throw new Error('It was just created')
  return collection
}

describe('captureState', () => {
  it('is the state of the moment at which it was captured, whatever is written while it is read', async () => {
    const store = openStore({ oplogBytes: 1e6 }, noRecords)
    const items = create(store, 'app.items')
    // More than one slice.
    for (let id = 1; id <= 6000; id++) put(store, items, id, 1)
    const unit = store.openUnit({ keepsSnapshot: true })
    const restored: Catalog = new Map()
    const restore = createStateRestorer(restored, noRecords)
    let parts = 0
    for (const entry of captureState(store.catalog, unit, [])) {
      const frame = encodeCheckpointEntry(entry)
      const headerEnd = PREFIX_BYTES + frame.readUInt32LE(4)
      const header = decodeDocument(frame.subarray(PREFIX_BYTES, headerEnd))
      restore(decodeCheckpointEntry({ header, blobs: frame.subarray(headerEnd) }))
      // Before the slice that would read them, behind it, and new ones.
      for (const id of [5999, 5998]) put(store, items, id, 2)
      put(store, items, 6000, null)
      put(store, items, 1, 2)
      put(store, items, 7000 + parts++, 1)
      if (parts === 1) store.changeCatalog('rename', 'app.items', { to: 'app.other' })
    }
    expect(parts).toBeGreaterThan(4)
    expect([...restored.keys()]).toEqual(['app.items'])
    const documents = [...(restored.get('app.items')?.records ?? [])].map(({ document }) =>
      document === null ? null : decodeKept(document),
    )
    expect(documents.map((document) => Number(document?._id))).toEqual(
      Array.from({ length: 6000 }, (_, n) => n + 1),
    )
    expect(documents.filter((document) => Number(document?.n) !== 1)).toEqual([])
    expect(restored.get('app.items')?.count).toBe(6000)
    await store.close()
  })
})
