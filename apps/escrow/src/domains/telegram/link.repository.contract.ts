import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import { exampleUser } from '../../testing/example-user.ts'
import type { UserRepositories } from '../../units.ts'
import type { TelegramLink } from './model.ts'

type Store = UnitStore<UserRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date(at.getTime() + 60_000)
let account = 7_000_000_000
function nextAccount(): string {
  account += 1
  return String(account)
}

function exampleLink(userId: EntityId, changes: Partial<TelegramLink> = {}): TelegramLink {
  return {
    id: newId(),
    telegramUserId: nextAccount(),
    userId,
    username: 'zahra',
    firstName: 'زهرا',
    lastName: null,
    isActive: true,
    lastSeenAt: at,
    origin: 'app',
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

/** What every implementation of `TelegramLinkRepository` must do. */
export function telegramLinkRepositoryContract(freshStore: () => Promise<Store>): void {
  async function somebody(store: Store): Promise<EntityId> {
    const user = exampleUser()
    await store.transaction(({ users }) => users.insert(user))
    return user.id
  }
  const insert = (store: Store, ...links: TelegramLink[]) =>
    store.transaction(async ({ telegramLinks }) => {
      for (const link of links) await telegramLinks.insert(link)
    })

  test('a link is found by account and by person while it is active', async () => {
    const store = await freshStore()
    const userId = await somebody(store)
    const ended = exampleLink(userId, { isActive: false })
    const link = exampleLink(userId, { telegramUserId: ended.telegramUserId })
    await insert(store, ended, link)
    const { telegramLinks } = store.read
    expect(await telegramLinks.findActive(link.telegramUserId ?? '')).toEqual(link)
    expect(await telegramLinks.findActiveOf(userId)).toEqual(link)
    expect(await telegramLinks.findActive(nextAccount())).toBeNull()
    expect(await telegramLinks.findActiveOf(newId())).toBeNull()
  })

  test('a change says what changes and can take values away', async () => {
    const store = await freshStore()
    const userId = await somebody(store)
    const link = exampleLink(userId)
    await insert(store, link)
    const changes = { username: null, lastName: 'K.', lastSeenAt: later }
    await store.transaction(({ telegramLinks }) => telegramLinks.update(link.id, changes, later))
    expect(await store.read.telegramLinks.findActiveOf(userId)).toEqual({
      ...link,
      ...changes,
      updatedAt: later,
    })
    await store.transaction(({ telegramLinks }) => telegramLinks.update(link.id, { isActive: false }, later))
    expect(await store.read.telegramLinks.findActiveOf(userId)).toBeNull()
  })

  test('an account has one active link, and so has a person', async () => {
    const store = await freshStore()
    const [userId, other] = [await somebody(store), await somebody(store)]
    const link = exampleLink(userId)
    await insert(store, link)
    const twins = [exampleLink(other, { telegramUserId: link.telegramUserId }), exampleLink(userId)]
    for (const twin of twins) {
      await expect(insert(store, twin)).rejects.toMatchObject({ code: 'TELEGRAM_LINK_TAKEN' })
      await insert(store, { ...twin, id: newId(), isActive: false })
    }
  })
}
