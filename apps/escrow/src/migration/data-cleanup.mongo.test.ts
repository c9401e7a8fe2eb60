import { expect, test } from 'vitest'
import { createDataCleanup } from '../data-cleanup.ts'
import { silentLogger } from '../platform/logger.ts'
import { escrowMongo } from './testing/escrow-mongo.ts'

test('units on MongoDB are left to its TTL indexes: the clean-up removes nothing there', async () => {
  await using mongo = await escrowMongo()
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
  const living = {
    notifications: { createdAt: inDays(0) },
    tempverifications: { emailVerificationCodeExpires: inDays(1) },
    telegramsessions: { expiresAt: inDays(1) },
    lb_telegram_updates: { receivedAt: inDays(0) },
  }
  for (const [collection, document] of Object.entries(living))
    await mongo.connection.collection(collection).insertOne(document)
  // By this clock all of them would have gone.
  const clock = { now: () => inDays(365) }
  for (const job of createDataCleanup({ units: mongo.units, clock, logger: silentLogger })) await job.run()
  for (const collection of Object.keys(living))
    expect([collection, await mongo.connection.collection(collection).countDocuments()]).toEqual([
      collection,
      1,
    ])
})
