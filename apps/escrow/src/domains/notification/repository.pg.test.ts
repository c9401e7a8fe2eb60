import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { plansOf } from '../../testing/explained.ts'
import { dropReferencesBetweenUnits } from '../../testing/references-between-units.ts'
import { exampleNotification, notificationRepositoryContract } from './repository.contract.ts'
import { createNotificationRepository } from './repository.postgres.ts'
import type { NotificationRepository } from './repository.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
  count = statementsOf(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('notifications in Postgres', () => {
  notificationRepositoryContract(
    async () => {
      await database.pool.query('delete from notifications')
      return database.units.notification
    },
    (work) => count(work),
  )

  test('a category that `extra` keeps is counted under its word', async () => {
    const userId = newId()
    const extra = { category: { reason: 'enum', value: 'general' } }
    await database.pool.query('insert into notifications (id, user_id, extra) values ($1, $2, $3)', [
      newId(),
      userId,
      JSON.stringify(extra),
    ])
    const { notifications } = database.units.notification.read
    expect(await notifications.unreadByCategory(userId)).toEqual([{ category: 'general', count: 1 }])
    expect((await notifications.listOf(userId, { page: 1, limit: 1 })).items[0]?.category).toBe('general')
  })

  test('what is past its life is removed, oldest first and no more than asked for', async () => {
    const store = database.units.notification
    await database.pool.query('delete from notifications')
    const days = [100, 99, 98, 1]
    const now = Date.now()
    const all = days.map((ago) =>
      exampleNotification(newId(), { createdAt: new Date(now - ago * 86_400_000) }),
    )
    await store.transaction(async ({ notifications }) => {
      for (const one of all) await notifications.insert(one)
    })
    const removeTwo = () =>
      store.transaction(({ notifications }) =>
        notifications.removeExpired(new Date(now - 90 * 86_400_000), 2),
      )
    expect(await removeTwo()).toBe(2)
    expect(await store.read.notifications.find(all[1]?.id ?? newId())).toBeNull()
    expect(await removeTwo()).toBe(1)
    expect(await removeTwo()).toBe(0)
    expect(await store.read.notifications.find(all[3]?.id ?? newId())).not.toBeNull()
  })
})

describe('with 100,000 notifications', () => {
  const userId = newId()
  const relatedId = 'request-777'
  beforeAll(async () => {
    await database.pool.query('delete from notifications')
    await database.pool.query(
      `insert into notifications (id, user_id, category, related_id, is_read, created_at)
       select gen_random_uuid(), case when n % 100 = 0 then $1::uuid else gen_random_uuid() end, 'system',
         'request-' || n / 10, n % 300 <> 0, now() - n * interval '1 minute'
       from generate_series(1, 100000) n`,
      [userId],
    )
    await database.pool.query('analyze notifications')
  }, 60_000)

  type Ask = (repository: NotificationRepository) => Promise<unknown>
  test.each<[string, string, Ask]>([
    ['a page', 'notifications_user_idx', (all) => all.listOf(userId, { page: 1, limit: 20 })],
    [
      'what is unread',
      'notifications_unread_idx',
      (all) => all.listOf(userId, { page: 1, limit: 20, unreadOnly: true }),
    ],
    ['how many are unread', 'notifications_unread_idx', (all) => all.unreadCount(userId)],
    ['how many of each category', 'notifications_unread_idx', (all) => all.unreadByCategory(userId)],
    [
      'what is about a request',
      'notifications_related_idx',
      (all) => all.listOf(userId, { page: 1, limit: 20, relatedId }),
    ],
    ['marking all', 'notifications_unread_idx', (all) => all.markAllRead(userId, new Date())],
    ['the expired', 'notifications_created_idx', (all) => all.removeExpired(new Date('2020-01-01'), 500)],
  ])('%s is found by %s', async (_what, index, ask) => {
    const plans = await plansOf(database.pool, (db) => ask(createNotificationRepository(db)))
    expect(plans).toContain(index)
    expect(plans).not.toContain('Seq Scan on notifications')
  })
})
