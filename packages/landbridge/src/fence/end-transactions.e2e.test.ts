import { randomUUID } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { freshMongo } from 'test-world/mongo'
import { expect, it } from 'vitest'
import type { Engine } from '../engine.ts'
import { clientAppName } from '../nodes/client-app-name.ts'
import type { NodeRow } from '../nodes/node-row.ts'
import { endTransactionsOf } from './end-transactions.ts'

it('ends the open transactions of dead nodes and of nobody else', async () => {
  await using mongo = await freshMongo()
  const dead = { id: randomUUID(), name: 'north' }
  const alive = { id: randomUUID(), name: 'north' }
  const engine = { mongo: mongo.client } as unknown as Engine
  await mongo.client.db(mongo.databaseName).createCollection('notes')

  await using ofDead = new MongoClient(mongo.url, { appName: clientAppName(dead) })
  await using ofAlive = new MongoClient(mongo.url, { appName: clientAppName(alive) })
  const open = async (client: MongoClient, _id: number) => {
    const session = client.startSession()
    session.startTransaction()
    await client.db(mongo.databaseName).collection<{ _id: number }>('notes').insertOne({ _id }, { session })
    return session
  }
  const lost = await open(ofDead, 1)
  const kept = await open(ofAlive, 2)

  expect(await endTransactionsOf(engine, [dead as NodeRow])).toBe(1)
  await expect(lost.commitTransaction()).rejects.toThrow()
  await kept.commitTransaction()
  const found = await mongo.client.db(mongo.databaseName).collection('notes').find().toArray()
  expect(found).toEqual([{ _id: 2 }])
})
