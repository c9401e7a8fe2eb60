import { expect, test } from 'vitest'
import { type EntityId, newId, publicId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { NotificationRepositories } from '../../units.ts'
import type { Notification } from './model.ts'

type Store = UnitStore<NotificationRepositories>

// Near the present: a store with lifetimes of its own removes what is older than 90 days.
const at = new Date(Date.now() - 60 * 60_000)
const minutesLater = (minutes: number) => new Date(at.getTime() + minutes * 60_000)

/** A notification of today's form. */
export function exampleNotification(userId: EntityId, changes: Partial<Notification> = {}): Notification {
  return {
    id: newId(),
    userId,
    title: 'پیشنهاد جدید',
    message: 'You have a new offer. 🎉',
    type: 'info',
    category: 'offer',
    relatedId: publicId(newId()),
    metadata: { 'request.id': 'x', nested: { 'a.b': [1, null] } },
    actionUrl: '/dashboard/requests/1',
    isRead: false,
    readAt: null,
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

async function insert(store: Store, ...all: Notification[]): Promise<void> {
  await store.transaction(async ({ notifications }) => {
    for (const one of all) await notifications.insert(one)
  })
}

/** What every implementation of `NotificationRepository` must do. */
export function notificationRepositoryContract(
  freshStore: () => Promise<Store>,
  count: CountStatements,
): void {
  const page = { page: 1, limit: 10 }

  test('a notification comes back as it was stored, absent values included', async () => {
    const store = await freshStore()
    const full = exampleNotification(newId(), { isRead: true, readAt: minutesLater(1) })
    const bare = exampleNotification(newId(), {
      title: null,
      message: null,
      type: null,
      category: null,
      relatedId: null,
      metadata: null,
      actionUrl: null,
      isRead: null,
    })
    await insert(store, full, bare)
    expect(await store.read.notifications.find(full.id)).toEqual(full)
    expect(await store.read.notifications.find(bare.id)).toEqual(bare)
    expect(await store.read.notifications.find(newId())).toBeNull()
  })

  test('the list is newest first, of one person, filtered and paged', async () => {
    const store = await freshStore()
    const userId = newId()
    const relatedId = publicId(newId())
    const all = [0, 1, 2, 3].map((minutes) =>
      exampleNotification(userId, {
        createdAt: minutesLater(minutes),
        isRead: minutes === 1 ? true : minutes === 2 ? null : false,
        ...(minutes === 3 ? { relatedId } : {}),
      }),
    )
    await insert(store, ...all, exampleNotification(newId()))
    const idsOf = async (filter: object) =>
      (await store.read.notifications.listOf(userId, { ...page, ...filter })).items.map(({ id }) => id)
    const expected = (places: number[]) => places.map((place) => all[place]?.id)

    expect(await idsOf({})).toEqual(expected([3, 2, 1, 0]))
    expect(await idsOf({ unreadOnly: true })).toEqual(expected([3, 2, 0]))
    expect(await idsOf({ relatedId })).toEqual(expected([3]))
    expect(await idsOf({ page: 2, limit: 3 })).toEqual(expected([0]))
    expect((await store.read.notifications.listOf(userId, { page: 3, limit: 3 })).total).toBe(4)
    expect(await store.read.notifications.listOf(newId(), page)).toEqual({ items: [], total: 0 })
  })

  test('unread ones are counted, in all and by category', async () => {
    const store = await freshStore()
    const userId = newId()
    expect(await store.read.notifications.unreadCount(userId)).toBe(0)
    expect(await store.read.notifications.unreadByCategory(userId)).toEqual([])
    await insert(
      store,
      exampleNotification(userId),
      exampleNotification(userId, { isRead: null }),
      exampleNotification(userId, { category: 'system' }),
      exampleNotification(userId, { category: null }),
      exampleNotification(userId, { isRead: true }),
      exampleNotification(newId()),
    )
    expect(await store.read.notifications.unreadCount(userId)).toBe(4)
    expect(await store.read.notifications.unreadByCategory(userId)).toEqual([
      { category: 'offer', count: 2 },
      { category: 'system', count: 1 },
      { category: null, count: 1 },
    ])
  })

  test('marking says how many were unread, and what was read keeps its time', async () => {
    const store = await freshStore()
    const userId = newId()
    const [first, second, read] = [
      exampleNotification(userId),
      exampleNotification(userId, { isRead: null }),
      exampleNotification(userId, { isRead: true, readAt: at }),
    ]
    const foreign = exampleNotification(newId())
    await insert(store, first, second, read, foreign)
    const mark = (ids: EntityId[]) =>
      store.transaction(({ notifications }) => notifications.markRead(userId, ids, minutesLater(5)))

    expect(await mark([])).toBe(0)
    expect(await mark([first.id, read.id, foreign.id, newId()])).toBe(1)
    const marked = { isRead: true, readAt: minutesLater(5), updatedAt: minutesLater(5) }
    expect(await store.read.notifications.find(first.id)).toEqual({ ...first, ...marked })
    expect(await store.read.notifications.find(read.id)).toEqual(read)
    expect(await store.read.notifications.find(foreign.id)).toEqual(foreign)
    const all = () =>
      store.transaction(({ notifications }) => notifications.markAllRead(userId, minutesLater(6)))
    expect(await all()).toBe(1)
    expect(await all()).toBe(0)
    expect(await store.read.notifications.unreadCount(userId)).toBe(0)
  })

  test('a removed one is gone', async () => {
    const store = await freshStore()
    const one = exampleNotification(newId())
    await insert(store, one)
    await store.transaction(({ notifications }) => notifications.remove(one.id))
    expect(await store.read.notifications.find(one.id)).toBeNull()
  })

  test('what it asks its store does not grow with the number of notifications', async () => {
    const store = await freshStore()
    const [few, many] = [newId(), newId()]
    const of = (userId: EntityId, number: number) =>
      Array.from({ length: number }, () => exampleNotification(userId))
    const [ofFew, ofMany] = [of(few, 2), of(many, 30)]
    await insert(store, ...ofFew, ...ofMany)
    const calls = (userId: EntityId, ids: EntityId[]) => [
      () => store.read.notifications.listOf(userId, { page: 1, limit: 100 }),
      () => store.read.notifications.unreadCount(userId),
      () => store.read.notifications.unreadByCategory(userId),
      () => store.transaction(({ notifications }) => notifications.markRead(userId, ids.slice(1), at)),
      () => store.transaction(({ notifications }) => notifications.markAllRead(userId, at)),
    ]
    const idsOf = (all: Notification[]) => all.map(({ id }) => id)
    const counts = async (work: (() => Promise<unknown>)[]) => {
      const counted: number[] = []
      for (const one of work) counted.push(await count(one))
      return counted
    }
    const expected = await counts(calls(few, idsOf(ofFew)))
    expect(expected.slice(0, 3)).toEqual([2, 1, 1])
    expect(await counts(calls(many, idsOf(ofMany)))).toEqual(expected)
  })
}
