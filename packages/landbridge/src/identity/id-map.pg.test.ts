import { Double, Int32, ObjectId } from 'bson'
import type { Pool } from 'pg'
import { freshDatabase } from 'test-world/postgres'
import { describe, expect, it } from 'vitest'
import { createIdMap } from './id-map.ts'
import { uuidFromObjectId } from './object-id-uuid.ts'

// As the engine's numbered SQL creates it.
async function createTable(pool: Pool): Promise<void> {
  await pool.query(`create schema landbridge; create table landbridge.id_map (
    collection text not null, legacy_id bytea not null, legacy_text text not null, id uuid not null,
    primary key (collection, legacy_id), unique (collection, id))`)
}

/** A pool that counts its queries. */
function counted(pool: Pool): { pool: Pool; queries: () => number } {
  let queries = 0
  const proxy = new Proxy(pool, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property)
      if (property !== 'query' || typeof member !== 'function') return member
      return (...args: unknown[]) => {
        queries++
        return Reflect.apply(member, target, args) as unknown
      }
    },
  })
  return { pool: proxy, queries: () => queries }
}

describe('the id map', () => {
  it('gives one uuid to a legacy id, on every node, and finds the way back', async () => {
    await using database = await freshDatabase()
    await createTable(database.pool)
    const [a, b] = [createIdMap(database.pool), createIdMap(database.pool)]
    const ids = ['derived_destination_index', 'x\0y', new Int32(7), { shard: 'eu', n: new Int32(1) }, null]
    const [first, second] = await Promise.all([
      a.resolveUuids('counters', ids),
      b.resolveUuids('counters', ids),
    ])
    expect(second).toEqual(first)
    expect(new Set(first).size).toBe(ids.length)
    for (const [i, id] of ids.entries())
      expect(await b.resolveLegacyId('counters', first[i] as string)).toEqual(id)
    expect(await a.resolveUuid('other', ids[0])).not.toBe(first[0])
  })

  it('takes numbers for the same id that MongoDB takes for the same', async () => {
    await using database = await freshDatabase()
    await createTable(database.pool)
    const map = createIdMap(database.pool)
    const uuid = await map.resolveUuid('c', new Int32(1))
    expect(await map.resolveUuid('c', new Double(1))).toBe(uuid)
    expect(await map.resolveUuid('c', '1')).not.toBe(uuid)
  })

  it('asks for the misses of one tick at once, and not for what it knows', async () => {
    await using database = await freshDatabase()
    await createTable(database.pool)
    const { pool, queries } = counted(database.pool)
    const map = createIdMap(pool)
    await map.resolveUuids(
      'c',
      Array.from({ length: 500 }, (_, i) => `key ${i % 250}`),
    )
    // look, create, look again
    expect(queries()).toBe(3)
    await map.resolveUuids('c', ['key 1', 'key 2'])
    expect(queries()).toBe(3)
    const warmed = createIdMap(pool)
    expect(await warmed.warm(['c'])).toBe(250)
    const before = queries()
    await warmed.resolveUuid('c', 'key 249')
    expect(queries()).toBe(before)
  })

  it('keeps no more than its capacity, and reads again what fell out', async () => {
    await using database = await freshDatabase()
    await createTable(database.pool)
    const map = createIdMap(database.pool, { capacity: 10 })
    const ids = Array.from({ length: 50 }, (_, i) => `key ${i}`)
    const first = await map.resolveUuids('c', ids)
    expect(await map.resolveUuids('c', ids)).toEqual(first)
  })

  it('records pairs that exist already, and refuses a second pairing', async () => {
    await using database = await freshDatabase()
    await createTable(database.pool)
    const map = createIdMap(database.pool)
    const foreign = '0b6f2a1e-3a54-4d1c-9a51-d3f4f1a2b3c4'
    await map.register('users', 'ann', foreign)
    await map.register('users', 'ann', foreign)
    expect(await map.resolveUuid('users', 'ann')).toBe(foreign)
    const taken = expect.objectContaining({ code: 'identity-taken' })
    await expect(map.register('users', 'ann', uuidFromObjectId(new ObjectId()))).rejects.toEqual(taken)
    await expect(map.register('users', 'bob', foreign)).rejects.toEqual(taken)
    const nobody = map.resolveLegacyId('users', uuidFromObjectId(new ObjectId()))
    await expect(nobody).rejects.toEqual(expect.objectContaining({ code: 'identity-unknown-id' }))
  })
})
