import { Binary, UUID } from 'bson'
import { describe, expect, it } from 'vitest'
import { endOverdue } from './background.ts'
import { openServerState } from './server-state.ts'
import { startTransaction } from './transactions/open-transaction.ts'
import { insertDocument } from './writes/insert-document.ts'

describe('endOverdue', () => {
  it('aborts a transaction after 60 seconds and frees what it held', async () => {
    const server = openServerState({ replicaSet: 'rs0', oplogBytes: 1e6 })
    server.store.changeCatalog('create', 'a.b', { uuid: new UUID(), options: {} })
    const collection = server.store.catalog.get('a.b')
    if (collection === undefined) throw new Error('The collection was just created')
    const session = server.sessions.open({ id: new Binary(Buffer.alloc(16), 4) })
    const transaction = startTransaction(server, session, {})
    insertDocument(transaction.unit, collection, { _id: 1 }, undefined, { bypassValidation: false })
    const { unit } = transaction
    endOverdue(server, Date.now() + 59_000)
    expect(transaction.state).toBe('open')
    endOverdue(server, Date.now() + 61_000)
    expect(transaction.state).toBe('aborted')
    await unit.ended
    expect(collection.records.size).toBe(0)
    await server.store.close()
  })
})
