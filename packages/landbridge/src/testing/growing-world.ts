import type { ObjectId } from 'mongodb'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { decodeBson } from '../mapping/bson.ts'
import { differences } from '../mapping/canonical-form.ts'
import { comparable } from '../mapping/comparable.ts'
import type { Phase } from '../phase.ts'
import { readMatching } from '../source/read-documents.ts'
import { readEntities } from '../target/entities.ts'
import { inTransaction } from '../target/transaction.ts'
import { growingTables, growingUnit, threadsMapping } from './growing-unit.ts'
import { type SampleWorld, sampleWorld } from './sample-world.ts'

/** Both stores with the unit that has a growing child. */
export interface GrowingWorld extends SampleWorld {
  /** Rows of an own thread with as many messages in Postgres. */
  newThread(messages: number): Promise<{ _id: ObjectId; id: string; messages: ObjectId[] }>
  addMessage(thread: string, seq: number, body: string): Promise<ObjectId>
  /** Where the stores differ; empty when nothing is left to do. */
  unequal(): Promise<unknown[]>
}

export async function growingWorld(phase: Phase): Promise<GrowingWorld> {
  const world = await sampleWorld(phase, {}, { unit: growingUnit, tables: growingTables })
  const { engine } = world
  const addMessage = async (thread: string, seq: number, body: string) => {
    const { _id, id } = world.newId()
    await engine.pool.query(
      'insert into thread_messages (thread_id, id, seq, body) values ($1, $2, $3, $4)',
      [thread, id, seq, body],
    )
    return _id
  }
  return {
    ...world,
    addMessage,
    async newThread(messages) {
      const { _id, id } = world.newId()
      await engine.pool.query('insert into threads (id, legacy_object_id, title) values ($1, $2, $3)', [
        id,
        _id.toHexString(),
        _id.toHexString(),
      ])
      const ids: ObjectId[] = []
      for (let i = 1; i <= messages; i++) ids.push(await addMessage(id, i * 10, `message ${i}`))
      return { _id, id, messages: ids }
    },
    async unequal() {
      const found: unknown[] = []
      const documents = new Map<string, Uint8Array>()
      for await (const { id, raw } of readMatching(engine, 'threads', {}))
        documents.set(uuidFromObjectId(String(id)), raw)
      const { rows } = await engine.pool.query<{ id: string }>('select id from threads')
      const entities = await inTransaction(engine.pool, { isolation: 'repeatable read' }, (tx) =>
        readEntities(
          tx,
          threadsMapping,
          rows.map((row) => row.id),
        ),
      )
      for (const id of new Set([...documents.keys(), ...entities.keys()])) {
        const [raw, entity] = [documents.get(id), entities.get(id)]
        if (raw === undefined || entity === undefined) found.push({ id, only: raw ? 'mongo' : 'postgres' })
        else
          found.push(
            ...differences(
              comparable(threadsMapping, decodeBson(raw)),
              threadsMapping.rebuildDocument(entity),
            ),
          )
      }
      return found
    },
  }
}
